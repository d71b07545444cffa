//! The merchant's Stripe account: connecting it, what Stripe wants of it, pausing the shop, and what customers see in
//! Stripe's portal.

mod account_facts;
mod actions;
pub mod calls;
mod disconnect;
mod history;
mod meaning;
mod portal_config;
mod portal_config_state;
mod requirements;
mod state;
mod store_connect;

pub use portal_config::StorePortalConfig;
pub use state::ConnectState;
pub use store_connect::StoreConnect;
