//! The bar on top of a community's pages: whose pages these are, and where they lead.

use leptos::prelude::*;
use leptos_router::components::A;

/// `<CommunityBar name slug manages />`; `manages` shows the way to the manage area.
#[component]
pub fn CommunityBar(
    #[prop(into)] name: Signal<String>,
    #[prop(into)] slug: Signal<String>,
    #[prop(optional, into)] manages: Signal<bool>,
) -> impl IntoView {
    let home = move || ["/c/", &slug.get()].concat();
    let membership = move || ["/c/", &slug.get(), "/membership"].concat();
    let manage = move || ["/c/", &slug.get(), "/manage"].concat();
    view! {
        <div class="community-bar">
            <div class="community-bar-inner">
                <a class="community-name" href=home>
                    <span class="community-mark" aria-hidden="true">
                        {move || name.get().chars().next().map(|first| first.to_uppercase().to_string())}
                    </span>
                    <span dir="auto">{name}</span>
                </a>
                <nav aria-label="Community" class="tabs">
                    <A href=home exact=true>
                        "Home"
                    </A>
                    <A href=membership>"Membership"</A>
                    {move || manages.get().then(|| view! { <A href=manage>"Manage"</A> })}
                </nav>
            </div>
        </div>
    }
}
