//! A question in front of the page. The native `<dialog>`: it traps the focus and closes by Escape without our help.

use leptos::{html, prelude::*};

use super::{Button, ButtonVariant};

/// `<Dialog open title="Change price">…</Dialog>` shows while `open` is true and sets it to false when closed.
#[component]
pub fn Dialog(open: RwSignal<bool>, #[prop(into)] title: Signal<String>, children: Children) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        let Some(dialog) = node.get() else { return };
        match (open.get(), dialog.open()) {
            // It can only fail when the dialog has left the document, and then there is nothing to show.
            (true, false) => drop(dialog.show_modal()),
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    view! {
        <dialog node_ref=node class="dialog" aria-label=title on:close=move |_| open.set(false)>
            <h2>{title}</h2>
            {children()}
        </dialog>
    }
}

/// A dialog that asks before something is done.
///
/// `<ConfirmDialog open title="Archive this plan?" confirm="Archive" danger=true on_confirm>"…"</ConfirmDialog>`
///
/// `on_confirm` runs on the button; the dialog stays open while `pending`, and whoever handles it sets `open` to false.
#[component]
pub fn ConfirmDialog(
    open: RwSignal<bool>,
    #[prop(into)] title: Signal<String>,
    /// The verb on the button that does it.
    #[prop(into)]
    confirm: Signal<String>,
    /// What on the button that does not.
    #[prop(into, default = "Keep it as it is".into())]
    cancel: Signal<String>,
    /// It takes something away.
    #[prop(optional)]
    danger: bool,
    #[prop(optional, into)] pending: Signal<bool>,
    /// Nothing is left to confirm, as the text says: it can only be closed.
    #[prop(optional, into)]
    settled: Signal<bool>,
    #[prop(into)] on_confirm: Callback<()>,
    children: Children,
) -> impl IntoView {
    let variant = if danger {
        ButtonVariant::Danger
    } else {
        ButtonVariant::Primary
    };
    view! {
        <Dialog open title>
            <div class="dialog-text">{children()}</div>
            <div class="actions actions-end">
                <Button on_click=Callback::new(move |_| open.set(false))>
                    {move || if settled.get() { "Close".to_owned() } else { cancel.get() }}
                </Button>
                {move || {
                    (!settled.get())
                        .then(|| {
                            view! {
                                <Button variant pending on_click=Callback::new(move |_| on_confirm.run(()))>
                                    {confirm}
                                </Button>
                            }
                        })
                }}
            </div>
        </Dialog>
    }
}
