//! The surface of an open form.

use leptos::{html, prelude::*};

use super::{draft::Draft, put_back::PutBack};

/// `<FormPanel title="New tier"><ActionForm …>…</ActionForm></FormPanel>`, drawn when its form is open: it takes the
/// focus, so that who opened it by keyboard goes on from there. What is typed is kept until it is sent.
#[component]
pub fn FormPanel(
    #[prop(into)] title: String,
    /// Nothing else has a heading between the page's title and it: then it is the second level, else the third.
    #[prop(optional)]
    below_page_title: bool,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Section>::new();
    Effect::new(move || {
        if let Some(panel) = node.get() {
            // Focus is a courtesy; the form is there either way.
            drop(panel.focus());
        }
    });
    let draft = Draft::new(node);
    provide_context(draft);
    let heading = if below_page_title {
        view! { <h2>{title.clone()}</h2> }.into_any()
    } else {
        view! { <h3>{title.clone()}</h3> }.into_any()
    };
    view! {
        <section
            class="form-panel"
            tabindex="-1"
            node_ref=node
            aria-label=title
            on:input=move |_| draft.keep()
        >
            {heading}
            <PutBack draft />
            {children()}
        </section>
    }
}
