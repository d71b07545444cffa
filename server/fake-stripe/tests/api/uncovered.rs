//! Parameters of Stripe's that fake-stripe does not have: refused by name. Those that it has are obeyed, and those that
//! change nothing here are shown.

use serde_json::{Value, json};

use crate::support::{START, Stripe, id, item};

#[tokio::test]
async fn what_is_not_covered_is_refused_by_name() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    let subscription = id(&stripe.subscribe(&customer, &price).await);
    let path = format!("/v1/subscriptions/{subscription}");
    let start = START.to_string();
    for (path, form, param) in [
        (
            "/v1/subscriptions",
            vec![
                ("customer", customer.as_str()),
                ("items[0][price]", &price),
                ("backdate_start_date", &start),
            ],
            "backdate_start_date",
        ),
        (
            path.as_str(),
            vec![("transfer_data[destination]", "acct_1")],
            "transfer_data",
        ),
        (
            &path,
            vec![
                ("items[0][price]", price.as_str()),
                ("items[0][discounts][0][coupon]", "off"),
            ],
            "items[][discounts]",
        ),
        (&path, vec![("pause_collection[behavior]", "void")], "pause_collection"),
        (
            "/v1/invoices/create_preview",
            vec![("subscription", &subscription), ("preview_mode", "recurring")],
            "preview_mode",
        ),
        ("/v1/customers", vec![("source", "tok_visa")], "source"),
        (
            "/v1/prices",
            vec![
                ("currency", "usd"),
                ("unit_amount", "1"),
                ("product", "prod_1"),
                ("currency_options[eur][unit_amount]", "2"),
            ],
            "currency_options",
        ),
    ] {
        let refused = stripe.refused("POST", path, &form).await;
        assert_eq!(refused.status, 400);
        assert_eq!(refused.body["error"]["param"], param, "{:#}", refused.body);
        assert!(refused.message().contains("does not cover"), "{}", refused.message());
    }
    let refused = stripe
        .refused("GET", "/v1/subscriptions", &[("customer_account", "acct_1")])
        .await;
    assert_eq!(refused.body["error"]["param"], "customer_account");
    // Unsetting what is not there is no wish.
    stripe
        .post(
            &path,
            &[("discounts", ""), ("pause_collection", ""), ("metadata[a]", "b")],
        )
        .await;
}

#[tokio::test]
async fn a_checkout_shows_what_its_page_was_asked_for() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let form = [
        ("mode", "subscription"),
        ("line_items[][price]", price.as_str()),
        ("line_items[][quantity]", "1"),
        ("success_url", "http://127.0.0.1/done"),
        ("phone_number_collection[enabled]", "true"),
        ("custom_text[submit][message]", "Thank you"),
        ("consent_collection[promotions]", "auto"),
        ("saved_payment_method_options[payment_method_save]", "enabled"),
        ("payment_method_options[card][request_three_d_secure]", "any"),
        ("shipping_address_collection[allowed_countries][]", "DE"),
        ("subscription_data[trial_period_days]", "3"),
        (
            "subscription_data[trial_settings][end_behavior][missing_payment_method]",
            "pause",
        ),
    ];
    let session = stripe.post("/v1/checkout/sessions", &form).await;
    assert_eq!(session["phone_number_collection"], json!({"enabled": true}));
    assert_eq!(session["custom_text"]["submit"], json!({"message": "Thank you"}));
    assert_eq!(session["consent_collection"]["promotions"], "auto");
    assert_eq!(
        session["saved_payment_method_options"]["payment_method_save"],
        "enabled"
    );
    assert_eq!(
        session["payment_method_options"]["card"]["request_three_d_secure"],
        "any"
    );
    assert_eq!(
        session["shipping_address_collection"],
        json!({"allowed_countries": ["DE"]})
    );
    stripe
        .control(
            &format!("/_fake/checkout/{}/complete", id(&session)),
            json!({"card": "4242424242424242"}),
        )
        .await;
    let query = [("expand[]", "subscription")];
    let done = stripe
        .get(&format!("/v1/checkout/sessions/{}", id(&session)), &query)
        .await;
    let settings = &done["subscription"]["trial_settings"]["end_behavior"];
    assert_eq!(settings["missing_payment_method"], "pause");
}

#[tokio::test]
async fn accounts_are_controlled_as_asked() {
    let stripe = Stripe::start().await;
    let form = [
        ("controller[stripe_dashboard][type]", "none"),
        ("controller[fees][payer]", "application"),
        ("business_profile[name]", "Shop"),
    ];
    let account = stripe.post("/v1/accounts", &form).await;
    assert_eq!(
        (account["type"].as_str(), &account["controller"]["stripe_dashboard"]),
        (Some("none"), &json!({"type": "none"}))
    );
    let path = format!("/v1/accounts/{}", id(&account));
    let changed = stripe
        .post(&path, &[("business_profile[url]", "https://shop.example")])
        .await;
    assert_eq!(
        (
            &changed["business_profile"]["name"],
            &changed["business_profile"]["url"]
        ),
        (&json!("Shop"), &json!("https://shop.example"))
    );
    for form in [
        vec![("type", "standard"), ("controller[fees][payer]", "account")],
        vec![("country", "XX")],
        vec![("default_currency", "zzz")],
        vec![("email", "nonsense")],
        vec![("individual[first_name]", "Ada")],
    ] {
        assert_eq!(stripe.refused("POST", "/v1/accounts", &form).await.status, 400);
    }
    let refused = stripe
        .refused("POST", &path, &[("settings[payouts][schedule][interval]", "manual")])
        .await;
    assert_eq!(refused.body["error"]["param"], "settings");
}

#[tokio::test]
async fn customers_and_invoices_keep_what_they_are_given() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    let form = [
        ("invoice_prefix", "SHOP1"),
        ("next_invoice_sequence", "42"),
        ("business_name", "Shop Ltd"),
        ("invoice_settings[footer]", "Thank you"),
        ("invoice_settings[custom_fields][0][name]", "PO"),
        ("invoice_settings[custom_fields][0][value]", "7"),
    ];
    let changed = stripe.post(&format!("/v1/customers/{customer}"), &form).await;
    assert_eq!(changed["business_name"], "Shop Ltd");
    assert_eq!(changed["invoice_settings"]["footer"], "Thank you");
    assert_eq!(
        changed["invoice_settings"]["custom_fields"],
        json!([{"name": "PO", "value": "7"}])
    );
    let subscription = stripe.subscribe(&customer, &price).await;
    let invoice = subscription["latest_invoice"].as_str().unwrap().to_owned();
    let path = format!("/v1/invoices/{invoice}");
    let made = stripe.get(&path, &[]).await;
    assert_eq!(
        (&made["number"], &made["footer"], &made["custom_fields"][0]["value"]),
        (&json!("SHOP1-0042"), &json!("Thank you"), &json!("7"))
    );
    let refused = stripe
        .refused("POST", &path, &[("default_payment_method", "pm_none")])
        .await;
    assert_eq!(refused.code(), "resource_missing");
    let form = [("custom_fields[0][name]", "a"), ("custom_fields[0][value]", "b")];
    let changed = stripe.post(&path, &form).await;
    assert_eq!(changed["custom_fields"], json!([{"name": "a", "value": "b"}]));
    assert_eq!(
        stripe.post(&path, &[("custom_fields", "")]).await["custom_fields"],
        Value::Null
    );
    // A price made on the way.
    let product = stripe.get(&format!("/v1/prices/{price}"), &[]).await["product"].clone();
    let item = item(&subscription);
    let form = [
        ("items[0][id]", item.as_str()),
        ("items[0][price_data][currency]", "usd"),
        ("items[0][price_data][product]", product.as_str().unwrap()),
        ("items[0][price_data][recurring][interval]", "month"),
        ("items[0][price_data][unit_amount]", "700"),
    ];
    let changed = stripe
        .post(&format!("/v1/subscriptions/{}", id(&subscription)), &form)
        .await;
    assert_eq!(changed["items"]["data"][0]["price"]["unit_amount"], 700);
}

/// Every parameter that an empty text unsets, on every kind of object that can be changed.
#[tokio::test]
async fn unsetting_anything_is_never_a_failure() {
    let stripe = Stripe::connected().await;
    let account = stripe.account.clone().unwrap();
    let price = stripe.price("Gold", 1000, "month").await;
    let product = stripe.get(&format!("/v1/prices/{price}"), &[]).await["product"].clone();
    let customer = stripe.customer("pm_card_visa").await;
    let method = stripe.give_card(&customer, "pm_card_visa").await;
    let subscription = stripe.subscribe(&customer, &price).await;
    let other = stripe
        .subscribe(&customer, &stripe.price("Silver", 500, "month").await)
        .await;
    let configuration = stripe
        .post(
            "/v1/billing_portal/configurations",
            &[("features[invoice_history][enabled]", "true")],
        )
        .await;
    let schedule = stripe
        .post("/v1/subscription_schedules", &[("from_subscription", &id(&other))])
        .await;
    let ids = [
        ("/v1/accounts/{account}", account),
        ("/v1/billing_portal/configurations/{configuration}", id(&configuration)),
        ("/v1/customers/{customer}", customer),
        (
            "/v1/invoices/{invoice}",
            subscription["latest_invoice"].as_str().unwrap().to_owned(),
        ),
        ("/v1/payment_methods/{payment_method}", method),
        ("/v1/prices/{price}", price),
        ("/v1/products/{id}", product.as_str().unwrap().to_owned()),
        ("/v1/subscription_schedules/{schedule}", id(&schedule)),
        ("/v1/subscriptions/{subscription_exposed_id}", id(&subscription)),
    ];
    let description: Value = serde_json::from_str(include_str!("../../spec/description.json")).unwrap();
    for (path, id) in ids {
        let mut names = Vec::new();
        emptyable(&description["paths"][path]["post"]["form"], "", &mut names);
        assert!(!names.is_empty(), "{path}");
        let (start, _) = path.split_once('{').unwrap();
        for name in names {
            let answer = stripe.send("POST", &format!("{start}{id}"), &[(&name, "")], &[]).await;
            assert!(answer.status < 500, "{path} {name}: {:#}", answer.body);
            let kept = stripe.send("GET", &format!("{start}{id}"), &[], &[]).await;
            assert_eq!(kept.status, 200, "{path} {name}: {:#}", kept.body);
        }
    }
}

/// The names of parameters that can be unset, outside of lists.
fn emptyable(schema: &Value, path: &str, names: &mut Vec<String>) {
    for (name, inner) in schema["properties"].as_object().into_iter().flatten() {
        let full = if path.is_empty() {
            name.clone()
        } else {
            format!("{path}[{name}]")
        };
        let options = inner["anyOf"].as_array().cloned().unwrap_or_default();
        if options.iter().any(|option| option["enum"] == json!([""])) {
            names.push(full.clone());
        }
        emptyable(inner, &full, names);
        for option in &options {
            emptyable(option, &full, names);
        }
    }
}
