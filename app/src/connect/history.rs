//! Stripe accounts that were connected before.

use leptos::prelude::*;
use model::connect::FormerConnection;

use crate::ui::{Cell, Day, Table};

/// Nothing when there were none.
#[component]
pub fn FormerConnections(history: Vec<FormerConnection>) -> impl IntoView {
    let row = |former: FormerConnection| {
        view! {
            <tr>
                <Cell label="Account">
                    <code class="breakable">{former.account}</code>
                </Cell>
                <Cell label="Connected">
                    <Day at=former.linked_at />
                </Cell>
                <Cell label="Ended">
                    <Day at=former.ended_at />
                </Cell>
                <Cell label="Why">{former.reason}</Cell>
            </tr>
        }
    };
    (!history.is_empty()).then(|| {
        view! {
            <details>
                <summary>"Former connections"</summary>
                <Table caption="Former connections" headers=vec!["Account", "Connected", "Ended", "Why"]>
                    {history.into_iter().map(row).collect_view()}
                </Table>
            </details>
        }
    })
}
