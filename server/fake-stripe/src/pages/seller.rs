//! What an account is called on the pages its customers see.

use serde_json::Value;

use crate::{engine::Engine, fields::Fields};

/// The public name, or the best there is.
pub fn seller_name(account: &Value) -> &str {
    [
        "business_profile.name",
        "settings.dashboard.display_name",
        "email",
        "id",
    ]
    .into_iter()
    .map(|path| account.text(path))
    .find(|text| !text.is_empty())
    .unwrap_or("This seller")
}

/// The name of the account that owns an object; empty is the platform itself.
pub fn seller_of(engine: &Engine, account: &str) -> String {
    if account.is_empty() {
        seller_name(&engine.platform()).to_owned()
    } else {
        seller_name(engine.get(account)).to_owned()
    }
}
