//! The store's words as types, and the pure rules both sides need.
//!
//! `app` (browser and server) and `store` depend on this crate; it does no I/O, reads no clock and knows neither
//! Stripe's client nor the database. Views (what a page shows) live beside the word they are about.

pub mod account;
pub mod attention;
pub mod card;
pub mod catalog;
pub mod community;
pub mod connect;
pub mod date;
pub mod entitlement;
pub mod fingerprint;
pub mod grant;
pub mod id;
pub mod interval;
pub mod label;
pub mod letter;
pub mod membership;
pub mod merchant_letter;
pub mod money;
pub mod permissions;
pub mod planning;
pub mod platform;
pub mod popup;
pub mod portal;
pub mod post;
pub mod privilege;
pub mod problem;
pub mod purchase;
pub mod session;
pub mod slug;
pub mod subscription;
pub mod surplus;

pub use problem::{Problem, Refusal};

/// A moment in UTC, to the second where Stripe is involved.
///
/// It travels as seconds since 1970 (`#[serde(with = "chrono::serde::ts_seconds")]` on each field): chrono's reader of dates
/// as text would be a fiftieth of what a visitor's browser loads.
pub type Timestamp = chrono::DateTime<chrono::Utc>;
