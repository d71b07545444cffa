//! The end of an open form: the button that sends it, and the way out.

use leptos::prelude::*;

use super::{OpenForm, question::is_in_question};
use crate::ui::{Button, ButtonLink, ButtonVariant};

/// `<FormButtons form submit="Save tier" pending />`
#[component]
pub fn FormButtons(
    form: OpenForm,
    /// What the button does.
    #[prop(into)]
    submit: String,
    #[prop(default = "Cancel")] cancel: &'static str,
    /// It takes something away.
    #[prop(optional)]
    danger: bool,
    #[prop(into)] pending: Signal<bool>,
) -> impl IntoView {
    let variant = if danger {
        ButtonVariant::Danger
    } else {
        ButtonVariant::Primary
    };
    // Not followed: while a form is open its address stands, and it may be gone before a last look at it.
    let closed = untrack(move || form.closed_address());
    let send = view! {
        <Button submit=true variant pending>
            {submit}
        </Button>
    };
    if is_in_question() {
        return view! {
            <div class="actions actions-end">
                <ButtonLink href=closed attr:data-noscroll="true">
                    {cancel}
                </ButtonLink>
                {send}
            </div>
        }
        .into_any();
    }
    view! {
        <div class="actions">
            {send}
            <ButtonLink href=closed variant=ButtonVariant::Quiet attr:data-noscroll="true">
                {cancel}
            </ButtonLink>
        </div>
    }
    .into_any()
}
