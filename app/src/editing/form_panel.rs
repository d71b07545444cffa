//! The surface of an open form.

use leptos::{html, prelude::*};

/// `<FormPanel title="New tier"><ActionForm …>…</ActionForm></FormPanel>`, drawn when its form is open: it takes the
/// focus, so that who opened it by keyboard goes on from there.
#[component]
pub fn FormPanel(#[prop(into)] title: String, children: Children) -> impl IntoView {
    let node = NodeRef::<html::Section>::new();
    Effect::new(move || {
        if let Some(panel) = node.get() {
            // Focus is a courtesy; the form is there either way.
            drop(panel.focus());
        }
    });
    view! {
        <section class="form-panel" tabindex="-1" node_ref=node aria-label=title.clone()>
            <h3>{title.clone()}</h3>
            {children()}
        </section>
    }
}
