//! A surface that holds one thing.

use leptos::prelude::*;

/// `<Card title="Payouts" actions=|| view! { <Button>"Edit"</Button> }>…</Card>`
///
/// With a title it is a section with an `<h2>`.
#[component]
pub fn Card(
    #[prop(optional, into)] title: Signal<Option<String>>,
    /// Buttons beside the title.
    #[prop(optional, into)]
    actions: Option<ViewFn>,
    children: Children,
) -> impl IntoView {
    let head = move || {
        title.get().map(|title| {
            view! {
                <header class="card-head">
                    <h2>{title}</h2>
                    {actions.as_ref().map(|actions| view! { <div class="actions">{actions.run()}</div> })}
                </header>
            }
        })
    };
    view! { <section class="card">{head} {children()}</section> }
}
