//! Writes what the onboarding form asked into the account, and reads it for the next time.

use serde_json::Value;

use super::view::OnboardingForm;
use crate::{engine::Engine, error::StripeError, fields::Fields, pages::country::country};

/// The bank account's number is nobody's business but Stripe's: the account's JSON does not show it.
const BANK_ACCOUNT: &str = "bank_account";

/// Errors: there is no such account.
pub fn write(engine: &mut Engine, account: &str, form: &OnboardingForm) -> Result<(), StripeError> {
    engine.find("", "account", account, "account")?;
    engine.hide(account, BANK_ACCOUNT, form.bank_account.trim());
    let currency = country(&form.country).map_or("usd", |country| country.currency);
    engine.change(account, "account.updated", |json| {
        json.put("business_profile.name", form.business_name.trim());
        json.put("settings.dashboard.display_name", form.business_name.trim());
        json.put("email", form.email.trim());
        json.put("country", form.country.as_str());
        json.put("default_currency", currency);
    });
    Ok(())
}

/// What the account says already, and test values for the rest.
pub fn read(engine: &Engine, account: &Value, chosen: &str) -> OnboardingForm {
    let or = |path: &str, otherwise: &str| {
        let known = account.some_text(path).filter(|text| !text.is_empty());
        known.unwrap_or(otherwise).to_owned()
    };
    let code = or("country", "US");
    let test_number = country(&code).map_or("000123456789", |country| country.bank_account);
    let kept = engine.hidden(account.text("id")).some_text(BANK_ACCOUNT);
    OnboardingForm {
        business_name: or("business_profile.name", "Test Business"),
        bank_account: kept.unwrap_or(test_number).to_owned(),
        email: or("email", "merchant@example.com"),
        country: code,
        outcome: if chosen.is_empty() { "ready" } else { chosen }.to_owned(),
        step: String::new(),
    }
}
