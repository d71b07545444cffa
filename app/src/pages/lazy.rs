//! Routes whose pages' code the browser loads when they are opened, so that a first visit of the catalog stays small:
//! the merchant's pages (and the platform's) are one file beside the main one, every other page but the catalog's another, and what only
//! customers see of the catalog a third.
//!
//! Only the feature `split` (release builds, with `cargo leptos build --split`) divides the code. Without it everything
//! is in one file, which is quicker to build.

// What `#[lazy]` writes declares the split file's import and export.
#![cfg_attr(feature = "split", allow(unsafe_code))]

use leptos::prelude::*;
#[cfg(feature = "split")]
use leptos::wasm_split::wasm_split;
use leptos_router::LazyRoute;

use super::{
    CommunityPage, HomePage, MembershipPage, PlatformPage, PostPage, SignInPage,
    manage::{
        ManageLayout, ManageMembers, ManageNotFound, ManagePlans, ManagePosts, ManageRoles, ManageSettings,
        ManageStart, ManageStore,
    },
};
use crate::{
    arriving::arrive,
    session::SessionState,
    split_file::{Missing, page_away},
    subscription_catalog,
};

/// What one split file holds, and the routes that load it. The second name is that of the loading alone: while a page
/// hydrates, everything must be there before the first look at it.
macro_rules! split_file {
    ($file:ident, $preload:ident, $pages:ident { $($route:ident => $page:ident,)* }) => {
        #[derive(Debug, Clone, Copy)]
        #[allow(clippy::enum_variant_names, reason = "named as the pages are; not in every file all alike")]
        pub(super) enum $pages {
            $($page,)*
        }

        #[cfg(feature = "split")]
        #[wasm_split($file, wasm_split_path = leptos::wasm_split, preload($preload), fallible)]
        fn $file(page: $pages) -> Result<AnyView, Missing> {
            Ok(match page {
                $($pages::$page => view! { <$page /> }.into_any(),)*
            })
        }

        #[cfg(not(feature = "split"))]
        async fn $file(page: $pages) -> Result<AnyView, Missing> {
            // Said in the page, so that the browser begins to load it early.
            leptos::prefetch_lazy_fn_on_server(stringify!($file));
            Ok(match page {
                $($pages::$page => view! { <$page /> }.into_any(),)*
            })
        }

        $(
            #[derive(Debug)]
            pub struct $route;

            impl LazyRoute for $route {
                fn data() -> Self {
                    Self
                }

                async fn view(_: Self) -> AnyView {
                    let page = $file($pages::$page).await.unwrap_or_else(page_away);
                    arrive();
                    page
                }

                async fn preload() {
                    #[cfg(all(feature = "split", feature = "hydrate"))]
                    crate::split_file::loaded($preload).await;
                }
            }
        )*
    };
}

split_file!(manage_pages, preload_manage_pages, ManagePages {
    ManageLayoutRoute => ManageLayout,
    ManageStartRoute => ManageStart,
    ManageNotFoundRoute => ManageNotFound,
    ManageStoreRoute => ManageStore,
    ManagePlansRoute => ManagePlans,
    ManageRolesRoute => ManageRoles,
    ManageMembersRoute => ManageMembers,
    ManagePostsRoute => ManagePosts,
    ManageSettingsRoute => ManageSettings,
    PlatformRoute => PlatformPage,
});

split_file!(other_pages, preload_other_pages, OtherPages {
    HomeRoute => HomePage,
    MembershipRoute => MembershipPage,
    PostRoute => PostPage,
    SignInRoute => SignInPage,
});

/// The catalog is in the main file; customers' buttons come with it.
#[derive(Debug)]
pub struct CommunityRoute;

impl LazyRoute for CommunityRoute {
    fn data() -> Self {
        Self
    }

    async fn view(_: Self) -> AnyView {
        arrive();
        view! { <CommunityPage /> }.into_any()
    }

    async fn preload() {
        // The server has all the code.
        if cfg!(all(feature = "split", feature = "hydrate"))
            && let Some(session) = use_context::<SessionState>()
            && matches!(session.who.await, Ok(Some(_)))
        {
            subscription_catalog::preload().await;
        }
    }
}
