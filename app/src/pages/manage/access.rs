//! What the person looking may use of the manage area.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use model::{Problem, community::MayDo};

use super::part::Part;
use crate::{
    community::current::CommunityState,
    session::sign_in_path,
    ui::{ButtonLink, ButtonVariant, EmptyState, status},
};

/// Given by context inside of the layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Access {
    pub signed_in: bool,
    pub may: MayDo,
}

impl Access {
    /// What is known at this moment; nothing while nothing is known.
    pub fn of_now(community: CommunityState) -> Self {
        match community.view.get_untracked() {
            Some(Ok(community)) => Self {
                signed_in: community.signed_in,
                may: community.may,
            },
            _ => Self::default(),
        }
    }
}

pub fn use_access() -> Access {
    use_context().unwrap_or_default()
}

/// `<Allowed part=Part::Plans>…</Allowed>`: the page's content, or the privilege that is missing.
#[component]
pub fn Allowed(part: Part, children: Children) -> impl IntoView {
    if part.is_allowed(use_access().may) {
        return children();
    }
    status::answer(403);
    let problem = Problem::NotAllowed {
        privilege: part.privilege().label().to_owned(),
    };
    view! {
        <EmptyState title="This part is not yours to use" text=problem.to_string()>
            <p class="quiet">"The owner of the community can give you a role that carries it."</p>
        </EmptyState>
    }
    .into_any()
}

/// Shown to who is not signed in; signing in leads back to this page.
#[component]
pub fn SignInFirst() -> impl IntoView {
    status::answer(401);
    let path = use_location().pathname;
    let href = Signal::derive(move || sign_in_path(&path.read()));
    view! {
        <Title text="Sign in" />
        <EmptyState title="Sign in to manage this community" text="Managing needs to know who you are." heads_page=true>
            <ButtonLink href variant=ButtonVariant::Primary>
                "Sign in"
            </ButtonLink>
        </EmptyState>
    }
}
