//! The top of a page.

use leptos::prelude::*;

/// `<PageHeader title="Plans" lead="What you sell."><Button>"New plan"</Button></PageHeader>`; the children are the
/// page's actions.
#[component]
pub fn PageHeader(
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] lead: Signal<Option<String>>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <header class="page-header">
            <div>
                <h1 dir="auto">{title}</h1>
                {move || lead.get().map(|lead| view! { <p class="lead" dir="auto">{lead}</p> })}
            </div>
            {children.map(|children| view! { <div class="actions">{children()}</div> })}
        </header>
    }
}
