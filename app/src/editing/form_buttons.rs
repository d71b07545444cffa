//! The end of an open form: the button that sends it, and the way out.

use leptos::prelude::*;

use super::OpenForm;
use crate::ui::{Button, ButtonLink, ButtonVariant};

/// `<FormButtons form submit="Save tier" pending />`
#[component]
pub fn FormButtons(
    form: OpenForm,
    /// What the button does.
    submit: &'static str,
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
    view! {
        <div class="actions">
            <Button submit=true variant pending>
                {submit}
            </Button>
            <ButtonLink href=closed variant=ButtonVariant::Quiet attr:data-noscroll="true">
                {cancel}
            </ButtonLink>
        </div>
    }
}
