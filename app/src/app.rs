//! The application's root: the frame around every page, and which address shows which page.
//!
//! Every route renders in `SsrMode::Async`: the whole page arrives at once, so that it reads without JavaScript, its
//! HTTP status is known before the first byte, and a strict content security policy needs no streaming scripts.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    Lazy, SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    path,
};

use crate::{
    pages::{
        CommunityLayout, CommunityRoute, HomeRoute, ManageLayoutRoute, ManageMembersRoute, ManageNotFoundRoute,
        ManagePlansRoute, ManagePostsRoute, ManageRolesRoute, ManageSettingsRoute, ManageStartRoute, ManageStoreRoute,
        MembershipRoute, NotFoundPage, PlatformRoute, PostRoute, SignInRoute,
    },
    session::{SessionMenu, SessionState},
    ui::{CONTENT, SiteFooter, SiteHeader},
};

/// What the product is called in titles and in the header.
pub const PRODUCT: &str = "Xiome Store";

/// A page's title, which people may have named. Escaped on the server, because `leptos_meta` 0.8.7 writes it into the page as
/// it is; in the browser it is set as text.
fn title(of_page: String) -> String {
    let title = if of_page.is_empty() {
        PRODUCT.to_owned()
    } else {
        [of_page.as_str(), " · ", PRODUCT].concat()
    };
    if cfg!(feature = "ssr") {
        title.replace('&', "&amp;").replace('<', "&lt;")
    } else {
        title
    }
}

/// Everything inside `<body>`.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    SessionState::provide();
    let mode = SsrMode::Async;
    view! {
        <Title formatter=title />
        <Router>
            <a class="skip-link" href=["#", CONTENT].concat() rel="external">
                "Skip to content"
            </a>
            <SiteHeader product=PRODUCT>
                <SessionMenu />
            </SiteHeader>
            <main>
                <Routes fallback=NotFoundPage>
                    <Route path=path!("/") view={Lazy::<HomeRoute>::new()} ssr=mode.clone() />
                    <Route path=path!("/sign-in") view={Lazy::<SignInRoute>::new()} ssr=mode.clone() />
                    <Route path=path!("/platform") view={Lazy::<PlatformRoute>::new()} ssr=mode.clone() />
                    <ParentRoute path=path!("/c/:slug") view=CommunityLayout ssr=mode.clone()>
                        <Route path=path!("") view={Lazy::<CommunityRoute>::new()} ssr=mode.clone() />
                        <Route path=path!("membership") view={Lazy::<MembershipRoute>::new()} ssr=mode.clone() />
                        <Route path=path!("posts/:id") view={Lazy::<PostRoute>::new()} ssr=mode.clone() />
                        <ParentRoute path=path!("manage") view={Lazy::<ManageLayoutRoute>::new()} ssr=mode.clone()>
                            <Route path=path!("") view={Lazy::<ManageStartRoute>::new()} ssr=mode.clone() />
                            <Route path=path!("store") view={Lazy::<ManageStoreRoute>::new()} ssr=mode.clone() />
                            <Route path=path!("plans") view={Lazy::<ManagePlansRoute>::new()} ssr=mode.clone() />
                            <Route path=path!("roles") view={Lazy::<ManageRolesRoute>::new()} ssr=mode.clone() />
                            <Route path=path!("members") view={Lazy::<ManageMembersRoute>::new()} ssr=mode.clone() />
                            <Route path=path!("posts") view={Lazy::<ManagePostsRoute>::new()} ssr=mode.clone() />
                            <Route path=path!("settings") view={Lazy::<ManageSettingsRoute>::new()} ssr=mode.clone() />
                            <Route path=path!(":part") view={Lazy::<ManageNotFoundRoute>::new()} ssr=mode.clone() />
                        </ParentRoute>
                    </ParentRoute>
                </Routes>
            </main>
            <SiteFooter product=PRODUCT />
        </Router>
    }
}
