//! The header's right side: who is signed in, where that leads, and the way out.

use leptos::{ev::KeyboardEvent, html, prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_location;
use model::session::SignedIn;

use super::{
    calls::{SignOut, SignOutEverywhere},
    sign_in_path,
    state::use_session,
};
use crate::{
    loaded_live::latest,
    ui::{ButtonLink, Icon, IconName, is_focus_lost},
};

#[component]
pub fn SessionMenu() -> impl IntoView {
    let session = use_session();
    let content = move || {
        // The same answer once more leaves an open menu open: signing in reads twice.
        let who = latest(session.who);
        move || {
            who.get().map(|who| match who {
                Ok(Some(who)) => view! { <Menu who /> }.into_any(),
                // Whether somebody is signed in is not known then; signing in is what helps if not.
                Ok(None) | Err(_) => view! { <SignInLink /> }.into_any(),
            })
        }
    };
    view! { <Transition>{content}</Transition> }
}

/// Leads back to the page being looked at.
#[component]
fn SignInLink() -> impl IntoView {
    let location = use_location();
    let href = Signal::derive(move || {
        let path = location.pathname.get();
        if path == "/sign-in" || path == "/" {
            "/sign-in".to_owned()
        } else {
            sign_in_path(&path)
        }
    });
    view! { <ButtonLink href>"Sign in"</ButtonLink> }
}

/// A `<details>`, so that it opens without JavaScript. A click elsewhere closes it by its look alone (see its CSS).
#[component]
fn Menu(who: SignedIn) -> impl IntoView {
    let location = use_location();
    let node = NodeRef::<html::Details>::new();
    let summary = NodeRef::<html::Summary>::new();
    Effect::new(move |before: Option<String>| {
        let path = location.pathname.get();
        // Not at its first run: who was quick has opened it by then.
        if before.is_some_and(|before| before != path)
            && let Some(menu) = node.get_untracked()
        {
            // Closing what is closed already does nothing.
            drop(menu.remove_attribute("open"));
        }
        path
    });
    let close_on_escape = move |event: KeyboardEvent| {
        if event.key() == "Escape"
            && let Some(menu) = node.get_untracked()
        {
            drop(menu.remove_attribute("open"));
            if let Some(summary) = summary.get_untracked() {
                // What had the focus may be hidden now.
                drop(summary.focus());
            }
        }
    };
    // By tabbing on. A press on nothing leaves the focus on nothing, and is a press on the summary.
    let close_when_left = move |_| {
        request_animation_frame(move || {
            if let Some(menu) = node.try_get_untracked().flatten()
                && !is_focus_lost()
                && !menu.matches(":focus-within").unwrap_or(true)
            {
                drop(menu.remove_attribute("open"));
            }
        });
    };
    let here = move || {
        let path = location.pathname.get();
        let slug = path.strip_prefix("/c/")?.split('/').next()?;
        let membership = ["/c/", slug, "/membership"].concat();
        Some(view! { <a href=membership>"Your membership here"</a> })
    };
    view! {
        <details class="session-menu" node_ref=node on:keydown=close_on_escape on:focusout=close_when_left>
            <summary node_ref=summary>
                <Icon name=IconName::Person />
                <span class="visually-hidden">"Account: "</span>
                <span class="session-email">{who.email.clone()}</span>
            </summary>
            <div class="session-menu-list">
                <p class="small quiet session-menu-who">{who.email}</p>
                <a href="/">"Your communities"</a>
                {here}
                <form method="post" action=SignOut::url()>
                    <button type="submit">"Sign out"</button>
                </form>
                <form method="post" action=SignOutEverywhere::url()>
                    <button type="submit">"Sign out everywhere"</button>
                </form>
            </div>
        </details>
    }
}
