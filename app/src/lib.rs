//! The user interface, compiled twice: for the server (`ssr`) and for the browser (`hydrate`).
//!
//! `frontend` calls [`hydrate`], `server` renders [`shell::shell`]. A folder a feature; each draws with [`ui`].

// Views nest deeper than the default allows.
#![recursion_limit = "512"]

pub mod app;
mod arriving;
pub mod attention;
pub mod community;
pub mod connect;
pub mod customer_portal;
mod description;
pub mod editing;
pub mod error;
pub mod first_page;
pub mod live;
pub mod loaded_live;
pub mod membership;
pub mod own_path;
pub mod pages;
#[cfg(feature = "hydrate")]
mod pause;
pub mod payment_method;
pub mod permissions;
pub mod platform;
pub mod popup;
pub mod posts;
pub mod reading;
mod server_answers;
pub mod session;
pub mod shell;
mod split_file;
#[cfg(feature = "ssr")]
pub mod ssr;
#[cfg(feature = "hydrate")]
pub mod stopped;
mod stripe_is_silent;
pub mod subscription_catalog;
pub mod subscription_planning;
#[cfg(feature = "ssr")]
mod time_travel;
pub mod ui;
mod while_visible;

/// Makes the server-rendered page interactive, then says so on `<body data-hydrated>`, which browser tests wait for.
/// It takes as long as loading the code of the page does (see `pages/lazy.rs`).
#[cfg(feature = "hydrate")]
pub async fn hydrate() {
    let Some(body) = leptos::prelude::document().body() else {
        return;
    };
    leptos::mount::hydrate_from_async(body.clone(), app::App).await.forget();
    // The attribute is for tests; failing to set it is no reason to stop.
    drop(body.set_attribute("data-hydrated", "true"));
}
