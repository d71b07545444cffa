//! The hosted pages over HTTP, the way a browser without script uses them: pages are read, forms are posted, redirects
//! are seen. What they did is then asked from the API.

mod browser;
mod checkout;
mod dashboard;
mod invoice;
mod nowhere;
mod oauth;
mod onboarding;
mod portal;
#[path = "../api/support.rs"]
#[expect(dead_code, reason = "the API's tests need more of it")]
mod support;

/// Addresses of the store; nothing listens there, only the redirects to them are looked at.
pub const STORE: &str = "http://127.0.0.1:3000";
