//! `/c/{slug}/manage/…`: the pages of merchants and clerks, with the side navigation around them.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::{Outlet, Redirect};

use super::community::use_slug;
use crate::{
    community::CommunitySettings,
    connect::StoreConnect,
    customer_portal::StorePortalConfig,
    permissions::{MemberList, RoleEditor},
    posts::PostEditor,
    subscription_planning::StoreSubscriptionPlanning,
    ui::{PageHeader, SideLink, SideNav},
};

#[component]
pub fn ManageLayout() -> impl IntoView {
    let slug = use_slug();
    let link = move |page: &'static str, label: &'static str| SideLink {
        href: ["/c/", &slug.get(), "/manage/", page].concat(),
        label,
    };
    let links = Signal::derive(move || {
        vec![
            link("store", "Store"),
            link("plans", "Plans"),
            link("roles", "Roles"),
            link("members", "Members"),
            link("posts", "Posts"),
            link("settings", "Settings"),
        ]
    });
    view! {
        <div class="page with-side">
            <SideNav label="Manage" links />
            <div class="with-side-content">
                <Outlet />
            </div>
        </div>
    }
}

/// `/manage` itself leads to its first page.
#[component]
pub fn ManageStart() -> impl IntoView {
    let slug = use_slug();
    let path = ["/c/", &slug.get_untracked(), "/manage/store"].concat();
    view! { <Redirect path /> }
}

#[component]
pub fn ManageStore() -> impl IntoView {
    view! {
        <Title text="Store" />
        <PageHeader title="Store" lead="Your Stripe account, and what customers see in Stripe's portal." />
        <StoreConnect />
        <StorePortalConfig />
    }
}

#[component]
pub fn ManagePlans() -> impl IntoView {
    view! {
        <Title text="Plans" />
        <PageHeader title="Plans" lead="What you sell: plans, their tiers, and their prices." />
        <StoreSubscriptionPlanning />
    }
}

#[component]
pub fn ManageRoles() -> impl IntoView {
    view! {
        <Title text="Roles" />
        <PageHeader title="Roles and privileges" lead="A role is a named set of privileges; privileges open posts." />
        <RoleEditor />
    }
}

#[component]
pub fn ManageMembers() -> impl IntoView {
    view! {
        <Title text="Members" />
        <PageHeader title="Members" lead="Who is in this community, and which roles they hold." />
        <MemberList />
    }
}

#[component]
pub fn ManagePosts() -> impl IntoView {
    view! {
        <Title text="Posts" />
        <PageHeader title="Posts" lead="Write for everybody, or for those who hold a privilege." />
        <PostEditor />
    }
}

#[component]
pub fn ManageSettings() -> impl IntoView {
    view! {
        <Title text="Settings" />
        <PageHeader title="Settings" />
        <CommunitySettings />
    }
}
