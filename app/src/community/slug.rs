//! Which community a page is about. Every feature's calls name it.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// Put into context by pages whose address does not name the community.
#[derive(Clone, Copy)]
pub struct CommunitySlug(pub Signal<String>);

/// The slug of the community in context: what a page said, else the address's `:slug`.
pub fn use_community_slug() -> Signal<String> {
    if let Some(CommunitySlug(slug)) = use_context() {
        return slug;
    }
    let params = use_params_map();
    Memo::new(move |_| params.read().get("slug").unwrap_or_default()).into()
}

/// Where the server tells that something of the community changed.
pub fn events_address(slug: Signal<String>) -> Signal<Option<String>> {
    Signal::derive(move || Some(["/c/", &slug.get(), "/events"].concat()))
}
