//! `/c/{slug}/manage/…`: the pages of merchants and clerks, with the side navigation around them.

mod access;
mod layout;
mod part;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Redirect;

use self::{access::Allowed, part::Part};
use crate::{
    attention::NeedsAttention,
    community::{CommunitySettings, current::use_community},
    connect::{StoreConnect, StorePortalConfig},
    permissions::{MemberList, RoleEditor},
    posts::PostEditor,
    subscription_planning::StoreSubscriptionPlanning,
    ui::{NotFound, PageHeader, status},
};

pub use layout::ManageLayout;

/// `/manage` itself leads to the first part that the person looking may use.
#[component]
pub fn ManageStart() -> impl IntoView {
    let slug = use_community().slug;
    let access = access::use_access();
    let first = Part::ALL
        .into_iter()
        .find(|part| part.is_allowed(access.may))
        .unwrap_or(Part::Store);
    let path = first.path(&slug.get_untracked());
    view! { <Redirect path /> }
}

/// An address that is no part of it.
#[component]
pub fn ManageNotFound() -> impl IntoView {
    status::answer(404);
    view! { <NotFound text="There is nothing at this address. What you can manage is listed beside this." /> }
}

#[component]
pub fn ManageStore() -> impl IntoView {
    view! {
        <Title text=use_community().titled("Store") />
        <PageHeader title="Store" lead="What needs you, your Stripe account, and what customers see in Stripe's portal." />
        <Allowed part=Part::Store>
            <NeedsAttention />
            <StoreConnect />
            <StorePortalConfig />
        </Allowed>
    }
}

#[component]
pub fn ManagePlans() -> impl IntoView {
    view! {
        <Title text=use_community().titled("Plans") />
        <PageHeader title="Plans" lead="What you sell: plans, their tiers, and their prices." />
        <Allowed part=Part::Plans>
            <StoreSubscriptionPlanning />
        </Allowed>
    }
}

#[component]
pub fn ManageRoles() -> impl IntoView {
    view! {
        <Title text=use_community().titled("Roles") />
        <PageHeader title="Roles and privileges" lead="A role is a named set of privileges; privileges open posts." />
        <Allowed part=Part::Roles>
            <RoleEditor />
        </Allowed>
    }
}

#[component]
pub fn ManageMembers() -> impl IntoView {
    view! {
        <Title text=use_community().titled("Members") />
        <PageHeader title="Members" lead="Who is in this community, and which roles they hold." />
        <Allowed part=Part::Members>
            <MemberList />
        </Allowed>
    }
}

#[component]
pub fn ManagePosts() -> impl IntoView {
    view! {
        <Title text=use_community().titled("Posts") />
        <PageHeader title="Posts" lead="Write for everybody, or for those who hold a privilege." />
        <Allowed part=Part::Posts>
            <PostEditor />
        </Allowed>
    }
}

#[component]
pub fn ManageSettings() -> impl IntoView {
    view! {
        <Title text=use_community().titled("Settings") />
        <PageHeader title="Settings" lead="How the community appears, and how patient it is with failed payments." />
        <Allowed part=Part::Settings>
            <CommunitySettings />
        </Allowed>
    }
}
