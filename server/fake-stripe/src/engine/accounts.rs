//! Connected accounts (`/v1/accounts`): made by the platform, filled in by their owner on the hosted onboarding page.

mod connection;
mod outcome;

use serde_json::{Value, json};

use super::{Answer, Call, Engine, customers::check_email, params::copy};
use crate::{
    error::StripeError,
    fields::{Fields, merge_metadata},
};

pub use connection::APPLICATION;
pub use outcome::Outcome;

/// Where connected accounts can be (docs.stripe.com/connect/cross-border-payouts and stripe.com/global).
const COUNTRIES: &str = "AE AG AL AM AO AR AT AU AZ BA BB BD BE BG BH BJ BN BO BR BS BT BW CA CH CI CL CO CR CY CZ DE DK DO DZ EC EE EG ES \
    ET FI FR GA GB GH GI GM GR GT GY HK HR HU ID IE IL IN IS IT JM JO JP KE KH KR KW KZ LA LC LI LK LT LU LV MA MC MD MG MK MN MO MT MU MX MY MZ \
    NA NE NG NL NO NZ OM PA PE PH PK PL PT PY QA RO RS RW SA SE SG SI SK SM SN SV TH TN TR TT TW TZ US UY UZ VN ZA";

const CHANGEABLE: [&str; 3] = ["email", "business_type", "default_currency"];

pub fn create(engine: &mut Engine, call: &Call) -> Answer {
    only_platform(call)?;
    let params = &call.params;
    check(params)?;
    let controller = if params.has("controller") {
        given_controller(params.at("controller"))
    } else {
        controller(params.some_text("type").unwrap_or("standard"))
    };
    let full = controller.text("stripe_dashboard.type") == "full" && controller.text("fees.payer") == "account";
    let kind = match params.some_text("type") {
        Some(kind) => kind,
        None if full => "standard",
        None => "none",
    };
    let country = params.some_text("country").unwrap_or("US").to_owned();
    let mut account = engine.blank("account", "acct_");
    let id = format!("acct_1{}", engine.ids.letters(15));
    account.put("id", id.as_str());
    account.put("type", kind);
    account.put("country", country.as_str());
    account.put("default_currency", currency_of(&country));
    account.put("charges_enabled", false);
    account.put("payouts_enabled", false);
    account.put("details_submitted", false);
    account.put("created", engine.now());
    account.put("capabilities", json!({}));
    account.put("controller", controller);
    account.put(
        "external_accounts",
        list(&format!("/v1/accounts/{id}/external_accounts")),
    );
    account.put("metadata", json!({}));
    account.put("tos_acceptance", json!({"date": null, "ip": null, "user_agent": null}));
    account.put("settings", settings());
    account.put("business_profile", business_profile(params, &Value::Null));
    copy(&mut account, params, &CHANGEABLE);
    merge_metadata(&mut account, params.at("metadata"));
    Outcome::Incomplete.write(&mut account, engine.now());
    engine.records.insert("", "", account);
    Ok(engine.get(&id).clone())
}

pub fn retrieve(engine: &mut Engine, call: &Call) -> Answer {
    engine.may_access(call.id())?;
    engine.find("", "account", call.id(), "account").cloned()
}

/// `GET /v1/account`: the account of the key, or the one the request acts for.
pub fn current(engine: &mut Engine, call: &Call) -> Answer {
    if call.account.is_empty() {
        Ok(engine.platform())
    } else {
        engine.find("", "account", &call.account, "account").cloned()
    }
}

pub fn list_all(engine: &mut Engine, call: &Call) -> Answer {
    engine.list(call, "account", "/v1/accounts", |engine, account| {
        engine.may_access(account.text("id")).is_ok()
    })
}

pub fn update(engine: &mut Engine, call: &Call) -> Answer {
    let id = call.id().to_owned();
    engine.may_access(&id)?;
    engine.find("", "account", &id, "account")?;
    check(&call.params)?;
    engine.change(&id, "account.updated", |account| {
        if call.params.has("business_profile") {
            let profile = business_profile(&call.params, account.at("business_profile"));
            account.put("business_profile", profile);
        }
        copy(account, &call.params, &CHANGEABLE);
        merge_metadata(account, call.params.at("metadata"));
    });
    Ok(engine.get(&id).clone())
}

pub fn delete(engine: &mut Engine, call: &Call) -> Answer {
    let id = call.id().to_owned();
    engine.may_access(&id)?;
    engine.find("", "account", &id, "account")?;
    engine.delete_account(&id);
    Ok(json!({"id": id, "object": "account", "deleted": true}))
}

/// Login links are for Express accounts; Standard ones have Stripe's own dashboard.
pub fn login_link(engine: &mut Engine, call: &Call) -> Answer {
    engine.may_access(call.id())?;
    Err(StripeError::invalid(
        "Cannot create a login link for an account that does not have the Express Dashboard.",
    ))
}

/// Accounts belong to the platform; another account's key cannot make them.
fn only_platform(call: &Call) -> Result<(), StripeError> {
    if call.account.is_empty() {
        return Ok(());
    }
    Err(StripeError::invalid(
        "You can only create new accounts if you've signed up for Connect, which you can do at https://dashboard.stripe.com/connect.",
    ))
}

fn controller(kind: &str) -> Value {
    if kind == "standard" {
        return json!({
            "type": "application", "is_controller": true, "fees": {"payer": "account"}, "losses": {"payments": "stripe"},
            "requirement_collection": "stripe", "stripe_dashboard": {"type": "full"}
        });
    }
    json!({
        "type": "application", "is_controller": true, "fees": {"payer": "application_express"}, "losses": {"payments": "application"},
        "requirement_collection": "stripe", "stripe_dashboard": {"type": if kind == "express" { "express" } else { "none" }}
    })
}

fn settings() -> Value {
    json!({
        "bacs_debit_payments": {"display_name": null, "service_user_number": null},
        "branding": {"icon": null, "logo": null, "primary_color": null, "secondary_color": null},
        "card_issuing": {"tos_acceptance": {"date": null, "ip": null}},
        "card_payments": {
            "decline_on": {"avs_failure": false, "cvc_failure": false}, "statement_descriptor_prefix": null,
            "statement_descriptor_prefix_kana": null, "statement_descriptor_prefix_kanji": null
        },
        "dashboard": {"display_name": null, "timezone": "Etc/UTC"},
        "invoices": {"default_account_tax_ids": null, "hosted_payment_method_save": "offer"},
        "payments": {
            "statement_descriptor": null, "statement_descriptor_kana": null, "statement_descriptor_kanji": null
        },
        "payouts": {
            "debit_negative_balances": true,
            "schedule": {"delay_days": 2, "interval": "daily"},
            "statement_descriptor": null
        },
        "sepa_debit_payments": {}
    })
}

/// The given fields in place of the current ones.
fn business_profile(params: &Value, current: &Value) -> Value {
    let mut profile = json!({});
    for field in [
        "annual_revenue",
        "estimated_worker_count",
        "mcc",
        "minority_owned_business_designation",
        "name",
        "product_description",
        "support_address",
        "support_email",
        "support_phone",
        "support_url",
        "url",
    ] {
        profile.put(field, current.at(field).clone());
    }
    let mut given = params.at("business_profile").clone();
    if given.has("support_address") {
        let mut address =
            json!({"city": null, "country": null, "line1": null, "line2": null, "postal_code": null, "state": null});
        let parts = given.at("support_address").clone();
        copy(
            &mut address,
            &parts,
            &["city", "country", "line1", "line2", "postal_code", "state"],
        );
        given.put("support_address", address);
    }
    let fields: Vec<&str> = given
        .as_object()
        .into_iter()
        .flat_map(|map| map.keys())
        .map(String::as_str)
        .collect();
    copy(&mut profile, &given, &fields);
    profile
}

/// Errors: a type together with a controller, a country where Stripe is not, an address that is none.
fn check(params: &Value) -> Result<(), StripeError> {
    if params.has("type") && params.has("controller") {
        return Err(
            StripeError::invalid("You may only specify one of these parameters: type, controller.").param("controller"),
        );
    }
    if let Some(country) = params.some_text("country")
        && !COUNTRIES.split_ascii_whitespace().any(|known| known == country)
    {
        let message =
            format!("Country '{country}' is unknown. Try using a 2-character alphanumeric country code instead.");
        return Err(StripeError::invalid(message)
            .code("country_unsupported")
            .param("country"));
    }
    match params.some_text("email").filter(|email| !email.is_empty()) {
        Some(email) => check_email(email, "email"),
        None => Ok(()),
    }
}

/// What a request says of who controls an account; the rest as for a standard one.
fn given_controller(given: &Value) -> Value {
    let mut controller = controller("standard");
    for path in [
        "fees.payer",
        "losses.payments",
        "requirement_collection",
        "stripe_dashboard.type",
    ] {
        if let Some(value) = given.some_text(path) {
            controller.put(path, value);
        }
    }
    controller
}

fn list(url: &str) -> Value {
    json!({"object": "list", "data": [], "has_more": false, "url": url})
}

fn currency_of(country: &str) -> &'static str {
    match country {
        "US" => "usd",
        "GB" => "gbp",
        "CH" | "LI" => "chf",
        "JP" => "jpy",
        "CA" => "cad",
        "AU" => "aud",
        "NZ" => "nzd",
        "SE" => "sek",
        "NO" => "nok",
        "DK" => "dkk",
        "PL" => "pln",
        "CZ" => "czk",
        "HU" => "huf",
        "RO" => "ron",
        "SG" => "sgd",
        "HK" => "hkd",
        "MX" => "mxn",
        "BR" => "brl",
        "IN" => "inr",
        "TH" => "thb",
        "AE" => "aed",
        "MY" => "myr",
        _ => "eur",
    }
}

impl Engine {
    /// The platform's own account.
    pub fn platform(&self) -> Value {
        let mut account = crate::description::Description::get().blank("account");
        account.put("id", "acct_1FakePlatform");
        account.put("object", "account");
        account.put("type", "standard");
        account.put("country", "US");
        account.put("default_currency", "usd");
        account.put("charges_enabled", true);
        account.put("payouts_enabled", true);
        account.put("details_submitted", true);
        account.put("settings", settings());
        account.put("business_profile", business_profile(&Value::Null, &Value::Null));
        account.put("email", "platform@example.com");
        account
    }

    /// What the account's settings say about subscriptions whose payments failed for good:
    /// `cancel`, `unpaid`, `past_due`, `pause` or `pause_at_once`.
    pub fn after_failed_payments(&self, account: &str) -> String {
        self.hidden(account)
            .some_text("after_failed_payments")
            .unwrap_or("cancel")
            .to_owned()
    }
}
