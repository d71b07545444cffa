//! The frame around the manage pages: the side navigation with the parts one may use.

use leptos::prelude::*;
use leptos_router::components::Outlet;

use super::{
    access::{Access, SignInFirst},
    part::Part,
};
use crate::{
    community::current::use_community,
    loaded_live::latest,
    ui::{Loading, SideLink, SideNav},
};

/// Drawn anew only when what the person may do has changed: whatever else happens in the community, open forms stay.
#[component]
pub fn ManageLayout() -> impl IntoView {
    let community = use_community();
    let content = move || {
        let latest = latest(community.view);
        // A failure is shown by the frame around this one.
        let access = Memo::new(move |_| latest.get()?.ok().map(|community| Access::of(&community)));
        move || access.get().map(|access| view! { <Frame access /> })
    };
    view! {
        <Transition fallback=|| {
            view! {
                <div class="page">
                    <Loading label="Loading the manage area" lines=6 />
                </div>
            }
        }>{content()}</Transition>
    }
}

#[component]
fn Frame(access: Access) -> impl IntoView {
    if !access.signed_in {
        return view! {
            <div class="page page-narrow">
                <SignInFirst />
            </div>
        }
        .into_any();
    }
    provide_context(access);
    let slug = use_community().slug;
    let links = Signal::derive(move || {
        let link = |part: Part| SideLink {
            href: part.path(&slug.get()),
            label: part.label(),
        };
        let allowed = Part::ALL.into_iter().filter(|part| part.is_allowed(access.may));
        allowed.map(link).collect::<Vec<_>>()
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
