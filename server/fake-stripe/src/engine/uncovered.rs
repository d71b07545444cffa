//! Parameters that Stripe takes and that would change something here which fake-stripe does not have: refused, so that no
//! one believes that they were obeyed. Unsetting them, or turning them off, is taken. Called before the engine works.

use serde_json::Value;

use crate::{description::Operation, error::StripeError, fields::Fields};

/// By operation: names as in `items[].discounts`, with the value when only that one is refused.
const UNCOVERED: &[(&str, &[&str])] = &[
    (
        "POST /v1/accounts",
        &[
            "account_token",
            "bank_account",
            "company",
            "documents",
            "external_account",
            "individual",
            "settings",
            "tos_acceptance",
        ],
    ),
    (
        "POST /v1/accounts/{account}",
        &[
            "account_token",
            "company",
            "documents",
            "external_account",
            "individual",
            "settings",
            "tos_acceptance",
        ],
    ),
    ("GET /v1/charges", &["transfer_group"]),
    (
        "POST /v1/checkout/sessions",
        &[
            "after_expiration.recovery.enabled",
            "custom_fields",
            "discounts",
            "line_items[].adjustable_quantity.enabled",
            "optional_items",
            "shipping_options",
            "subscription_data.billing_cycle_anchor_config",
            "subscription_data.invoice_settings",
            "subscription_data.on_behalf_of",
            "subscription_data.pending_invoice_item_interval",
            "subscription_data.transfer_data",
        ],
    ),
    ("GET /v1/checkout/sessions", &["payment_link"]),
    (
        "POST /v1/checkout/sessions/{session}",
        &["collected_information", "line_items", "shipping_options"],
    ),
    ("POST /v1/customers", &["cash_balance", "source", "tax_id_data"]),
    (
        "POST /v1/customers/{customer}",
        &[
            "bank_account",
            "card",
            "cash_balance",
            "default_alipay_account",
            "default_bank_account",
            "default_card",
            "default_source",
            "source",
        ],
    ),
    (
        "POST /v1/invoices/{invoice}",
        &[
            "account_tax_ids",
            "application_fee_amount",
            "automatically_finalizes_at",
            "collection_method=send_invoice",
            "days_until_due",
            "default_source",
            "discounts",
            "due_date",
            "effective_at",
            "issuer",
            "number",
            "on_behalf_of",
            "payment_settings",
            "rendering",
            "shipping_cost",
            "shipping_details",
            "transfer_data",
        ],
    ),
    ("POST /v1/invoices/{invoice}/pay", &["forgive", "mandate", "source"]),
    (
        "POST /v1/invoices/create_preview",
        &[
            "customer_details",
            "discounts",
            "on_behalf_of",
            "preview_mode=recurring",
            "subscription_details.billing_schedules",
            "subscription_details.items[].billing_thresholds",
            "subscription_details.items[].discounts",
            "subscription_details.start_date",
        ],
    ),
    (
        "POST /v1/payment_intents/{intent}/confirm",
        &[
            "amount_to_confirm",
            "capture_method=manual",
            "confirmation_token",
            "payment_method_data",
            "shipping",
        ],
    ),
    ("POST /v1/payment_methods", &["customer", "payment_method"]),
    (
        "POST /v1/prices",
        &[
            "billing_scheme=tiered",
            "currency_options",
            "custom_unit_amount.enabled",
            "recurring.meter",
            "recurring.usage_type=metered",
            "tiers",
            "tiers_mode",
            "transform_quantity",
        ],
    ),
    ("POST /v1/prices/{price}", &["currency_options"]),
    (
        "POST /v1/products",
        &[
            "default_price_data.currency_options",
            "default_price_data.custom_unit_amount.enabled",
        ],
    ),
    (
        "POST /v1/setup_intents",
        &[
            "attach_to_self",
            "confirmation_token",
            "flow_directions",
            "payment_method_data",
            "single_use",
        ],
    ),
    ("GET /v1/setup_intents", &["attach_to_self"]),
    (
        "POST /v1/setup_intents/{intent}/confirm",
        &["confirmation_token", "payment_method_data"],
    ),
    ("POST /v1/subscription_items", &["billing_thresholds", "discounts"]),
    (
        "POST /v1/subscription_items/{item}",
        &["billing_thresholds", "discounts"],
    ),
    (
        "POST /v1/subscription_schedules/{schedule}",
        &[
            "default_settings.billing_thresholds",
            "default_settings.collection_method=send_invoice",
            "default_settings.invoice_settings",
            "default_settings.on_behalf_of",
            "default_settings.transfer_data",
            "phases[].add_invoice_items",
            "phases[].billing_thresholds",
            "phases[].collection_method=send_invoice",
            "phases[].discounts",
            "phases[].invoice_settings",
            "phases[].items[].billing_thresholds",
            "phases[].items[].discounts",
            "phases[].items[].price_data",
            "phases[].on_behalf_of",
            "phases[].transfer_data",
        ],
    ),
    (
        "POST /v1/subscription_schedules/{schedule}/release",
        &["preserve_cancel_date"],
    ),
    (
        "POST /v1/subscriptions",
        &[
            "add_invoice_items",
            "backdate_start_date",
            "billing_cycle_anchor_config",
            "billing_schedules",
            "billing_thresholds",
            "default_source",
            "discounts",
            "invoice_settings",
            "items[].billing_thresholds",
            "items[].discounts",
            "on_behalf_of",
            "pending_invoice_item_interval",
            "transfer_data",
        ],
    ),
    (
        "POST /v1/subscriptions/{subscription_exposed_id}",
        &[
            "add_invoice_items",
            "billing_schedules",
            "billing_thresholds",
            "collection_method=send_invoice",
            "default_source",
            "discounts",
            "invoice_settings",
            "items[].billing_thresholds",
            "items[].discounts",
            "on_behalf_of",
            "pause_collection",
            "pending_invoice_item_interval",
            "transfer_data",
        ],
    ),
];

/// Errors: a 400 that names the first parameter which is not covered.
pub fn check(operation: &Operation, params: &Value) -> Result<(), StripeError> {
    // Accounts of Stripe's second API stand for customers in many places.
    let mut refused = wanted(params, "customer_account").then(|| "customer_account".to_owned());
    let name = format!("{} {}", operation.method, operation.path);
    let names = UNCOVERED.iter().find(|(known, _)| *known == name);
    for written in names.into_iter().flat_map(|(_, names)| *names) {
        refused = refused.or_else(|| wanted(params, written).then(|| as_parameter(written)));
    }
    refused.map_or(Ok(()), |param| {
        Err(StripeError::invalid(format!("fake-stripe does not cover the parameter `{param}`.")).param(&param))
    })
}

/// Whether a request asks for it.
fn wanted(params: &Value, written: &str) -> bool {
    if let Some((list, rest)) = written.split_once("[].") {
        return params.items(list).iter().any(|item| wanted(item, rest));
    }
    match written.split_once('=') {
        Some((path, value)) => params.text(path) == value,
        None => asks(params.at(written)),
    }
}

/// Whether a value is one that wants something: not unset, not turned off.
fn asks(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(map) => !map.is_empty(),
        _ => true,
    }
}

/// `items[].discounts` as a form names it: `items[][discounts]`.
fn as_parameter(written: &str) -> String {
    let path = written.split_once('=').map_or(written, |(path, _)| path);
    let mut names = path.split('.');
    let first = names.next().unwrap_or_default().to_owned();
    names.fold(first, |param, name| match name.strip_suffix("[]") {
        Some(list) => format!("{param}[{list}][]"),
        None => format!("{param}[{name}]"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{UNCOVERED, as_parameter, wanted};
    use crate::description::Description;

    #[test]
    fn what_is_unset_or_off_is_not_asked_for() {
        let given =
            json!({"a": "", "b": false, "c": {"enabled": true}, "d": "x", "l": [{"m": []}, {"m": [1], "n": "y"}]});
        for (written, expected) in [
            ("a", false),
            ("b", false),
            ("c.enabled", true),
            ("d=x", true),
            ("d=y", false),
            ("l[].m", true),
            ("l[].n=y", true),
            ("l[].n=z", false),
            ("l[].o", false),
            ("e", false),
        ] {
            assert_eq!(wanted(&given, written), expected, "{written}");
        }
        assert_eq!(as_parameter("items[].price.x"), "items[][price][x]");
    }

    #[test]
    fn every_name_is_one_that_stripe_takes() {
        for (operation, names) in UNCOVERED {
            let (method, path) = operation.split_once(' ').unwrap();
            let found = Description::get()
                .operations()
                .iter()
                .find(|known| known.method == method && known.path == path)
                .unwrap_or_else(|| panic!("{operation}"));
            for name in *names {
                let first = name.split(['.', '[', '=']).next().unwrap();
                let known = found
                    .query
                    .get(first)
                    .or(found.form.get("properties").and_then(|form| form.get(first)));
                assert!(known.is_some(), "{operation}: {name}");
            }
        }
    }
}
