//! The frame around the manage pages: the side navigation with the parts one may use.

use leptos::prelude::*;
use leptos_router::components::Outlet;

use super::{
    access::{Access, SignInFirst},
    part::Part,
};
use crate::{
    community::{calls, use_community_slug},
    error::Failure,
    ui::{Loaded, SideLink, SideNav},
};

#[component]
pub fn ManageLayout() -> impl IntoView {
    let slug = use_community_slug();
    let access = Resource::new(
        move || slug.get(),
        |slug| async move {
            let community = calls::community(slug).await?;
            Ok::<_, Failure>((community.signed_in, community.may))
        },
    );
    view! {
        <Loaded resource=access label="Loading the manage area" lines=6 let:access>
            <Frame
                slug
                access=Access {
                    signed_in: access.0,
                    may: access.1,
                }
            />
        </Loaded>
    }
}

#[component]
fn Frame(slug: Signal<String>, access: Access) -> impl IntoView {
    if !access.signed_in {
        return view! {
            <div class="page page-narrow">
                <SignInFirst />
            </div>
        }
        .into_any();
    }
    provide_context(access);
    let links = Signal::derive(move || {
        let link = |part: Part| SideLink {
            href: part.path(&slug.get()),
            label: part.label(),
        };
        Part::ALL
            .into_iter()
            .filter(|part| part.is_allowed(access.may))
            .map(link)
            .collect::<Vec<_>>()
    });
    view! {
        <div class="page with-side">
            <SideNav label="Manage" links />
            <div class="with-side-content">
                <Outlet />
            </div>
        </div>
    }
    .into_any()
}
