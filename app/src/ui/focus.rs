//! Where the focus goes when what had it is gone: else it falls back to the page's start.

use leptos::{html, prelude::*};

use crate::first_page::is_first_page;

/// Once what is going on is drawn: a dialog that is still open would keep the focus in it.
pub fn take_focus(node: NodeRef<html::Div>) {
    request_animation_frame(move || {
        if let Some(node) = node.try_get_untracked().flatten() {
            // Focus is a courtesy.
            drop(node.focus());
        }
    });
}

/// Whether nothing has it.
pub fn is_focus_lost() -> bool {
    let active = document().active_element();
    active.is_none_or(|active| active.tag_name() == "BODY")
}

/// Around what says what was done, as it comes up.
///
/// `<TakesFocus><Notice tone=Tone::Success>"Thank you!"</Notice></TakesFocus>`
#[component]
pub fn TakesFocus(
    /// Where it may be drawn again while somebody does something else.
    #[prop(optional)]
    when_lost: bool,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    // A page that came with it begins at its start, as pages do.
    let comes_up = !is_first_page();
    Effect::new(move || {
        if comes_up && node.get().is_some() && (!when_lost || is_focus_lost()) {
            take_focus(node);
        }
    });
    view! {
        <div tabindex="-1" node_ref=node>
            {children()}
        </div>
    }
}
