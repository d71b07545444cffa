//! The frame around the manage pages: the side navigation with the parts one may use.

use leptos::prelude::*;
use leptos_router::components::Outlet;

use super::{
    access::{Access, SignInFirst},
    part::Part,
};
use crate::{
    community::current::use_community,
    ui::{Page, SideLink, SideNav},
};

/// What the person may do is read once, when the frame is drawn: by then the frame around this one has it. (Drawing the
/// pages inside of something that waits would make their resources more than once on the server, under numbers that
/// the browser does not find again.)
#[component]
pub fn ManageLayout() -> impl IntoView {
    let community = use_community();
    let access = Access::of_now(community);
    if !access.signed_in {
        return view! {
            <Page class="page page-narrow">
                <SignInFirst />
            </Page>
        }
        .into_any();
    }
    provide_context(access);
    let links = Signal::derive(move || {
        let link = |part: Part| SideLink {
            href: part.path(&community.slug.get()),
            label: part.label(),
        };
        let allowed = Part::ALL.into_iter().filter(|part| part.is_allowed(access.may));
        allowed.map(link).collect::<Vec<_>>()
    });
    let has_parts = Part::ALL.into_iter().any(|part| part.is_allowed(access.may));
    view! {
        <div class=if has_parts { "page with-side" } else { "page" }>
            {has_parts.then(|| view! { <SideNav label="Manage" links /> })}
            <Page class="with-side-content">
                <Outlet />
            </Page>
        </div>
    }
    .into_any()
}
