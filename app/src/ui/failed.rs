//! What is shown in place of something that could not be loaded.

use std::time::Duration;

use leptos::{ev::MouseEvent, prelude::*};
use leptos_router::{hooks::use_location, location::Url};
use model::Problem;

use super::{ButtonLink, ButtonVariant, NotFound, status};
use crate::{error::Failure, server_answers::if_server_answers, while_visible::while_visible};

/// How long until a server that was away is looked for again.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// `<Failed failure on_retry />`: the sentence, the reference if there is one, and a way to try again.
///
/// When the server was away it tries again by itself, as soon as the server is back. Without JavaScript the button loads the
/// page again. Who has to sign in first is led there and back; what is not there
/// is not asked for again. On the server it also gives the response its status.
#[component]
pub fn Failed(failure: Failure, #[prop(optional, into)] on_retry: Option<Callback<()>>) -> impl IntoView {
    status::answer_failure(&failure);
    if failure == Failure::Problem(Problem::SignInNeeded) {
        return view! { <SignInFirst sentence=failure.to_string() /> }.into_any();
    }
    if let Failure::Problem(Problem::NotFound { .. }) = failure {
        return view! { <NotFound text=failure.to_string() /> }.into_any();
    }
    let retry = on_retry.map(|on_retry| {
        if failure.is_passing() {
            Effect::new(move || when_the_server_answers(on_retry));
        }
        let again = move |event: MouseEvent| {
            event.prevent_default();
            on_retry.run(());
        };
        view! {
            <ButtonLink href="" variant=ButtonVariant::Secondary on_click=Callback::new(again)>
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
    .into_any()
}

/// Trying at once would say the same again to those who listen, every time.
fn when_the_server_answers(on_retry: Callback<()>) {
    while_visible(LOOK_EVERY, Box::new(move || if_server_answers(on_retry)));
}

/// Where to sign in, leading back to the page being looked at.
pub fn sign_in_and_back() -> Signal<String> {
    let here = use_location();
    Signal::derive(move || {
        let search = here.search.get();
        let separator = if search.is_empty() { "" } else { "?" };
        let next = [here.pathname.get().as_str(), separator, search.as_str()].concat();
        ["/sign-in?next=", Url::escape(&next).as_str()].concat()
    })
}

/// Not a failure to be red about.
#[component]
fn SignInFirst(sentence: String) -> impl IntoView {
    let href = sign_in_and_back();
    view! {
        <div class="empty-state">
            <p>{sentence}</p>
            <ButtonLink href variant=ButtonVariant::Primary>
                "Sign in"
            </ButtonLink>
        </div>
    }
}
