//! What a list shows when there is nothing in it.

use leptos::prelude::*;

/// `<EmptyState title="No plans yet" text="A plan is what people subscribe to."><Button>"New plan"</Button></EmptyState>`
#[component]
pub fn EmptyState(
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] text: Signal<Option<String>>,
    /// It stands in place of the whole page: its title is the page's.
    #[prop(optional)]
    heads_page: bool,
    /// What to do about it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let heading = if heads_page {
        view! { <h1>{title}</h1> }.into_any()
    } else {
        view! { <h2>{title}</h2> }.into_any()
    };
    view! {
        <div class="empty-state">
            {heading}
            {move || text.get().map(|text| view! { <p>{text}</p> })}
            {children.map(|children| view! { <div class="actions">{children()}</div> })}
        </div>
    }
}
