//! The end of an open form: the button that sends it, and the way out.

use leptos::{prelude::*, task::spawn_local};

use super::{
    OpenForm,
    draft::{self, Draft},
    question::is_in_question,
};
use crate::{
    session::use_session,
    ui::{Button, ButtonLink, ButtonVariant},
};

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
    if let Some(kept) = use_context::<Draft>() {
        let who = use_session().who;
        Effect::new(move || {
            spawn_local(async move {
                // Who signed in a moment ago is only being read; it is theirs that is put back.
                drop(who.await);
                // Once the fields are there.
                request_animation_frame(move || kept.begin(form));
            });
        });
    }
    view! {
        <div class="actions">
            {send}
            <ButtonLink
                href=closed
                variant=ButtonVariant::Quiet
                attr:data-noscroll="true"
                on_click=Callback::new(move |_| draft::forget(form))
            >
                {cancel}
            </ButtonLink>
        </div>
    }
    .into_any()
}
