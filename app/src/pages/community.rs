//! `/c/{slug}`: the frame around all of a community's pages, and its home with the catalog.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{components::Outlet, hooks::use_params_map};

use crate::{
    posts::PostList,
    subscription_catalog::StoreSubscriptionCatalog,
    ui::{CommunityBar, PageHeader},
};

/// The community's bar above each of its pages.
#[component]
pub fn CommunityLayout() -> impl IntoView {
    let slug = use_slug();
    view! {
        <CommunityBar name=slug slug=slug manages=true />
        <Outlet />
    }
}

#[component]
pub fn CommunityPage() -> impl IntoView {
    let slug = use_slug();
    view! {
        <Title text=slug />
        <div class="page">
            <PageHeader title=slug />
            <StoreSubscriptionCatalog />
            <PostList />
        </div>
    }
}

/// The slug in the address.
pub fn use_slug() -> Signal<String> {
    let params = use_params_map();
    Signal::derive(move || params.read().get("slug").unwrap_or_default())
}
