//! Signing in by e-mail. Which of its three steps is shown depends on the address alone, so that they work without
//! JavaScript and survive a reload while somebody reads their mail.

use leptos::{form::ActionForm, prelude::*};
use leptos_router::hooks::use_query_map;
use model::session::CodeSent;

use super::{
    calls::{code_sent, owner_of_link},
    state::{SignInState, use_session, use_sign_in},
};
use crate::{
    editing::provide_refusal,
    own_path::own_path,
    reading::reading,
    ui::{Button, ButtonLink, ButtonVariant, Field, FormFailure, Loaded, Notice, Tone, failure_of},
};

#[component]
pub fn SignIn() -> impl IntoView {
    provide_refusal();
    SignInState::provide();
    let query = use_query_map();
    let parameter =
        move |name: &'static str| Memo::new(move |_| query.read().get(name).filter(|value| !value.is_empty()));
    let (token, attempt, next) = (parameter("token"), parameter("attempt"), parameter("next"));
    // Anybody can make up an address of this page.
    let ours = move || next.get().filter(|next| own_path(next).is_some());
    let next = Signal::derive(move || ours().unwrap_or_else(|| "/".to_owned()));
    view! {
        <SignedInAlready next />
        {move || match (token.get(), attempt.get()) {
            (Some(token), _) => view! { <LinkForm token next /> }.into_any(),
            (None, Some(attempt)) => view! { <CodeForm attempt next /> }.into_any(),
            (None, None) => view! { <AddressForm next /> }.into_any(),
        }}
    }
}

#[component]
fn SignedInAlready(next: Signal<String>) -> impl IntoView {
    let session = use_session();
    let content = move || {
        let who = session.who.get()?.ok()??;
        Some(view! {
            <Notice tone=Tone::Info>
                <p>"You are signed in as " <strong>{who.email}</strong> "."</p>
                <div class="actions">
                    <ButtonLink href=next>"Continue"</ButtonLink>
                </div>
            </Notice>
        })
    };
    view! { <Transition>{content}</Transition> }
}

/// Step one: where to send the code.
#[component]
fn AddressForm(next: Signal<String>) -> impl IntoView {
    let request = use_sign_in().request;
    let failure = failure_of(request);
    view! {
        <section class="card">
            <ActionForm action=request>
                <FormFailure failure fields=&["email"] />
                <input type="hidden" name="next" value=next />
                <Field
                    name="email"
                    label="E-mail address"
                    kind="email"
                    autocomplete="email"
                    inputmode="email"
                    required=true
                    takes_focus=true
                    failure
                />
                <Button variant=ButtonVariant::Primary submit=true pending=request.pending()>
                    "Send me a code"
                </Button>
            </ActionForm>
        </section>
    }
}

/// Step two: the code from the e-mail. Where it went is asked of the server: the address bar does not tell.
#[component]
fn CodeForm(attempt: String, next: Signal<String>) -> impl IntoView {
    let sent = reading(move || attempt.clone(), code_sent);
    view! {
        <section class="card">
            <Loaded resource=sent label="Looking for the code" lines=4 let:sent>
                {match sent {
                    Some(sent) => view! { <Code sent next /> }.into_any(),
                    None => {
                        view! {
                            <Over
                                next
                                text="This code does not work any more: it was used already, or is older than 15 minutes, or was typed wrongly too often."
                            />
                        }
                            .into_any()
                    }
                }}
            </Loaded>
        </section>
    }
}

#[component]
fn Code(sent: CodeSent, next: Signal<String>) -> impl IntoView {
    let state = use_sign_in();
    let failure = failure_of(state.by_code);
    let CodeSent {
        email,
        attempt,
        minutes,
    } = sent;
    let minutes = if minutes == 1 {
        "a minute".to_owned()
    } else {
        format!("{minutes} minutes")
    };
    let good_for = format!(" They are good for {minutes}, once.");
    let other = super::sign_in_path(&next.get_untracked());
    view! {
        <p role="status">
            "We sent a code to " <strong>{email.clone()}</strong>
            ". Type it in here, or follow the link in the same e-mail." {good_for}
        </p>
        <ActionForm action=state.by_code>
            <FormFailure failure fields=&["code"] />
            <input type="hidden" name="attempt" value=attempt />
            <input type="hidden" name="next" value=next />
            <Field
                name="code"
                label="6-digit code"
                autocomplete="one-time-code"
                inputmode="numeric"
                required=true
                takes_focus=true
                failure
            />
            <Button variant=ButtonVariant::Primary submit=true pending=state.by_code.pending()>
                "Sign in"
            </Button>
        </ActionForm>
        <FormFailure failure=failure_of(state.request) />
        <div class="actions">
            <ActionForm action=state.request>
                <input type="hidden" name="email" value=email />
                <input type="hidden" name="next" value=next />
                <Button variant=ButtonVariant::Quiet submit=true pending=state.request.pending()>
                    "Send a new code"
                </Button>
            </ActionForm>
            <ButtonLink href=other variant=ButtonVariant::Quiet>
                "Use another address"
            </ButtonLink>
        </div>
    }
}

/// The link in the e-mail. Opening it signs nobody in: programs that check mail for danger open links too.
#[component]
fn LinkForm(token: String, next: Signal<String>) -> impl IntoView {
    let source = token.clone();
    let owner = reading(move || source.clone(), owner_of_link);
    let token = StoredValue::new(token);
    view! {
        <section class="card">
            <Loaded resource=owner label="Looking at the link" lines=2 let:owner>
                {match owner {
                    Some(email) => view! { <Link token=token.get_value() email next /> }.into_any(),
                    None => {
                        view! {
                            <Over
                                next
                                text="This link does not work any more: it was used already, or is older than 15 minutes."
                            />
                        }
                            .into_any()
                    }
                }}
            </Loaded>
        </section>
    }
}

/// Whose account it is stands beside the button: the link may be somebody else's.
#[component]
fn Link(token: String, email: String, next: Signal<String>) -> impl IntoView {
    let by_link = use_sign_in().by_link;
    let failure = failure_of(by_link);
    let new_code = super::sign_in_path(&next.get_untracked());
    view! {
        <p>
            "You followed the link from our e-mail to " <strong>{email}</strong>
            ". One more press, and you are signed in with this address."
        </p>
        <ActionForm action=by_link>
            <FormFailure failure />
            <input type="hidden" name="token" value=token />
            <input type="hidden" name="next" value=next />
            <Button variant=ButtonVariant::Primary submit=true pending=by_link.pending()>
                "Sign in"
            </Button>
        </ActionForm>
        <p class="small quiet">
            "It did not work? The link is good for 15 minutes, once. " <a href=new_code>"Send a new code"</a>
        </p>
    }
}

/// What came by e-mail is no use any more.
#[component]
fn Over(text: &'static str, next: Signal<String>) -> impl IntoView {
    let new_code = super::sign_in_path(&next.get_untracked());
    view! {
        <p>{text}</p>
        <div class="actions">
            <ButtonLink href=new_code variant=ButtonVariant::Primary>
                "Send me a new code"
            </ButtonLink>
        </div>
    }
}
