//! Members who keep a role though a payment is due: who, until when, how much. Above the list of members.

use leptos::prelude::*;
use model::permissions::InGrace;

use crate::ui::{Card, Cell, Day, Table};

/// Nothing when nobody is.
#[component]
pub fn InGraceList(in_grace: Vec<InGrace>) -> impl IntoView {
    let row = |one: InGrace| {
        let again = match one.next_attempt {
            Some(at) => view! { <Day at /> }.into_any(),
            None => "not by itself".into_any(),
        };
        view! {
            <tr>
                <Cell label="Member">{one.email}</Cell>
                <Cell label="Role">{one.role_label}</Cell>
                <Cell label="Due">{one.due.map_or_else(|| "–".to_owned(), |due| due.to_string())}</Cell>
                <Cell label="Keeps it until">
                    <Day at=one.until />
                </Cell>
                <Cell label="Next try">{again}</Cell>
            </tr>
        }
    };
    (!in_grace.is_empty()).then(|| {
        view! {
            <Card title="Payment due">
                <p class="quiet">
                    "Their payment did not go through. They keep their role for the grace days, and have been written to."
                </p>
                <Table caption="Members whose payment is due" headers=vec!["Member", "Role", "Due", "Keeps it until", "Next try"]>
                    {in_grace.into_iter().map(row).collect_view()}
                </Table>
            </Card>
        }
    })
}
