//! What is shown in place of something that could not be loaded.

use leptos::{ev::MouseEvent, prelude::*};

use super::{ButtonLink, ButtonVariant, status};
use crate::error::Failure;

/// `<Failed failure on_retry />`: the sentence, the reference if there is one, and a way to try again.
///
/// Without JavaScript the button loads the page again. On the server it also gives the response its status.
#[component]
pub fn Failed(failure: Failure, #[prop(optional, into)] on_retry: Option<Callback<()>>) -> impl IntoView {
    status::answer_failure(&failure);
    let retry = on_retry.map(|on_retry| {
        let again = move |event: MouseEvent| {
            event.prevent_default();
            on_retry.run(());
        };
        view! {
            <ButtonLink href="" variant=ButtonVariant::Secondary on:click=again>
                "Try again"
            </ButtonLink>
        }
    });
    view! {
        <div class="failed" role="alert">
            <p>{failure.to_string()}</p>
            {failure
                .reference()
                .map(|reference| view! { <p class="reference">"Reference: " <code>{reference.to_owned()}</code></p> })}
            {retry}
        </div>
    }
}
