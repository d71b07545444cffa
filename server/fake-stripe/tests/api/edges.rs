//! Numbers, moments and combinations that Stripe refuses: each is a 400 that leaves nothing behind.

use serde_json::Value;

use crate::support::{DAY, START, Stripe, id, item};

const HUGE: &str = "9223372036854775807";

struct Shop {
    stripe: Stripe,
    price: String,
    customer: String,
}

async fn shop() -> Shop {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 99_999_999, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    Shop {
        stripe,
        price,
        customer,
    }
}

impl Shop {
    /// Nothing but 400s, and no subscription of any status.
    async fn refuses_all(&self, path: &str, base: &[(&str, &str)], edges: &[&[(&str, &str)]]) {
        for edge in edges {
            let mut form = base.to_vec();
            form.extend(*edge);
            let refused = self.stripe.refused("POST", path, &form).await;
            assert_eq!(refused.status, 400, "{edge:?}: {:#}", refused.body);
        }
    }

    async fn subscriptions(&self) -> usize {
        let all = self.stripe.get("/v1/subscriptions", &[("status", "all")]).await;
        all["data"].as_array().unwrap().len()
    }
}

#[tokio::test]
async fn a_new_subscription_begins_within_bounds() {
    let shop = shop().await;
    let (past, long) = ((START - DAY).to_string(), (START + 6 * 366 * DAY).to_string());
    let (soon, late) = ((START + 3 * DAY).to_string(), (START + 40 * DAY).to_string());
    let base = [
        ("customer", shop.customer.as_str()),
        ("items[0][price]", shop.price.as_str()),
    ];
    let edges: &[&[(&str, &str)]] = &[
        &[("billing_cycle_anchor", "9000000000000")],
        &[("billing_cycle_anchor", HUGE)],
        &[("billing_cycle_anchor", &past)],
        &[("billing_cycle_anchor", &late)],
        &[("billing_cycle_anchor", &soon), ("trial_end", &soon)],
        &[("trial_period_days", "-1")],
        &[("trial_period_days", "731")],
        &[("trial_period_days", HUGE)],
        &[("trial_end", &past)],
        &[("trial_end", &long)],
        &[("trial_end", &soon), ("trial_period_days", "3")],
        &[("items[0][quantity]", "-1")],
        &[("items[0][quantity]", "2")],
        &[("items[0][quantity]", "1000000000000")],
        &[("items[0][quantity]", HUGE)],
        &[("currency", "eur")],
        &[("application_fee_percent", "2.1234")],
    ];
    shop.refuses_all("/v1/subscriptions", &base, edges).await;
    assert_eq!(shop.subscriptions().await, 0);
    let anchored = [("billing_cycle_anchor", soon.as_str()), ("currency", "usd")];
    let made = shop
        .stripe
        .post("/v1/subscriptions", &[&base[..], &anchored].concat())
        .await;
    assert_eq!(made["billing_cycle_anchor"].to_string(), soon);
}

#[tokio::test]
async fn changes_previews_and_schedules_stay_within_bounds() {
    let shop = shop().await;
    let subscription = shop.stripe.subscribe(&shop.customer, &shop.price).await;
    let (path, item) = (format!("/v1/subscriptions/{}", id(&subscription)), item(&subscription));
    let yearly = shop.stripe.price("Yearly", 100, "year").await;
    let monthly = shop.stripe.price("Monthly", 100, "month").await;
    let edges: &[&[(&str, &str)]] = &[
        &[("items[0][id]", &item), ("items[0][quantity]", "1000000000000")],
        &[("items[0][id]", &item), ("items[0][quantity]", HUGE)],
        &[("items[0][id]", &item), ("items[0][quantity]", "-1")],
        &[("items[0][id]", &item), ("items[0][quantity]", "2")],
        &[("items[0][price]", &shop.price)],
        &[("items[0][price]", &yearly)],
        &[("items[0][price]", &monthly)],
        &[("trial_end", HUGE)],
        &[("cancel_at", HUGE)],
    ];
    shop.refuses_all(&path, &[], edges).await;
    let edges: &[&[(&str, &str)]] = &[
        &[
            ("subscription_details[items][0][id]", &item),
            ("subscription_details[items][0][quantity]", HUGE),
        ],
        &[("subscription_details[trial_end]", HUGE)],
    ];
    let base = [("subscription", id(&subscription))];
    let base: Vec<(&str, &str)> = base.iter().map(|(name, id)| (*name, id.as_str())).collect();
    shop.refuses_all("/v1/invoices/create_preview", &base, edges).await;
    let other = shop.stripe.customer("pm_card_visa").await;
    let base = [
        ("customer", other.as_str()),
        ("subscription_details[items][0][price]", shop.price.as_str()),
    ];
    let edges: &[&[(&str, &str)]] = &[
        &[("subscription_details[items][0][quantity]", "1000000000000")],
        &[
            ("subscription_details[billing_cycle_anchor][type]", "timestamp"),
            ("subscription_details[billing_cycle_anchor][timestamp]", "9000000000000"),
        ],
    ];
    shop.refuses_all("/v1/invoices/create_preview", &base, edges).await;
    let schedule = shop
        .stripe
        .post(
            "/v1/subscription_schedules",
            &[("from_subscription", &id(&subscription))],
        )
        .await;
    let start = schedule["current_phase"]["start_date"].to_string();
    let base = [
        ("phases[0][start_date]", start.as_str()),
        ("phases[0][items][0][price]", shop.price.as_str()),
    ];
    let edges: &[&[(&str, &str)]] = &[
        &[("phases[0][items][0][quantity]", "1000000000000")],
        &[("phases[0][end_date]", HUGE)],
        &[("phases[0][application_fee_percent]", "1.234")],
    ];
    shop.refuses_all(&format!("/v1/subscription_schedules/{}", id(&schedule)), &base, edges)
        .await;
    assert_eq!(shop.stripe.get(&path, &[]).await["items"], subscription["items"]);
}

#[tokio::test]
async fn checkout_stays_within_bounds() {
    let shop = shop().await;
    let (tomorrow, late) = ((START + DAY).to_string(), (START + 40 * DAY).to_string());
    let base = [
        ("mode", "subscription"),
        ("line_items[0][price]", shop.price.as_str()),
        ("success_url", "http://127.0.0.1/done"),
    ];
    let edges: &[&[(&str, &str)]] = &[
        &[("line_items[0][quantity]", "1000000000000")],
        &[("line_items[0][quantity]", "0")],
        &[("line_items[0][quantity]", "-1")],
    ];
    shop.refuses_all("/v1/checkout/sessions", &base, edges).await;
    let base = [&base[..], &[("line_items[0][quantity]", "1")]].concat();
    let edges: &[&[(&str, &str)]] = &[
        &[("subscription_data[trial_period_days]", "0")],
        &[("subscription_data[trial_period_days]", "-1")],
        &[("subscription_data[trial_period_days]", HUGE)],
        &[("subscription_data[trial_end]", "1")],
        &[("subscription_data[trial_end]", &tomorrow)],
        &[("subscription_data[billing_cycle_anchor]", "9000000000000")],
        &[("subscription_data[billing_cycle_anchor]", &late)],
        &[("subscription_data[application_fee_percent]", "2.1234")],
        &[("customer_email", "nonsense")],
        &[("currency", "eur")],
    ];
    shop.refuses_all("/v1/checkout/sessions", &base, edges).await;
    let sessions = shop.stripe.get("/v1/checkout/sessions", &[]).await;
    assert!(sessions["data"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn customers_cards_and_metadata_stay_within_bounds() {
    let shop = shop().await;
    let (key, value) = ("k".repeat(41), "v".repeat(501));
    let long_key = format!("metadata[{key}]");
    let edges: &[&[(&str, &str)]] = &[
        &[("balance", HUGE)],
        &[("balance", "-9223372036854775808")],
        &[("email", "nonsense")],
        &[("metadata[a]", &value)],
        &[(&long_key, "v")],
        &[("invoice_prefix", "ab")],
        &[("next_invoice_sequence", "0")],
    ];
    shop.refuses_all("/v1/customers", &[], edges).await;
    let path = format!("/v1/customers/{}", shop.customer);
    shop.refuses_all(&path, &[], edges).await;
    let names: Vec<String> = (0..51).map(|number| format!("metadata[{number}]")).collect();
    let all: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "v")).collect();
    shop.refuses_all(&path, &all, &[&[]]).await;
    shop.stripe.post(&path, &all[..50]).await;
    // Too many with those that are there already.
    shop.refuses_all(&path, &all[50..], &[&[]]).await;
    let kept = shop.stripe.get(&path, &[]).await;
    assert_eq!(kept["metadata"].as_object().unwrap().len(), 50);

    let card = [("type", "card"), ("card[number]", "4242424242424242")];
    let edges: &[&[(&str, &str)]] = &[
        &[("card[exp_month]", "13"), ("card[exp_year]", "2034")],
        &[("card[exp_month]", "12"), ("card[exp_year]", "2020")],
    ];
    for edge in edges {
        let refused = shop
            .stripe
            .refused("POST", "/v1/payment_methods", &[&card[..], edge].concat())
            .await;
        assert_eq!(refused.status, 402);
    }
    let form = [&card[..], &[("card[exp_month]", "3"), ("card[exp_year]", "2031")]].concat();
    let made = shop.stripe.post("/v1/payment_methods", &form).await;
    assert_eq!(
        (made["card"]["exp_month"].as_i64(), made["card"]["exp_year"].as_i64()),
        (Some(3), Some(2031))
    );
}

#[tokio::test]
async fn a_customer_pays_in_one_currency() {
    let shop = shop().await;
    shop.stripe.subscribe(&shop.customer, &shop.price).await;
    let product = id(&shop.stripe.post("/v1/products", &[("name", "Gold")]).await);
    let form = [
        ("product", product.as_str()),
        ("currency", "eur"),
        ("unit_amount", "500"),
        ("recurring[interval]", "month"),
    ];
    let euros = id(&shop.stripe.post("/v1/prices", &form).await);
    let form = [
        ("customer", shop.customer.as_str()),
        ("items[0][price]", euros.as_str()),
    ];
    let refused = shop.stripe.refused("POST", "/v1/subscriptions", &form).await;
    assert!(
        refused
            .message()
            .starts_with("You cannot combine currencies on a single customer."),
        "{}",
        refused.message()
    );
    let form = [
        ("mode", "subscription"),
        ("customer", shop.customer.as_str()),
        ("line_items[0][price]", euros.as_str()),
        ("line_items[0][quantity]", "1"),
        ("success_url", "http://127.0.0.1/done"),
    ];
    assert_eq!(
        shop.stripe.refused("POST", "/v1/checkout/sessions", &form).await.status,
        400
    );
    assert_eq!(shop.subscriptions().await, 1);
    let unknown = shop
        .stripe
        .refused(
            "POST",
            "/v1/prices",
            &[("product", &product), ("currency", "xyz"), ("unit_amount", "1")],
        )
        .await;
    assert_eq!(unknown.body["error"]["param"], "currency");
}

#[tokio::test]
async fn the_platform_takes_no_fee_from_itself() {
    let stripe = Stripe::start().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    let form = [
        ("customer", customer.as_str()),
        ("items[0][price]", price.as_str()),
        ("application_fee_percent", "5"),
    ];
    let refused = stripe.refused("POST", "/v1/subscriptions", &form).await;
    assert_eq!(refused.body["error"]["param"], "application_fee_percent");
}

/// What panics is taken back, answers a 500, and poisons nothing.
#[tokio::test]
async fn a_panic_leaves_nothing_behind() {
    let shop = shop().await;
    let path = format!("/v1/customers/{}", shop.customer);
    let before = shop.stripe.get(&path, &[]).await;
    let refused = shop.stripe.app().act(|engine| -> Result<(), _> {
        engine.edit(&shop.customer, |customer| customer["name"] = Value::from("half made"));
        panic!("broken on purpose")
    });
    let refused = refused.unwrap_err();
    assert_eq!(refused.status, 500);
    assert!(refused.message.contains("broken on purpose"), "{}", refused.message);
    assert_eq!(shop.stripe.get(&path, &[]).await, before);
}

/// An object that is not as described is refused before it is kept.
#[tokio::test]
async fn what_differs_from_the_description_is_not_kept() {
    let shop = shop().await;
    let path = format!("/v1/customers/{}", shop.customer);
    let before = shop.stripe.get(&path, &[]).await;
    let refused = shop.stripe.app().act(|engine| {
        engine.change(&shop.customer, "customer.updated", |customer| {
            customer["email"] = Value::from(5);
        });
        Ok(())
    });
    assert_eq!(refused.unwrap_err().status, 500);
    assert_eq!(shop.stripe.get(&path, &[]).await, before);
}
