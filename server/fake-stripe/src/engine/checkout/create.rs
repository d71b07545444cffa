//! Making a session: what it sells or saves, for whom, and where its page is.

use serde_json::{Value, json};

use crate::{
    engine::{
        Answer, Call, Engine,
        customers::check_email,
        params::copy,
        prices,
        subscriptions::{beginning, endpoints::fee, items::WantedItem},
    },
    error::StripeError,
    fields::{Fields, merge_metadata},
};

/// How long a session stays open unless it is told otherwise, in seconds; also the longest.
const LIFETIME: i64 = 24 * 3600;
const SHORTEST: i64 = 30 * 60;

/// How far away the end of a trial that is given as a date has to be, in seconds.
const EARLIEST_TRIAL_END: i64 = 48 * 3600;

pub fn create(engine: &mut Engine, call: &Call) -> Answer {
    let params = &call.params;
    let mode = params
        .some_text("mode")
        .ok_or_else(|| StripeError::missing_param("mode"))?
        .to_owned();
    check(engine, call, &mode)?;
    let lines = line_items(engine, call, &mode)?;
    let now = engine.now();
    let trial = check_beginning(engine, call, &lines)?;
    let expires_at = params.some_int("expires_at").unwrap_or(now + LIFETIME);
    if !(now + SHORTEST..=now + LIFETIME).contains(&expires_at) {
        return Err(StripeError::invalid(
            "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.",
        )
        .param("expires_at"));
    }
    let mut session = engine.blank("checkout.session", "cs_test_");
    let id = format!("cs_test_a1{}{}", engine.ids.letters(28), engine.ids.letters(28));
    let origin = engine.origin.clone();
    let price = lines
        .first()
        .map(|line| engine.get(line.text("price")).clone())
        .unwrap_or_default();
    // Checked with the lines: it is at most what can be charged.
    let total: i64 = lines
        .iter()
        .map(|line| engine.due_for(line, params.at("subscription_data"), now))
        .sum();
    let total = if trial { 0 } else { total };
    session.put("id", id.as_str());
    session.put("mode", mode.as_str());
    session.put("adaptive_pricing", json!({"enabled": false}));
    session.put(
        "automatic_tax",
        json!({"enabled": false, "liability": null, "provider": null, "status": null}),
    );
    session.put(
        "custom_text",
        json!({"after_submit": null, "shipping_address": null, "submit": null, "terms_of_service_acceptance": null}),
    );
    session.put("custom_fields", json!([]));
    session.put("expires_at", expires_at);
    session.put(
        "managed_payments",
        json!({"enabled": params.flag("managed_payments.enabled")}),
    );
    session.put("metadata", json!({}));
    session.put(
        "payment_method_collection",
        params.some_text("payment_method_collection").unwrap_or("always"),
    );
    session.put(
        "payment_method_options",
        json!({"card": {"request_three_d_secure": "automatic"}}),
    );
    session.put("payment_method_types", json!(["card"]));
    session.put(
        "payment_status",
        if mode == "setup" {
            "no_payment_required"
        } else {
            "unpaid"
        },
    );
    session.put("phone_number_collection", json!({"enabled": false}));
    session.put("shipping_options", json!([]));
    session.put("status", "open");
    session.put("ui_mode", "hosted_page");
    session.put("url", format!("{origin}/c/pay/{id}"));
    if mode == "setup" {
        session.put("currency", params.text("currency").to_lowercase());
        let intent = engine.new_setup_intent(
            &call.account,
            params.some_text("customer"),
            params.at("setup_intent_data"),
        );
        session.put("setup_intent", intent);
        session.put("customer_creation", params.at("customer_creation").clone());
    } else {
        session.put("currency", price.at("currency").clone());
        session.put("amount_subtotal", total);
        session.put("amount_total", total);
        session.put(
            "total_details",
            json!({"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0}),
        );
        session.put("discounts", json!([]));
        session.put(
            "customer_creation",
            if params.has("customer") {
                Value::Null
            } else {
                json!("always")
            },
        );
    }
    copy(
        &mut session,
        params,
        &[
            "allow_promotion_codes",
            "billing_address_collection",
            "cancel_url",
            "client_reference_id",
            "customer",
            "customer_email",
            "locale",
            "success_url",
            "submit_type",
            "excluded_payment_method_types",
            "origin_context",
            "integration_identifier",
        ],
    );
    merge_metadata(&mut session, params.at("metadata"));
    show_wishes(&mut session, params);
    let customer = engine.get(params.text("customer")).clone();
    let email = if customer.is_object() {
        customer.at("email").clone()
    } else {
        params.at("customer_email").clone()
    };
    if customer.is_object() || !email.is_null() {
        session.put("customer_details", json!({
            "address": null, "business_name": null, "email": email, "individual_name": null, "name": customer.at("name"),
            "phone": customer.at("phone"), "tax_exempt": "none", "tax_ids": null
        }));
    }
    let clock = engine.clock_of(params.text("customer"));
    engine.records.insert(&call.account, &clock, session);
    engine.hide(&id, "line_items", lines);
    engine.hide(&id, "subscription_data", params.at("subscription_data").clone());
    engine.set_due(&id, Some(expires_at));
    Ok(engine.get(&id).clone())
}

fn check(engine: &Engine, call: &Call, mode: &str) -> Result<(), StripeError> {
    let params = &call.params;
    let account = engine.get(&call.account);
    if !call.account.is_empty() && !account.flag("charges_enabled") && mode != "setup" {
        return Err(StripeError::invalid(
            "Your account cannot currently make live charges. In order to use Checkout, you must set an account or business name at \
             https://dashboard.stripe.com/account.",
        ));
    }
    if let Some(email) = params.some_text("customer_email") {
        check_email(email, "customer_email")?;
    }
    if let Some(customer) = params.some_text("customer") {
        engine.find(&call.account, "customer", customer, "customer")?;
        if params.has("customer_email") {
            return Err(StripeError::invalid(
                "You may only specify one of these parameters: customer, customer_email.",
            )
            .param("customer_email"));
        }
    }
    let embedded = matches!(
        params.some_text("ui_mode"),
        Some("embedded_page" | "elements" | "embedded" | "custom" | "form")
    );
    if embedded {
        return Err(StripeError::invalid(
            "fake-stripe has hosted pages only: leave `ui_mode` out or pass `hosted_page`.",
        )
        .param("ui_mode"));
    }
    if !params.has("success_url") {
        return Err(StripeError::missing_param("success_url"));
    }
    for name in ["success_url", "cancel_url"] {
        if let Some(url) = params.some_text(name)
            && !url.starts_with("http://")
            && !url.starts_with("https://")
        {
            return Err(StripeError::invalid("Not a valid URL").code("url_invalid").param(name));
        }
    }
    match mode {
        "setup" if !params.has("currency") => Err(StripeError::missing_param("currency")),
        "setup" if params.has("line_items") => {
            Err(StripeError::invalid("You can not pass `line_items` in `setup` mode.").param("line_items"))
        }
        "setup" if params.has("subscription_data") => Err(StripeError::invalid(
            "You can not pass `subscription_data` in `setup` mode.",
        )
        .param("subscription_data")),
        "subscription" if params.has("setup_intent_data") => Err(StripeError::invalid(
            "You can not pass `setup_intent_data` in `subscription` mode.",
        )
        .param("setup_intent_data")),
        "subscription" if params.has("payment_intent_data") => Err(StripeError::invalid(
            "You can not pass `payment_intent_data` in `subscription` mode.",
        )
        .param("payment_intent_data")),
        "subscription" if params.has("customer_creation") => Err(StripeError::invalid(
            "`customer_creation` can only be used in `payment` mode.",
        )
        .param("customer_creation")),
        "payment" => {
            Err(StripeError::invalid("fake-stripe has the modes `subscription` and `setup` only.").param("mode"))
        }
        _ => Ok(()),
    }
}

fn line_items(engine: &mut Engine, call: &Call, mode: &str) -> Result<Vec<Value>, StripeError> {
    if mode == "setup" {
        return Ok(Vec::new());
    }
    let mut lines = Vec::new();
    let mut wanted = Vec::new();
    for (number, given) in call.params.items("line_items").iter().enumerate() {
        let price = if let Some(price) = given.some_text("price") {
            price.to_owned()
        } else if given.has("price_data") {
            let price = prices::create(
                engine,
                &Call {
                    params: given.at("price_data").clone(),
                    ..call.clone()
                },
            )?;
            price.text("id").to_owned()
        } else {
            return Err(StripeError::missing_param(&format!("line_items[{number}][price]")));
        };
        let quantity = given.some_int("quantity").ok_or_else(|| {
            StripeError::invalid("Quantity is required. Add `quantity` to `line_items[0]`")
                .param(&format!("line_items[{number}][quantity]"))
        })?;
        if quantity < 1 {
            return Err(StripeError::invalid("This value must be greater than or equal to 1.")
                .code("parameter_invalid_integer")
                .param(&format!("line_items[{number}][quantity]")));
        }
        wanted.push(WantedItem {
            price: price.clone(),
            quantity,
            metadata: given.at("metadata").clone(),
        });
        lines.push(json!({"id": engine.ids.next("li_1"), "price": price, "quantity": quantity}));
    }
    engine.check_items(&call.account, &wanted).map_err(|mut refusal| {
        refusal.param = refusal.param.map(|param| param.replace("items", "line_items"));
        if refusal.code.as_deref() == Some("parameter_missing") {
            "Missing required param: line_items.".clone_into(&mut refusal.message);
        }
        refusal
    })?;
    Ok(lines)
}

/// When the trial that a session gives ends, counted from `now`.
pub(super) fn trial_end(params: &Value, now: i64) -> Option<i64> {
    let days = params
        .some_int("subscription_data.trial_period_days")
        .map(|days| now + days * 86_400);
    days.or(params.some_int("subscription_data.trial_end"))
}

/// What `subscription_data` says about the beginning: its trial, its rhythm, the fee. A trial lasts a day at least, and ends
/// two days from now at the earliest. Answers whether there is one.
fn check_beginning(engine: &Engine, call: &Call, lines: &[Value]) -> Result<bool, StripeError> {
    let data = call.params.at("subscription_data");
    let param = |name: &str| format!("subscription_data[{name}]");
    let now = engine.now_for(call.params.text("customer"));
    fee(&call.account, data, &param("application_fee_percent"))?;
    if data.some_int("trial_period_days").is_some_and(|days| days < 1) {
        return Err(StripeError::invalid("The minimum number of trial period days is 1.")
            .code("parameter_invalid_integer")
            .param(&param("trial_period_days")));
    }
    let trial = beginning::trial_end(data, now, param)?.is_some();
    if data
        .some_int("trial_end")
        .is_some_and(|end| end < now + EARLIEST_TRIAL_END)
    {
        return Err(
            StripeError::invalid("The `trial_end` date has to be at least 2 days in the future.")
                .param(&param("trial_end")),
        );
    }
    let Some(price) = lines.first().map(|line| line.text("price")) else {
        return Ok(trial);
    };
    if let Some(anchor) = data.some_int("billing_cycle_anchor") {
        if trial {
            let message = "fake-stripe does not cover `billing_cycle_anchor` together with a trial.";
            return Err(StripeError::invalid(message).param(&param("billing_cycle_anchor")));
        }
        engine.check_anchor(anchor, price, now, &param("billing_cycle_anchor"))?;
    }
    let currency = engine.get(price).text("currency");
    if let Some(given) = call
        .params
        .some_text("currency")
        .filter(|given| given.to_lowercase() != currency)
    {
        return Err(StripeError::invalid(format!(
            "The price specified only supports `{currency}`. This doesn't match the expected currency: `{given}`."
        ))
        .param("currency"));
    }
    if let Some(customer) = call.params.some_text("customer") {
        engine.check_currency(&call.account, customer, currency)?;
    }
    Ok(trial)
}

/// What a session says of its page without any effect on ours.
fn show_wishes(session: &mut Value, params: &Value) {
    copy(
        session,
        params,
        &[
            "phone_number_collection",
            "shipping_address_collection",
            "name_collection",
        ],
    );
    let texts: Vec<&String> = params
        .at("custom_text")
        .as_object()
        .into_iter()
        .flat_map(|map| map.keys())
        .collect();
    for text in texts {
        let given = params.at("custom_text").at(text);
        let shown = given.is_object().then(|| given.clone());
        session.put(&format!("custom_text.{text}"), shown);
    }
    for (name, fields) in [
        (
            "consent_collection",
            &["payment_method_reuse_agreement", "promotions", "terms_of_service"],
        ),
        (
            "saved_payment_method_options",
            &[
                "allow_redisplay_filters",
                "payment_method_remove",
                "payment_method_save",
            ],
        ),
    ] {
        if params.has(name) {
            let mut shown: Value = fields.iter().map(|field| ((*field).to_owned(), Value::Null)).collect();
            copy(&mut shown, params.at(name), fields);
            session.put(name, shown);
        }
    }
    if let Some(secure) = params.some_text("payment_method_options.card.request_three_d_secure") {
        session.put("payment_method_options.card.request_three_d_secure", secure);
    }
}
