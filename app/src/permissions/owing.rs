//! Members whose payment is due: who, how much, and until when they keep their role. Above the list of members.

use leptos::prelude::*;
use model::permissions::OwingMember;

use crate::ui::{Card, Cell, Day, Table};

/// Nothing when nobody owes.
#[component]
pub fn OwingList(owing: Vec<OwingMember>) -> impl IntoView {
    let row = |one: OwingMember| {
        let until = match one.until {
            Some(at) => view! { <Day at /> }.into_any(),
            None => "ended".into_any(),
        };
        let again = match one.next_attempt {
            Some(at) => view! { <Day at /> }.into_any(),
            None => "not by itself".into_any(),
        };
        view! {
            <tr>
                <Cell label="Member">{one.email}</Cell>
                <Cell label="Role">{one.role_label}</Cell>
                <Cell label="Due">{one.due.map_or_else(|| "–".to_owned(), |due| due.to_string())}</Cell>
                <Cell label="Keeps it until">{until}</Cell>
                <Cell label="Next try">{again}</Cell>
            </tr>
        }
    };
    (!owing.is_empty()).then(|| {
        view! {
            <Card title="Payment due">
                <p class="quiet">
                    "Their payment did not go through, and they have been written to. They keep their role for the grace days; whose role has ended gets it back by paying."
                </p>
                <Table
                    caption="Members whose payment is due"
                    headers=vec!["Member", "Role", "Due", "Keeps it until", "Next try"]
                >
                    {owing.into_iter().map(row).collect_view()}
                </Table>
            </Card>
        }
    })
}
