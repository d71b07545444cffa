//! Writes what the onboarding form asked into the account.

use serde_json::json;

use super::{super::country::country, view::OnboardingForm};
use crate::{engine::Engine, error::StripeError, fields::Fields};

/// Errors: there is no such account.
pub fn write(engine: &mut Engine, account: &str, form: &OnboardingForm) -> Result<(), StripeError> {
    engine.find("", "account", account, "account")?;
    let currency = country(&form.country).map_or("usd", |country| country.currency);
    let number: String = form
        .bank_account
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let last4 = number.get(number.len().saturating_sub(4)..).unwrap_or_default();
    let mut bank_account = engine.blank("bank_account", "ba_1");
    bank_account.put("object", "bank_account");
    bank_account.put("account", account);
    bank_account.put("bank_name", "STRIPE TEST BANK");
    bank_account.put("country", form.country.as_str());
    bank_account.put("currency", currency);
    bank_account.put("last4", last4);
    bank_account.put("status", "new");
    bank_account.put("default_for_currency", true);
    bank_account.put("metadata", json!({}));
    engine.change(account, "account.updated", |json| {
        json.put("business_profile.name", form.business_name.trim());
        json.put("settings.dashboard.display_name", form.business_name.trim());
        json.put("email", form.email.trim());
        json.put("country", form.country.as_str());
        json.put("default_currency", currency);
        json.put("external_accounts.data", json!([bank_account]));
        json.put("external_accounts.total_count", 1);
    });
    Ok(())
}
