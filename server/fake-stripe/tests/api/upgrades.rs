//! Changing what is subscribed to: prorations to the cent, previews, pending updates, refusals.

use serde_json::{Value, json};

use crate::support::{DAY, HOUR, START, Stripe, at, id, item, period_end};

struct Shop {
    stripe: Stripe,
    silver: String,
    gold: String,
    customer: String,
    subscription: Value,
}

async fn shop() -> Shop {
    let stripe = Stripe::connected().await;
    let silver = stripe.price("Silver", 1000, "month").await;
    let gold = stripe.price("Gold", 2599, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    let subscription = stripe.subscribe(&customer, &silver).await;
    Shop {
        stripe,
        silver,
        gold,
        customer,
        subscription,
    }
}

impl Shop {
    async fn switch(&self, price: &str, more: &[(&str, &str)]) -> Value {
        let item = item(&self.subscription);
        let mut form = vec![
            ("items[0][id]", item.as_str()),
            ("items[0][price]", price),
            ("expand[]", "latest_invoice"),
        ];
        form.extend(more);
        self.stripe
            .post(&format!("/v1/subscriptions/{}", id(&self.subscription)), &form)
            .await
    }

    async fn preview(&self, price: &str, more: &[(&str, &str)]) -> Value {
        let (item, subscription) = (item(&self.subscription), id(&self.subscription));
        let mut form = vec![
            ("subscription", subscription.as_str()),
            ("subscription_details[items][0][id]", item.as_str()),
            ("subscription_details[items][0][price]", price),
        ];
        form.extend(more);
        self.stripe.post("/v1/invoices/create_preview", &form).await
    }
}

fn amounts(invoice: &Value) -> Vec<i64> {
    invoice["lines"]["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["amount"].as_i64().unwrap())
        .collect()
}

#[tokio::test]
async fn an_upgrade_costs_the_rest_of_the_period_to_the_second_as_previewed() {
    let shop = shop().await;
    // 28 days from 31 January; after 10 days and an hour 1 551 600 of 2 419 200 seconds are left.
    shop.stripe.advance(10 * DAY + HOUR).await;
    let left = period_end(&shop.subscription) - (START + 10 * DAY + HOUR);
    assert_eq!(left, 1_551_600);
    let preview = shop
        .preview(
            &shop.gold,
            &[("subscription_details[proration_behavior]", "always_invoice")],
        )
        .await;
    assert_eq!(amounts(&preview), [-641, 1667]);
    assert_eq!(
        (preview["total"].as_i64(), preview["amount_due"].as_i64()),
        (Some(1026), Some(1026))
    );
    let upgraded = shop
        .switch(
            &shop.gold,
            &[
                ("proration_behavior", "always_invoice"),
                ("payment_behavior", "pending_if_incomplete"),
            ],
        )
        .await;
    assert_eq!(upgraded["items"]["data"][0]["price"]["id"], shop.gold.as_str());
    assert_eq!(upgraded["items"]["data"][0]["id"], item(&shop.subscription).as_str());
    assert_eq!(period_end(&upgraded), period_end(&shop.subscription));
    let invoice = &upgraded["latest_invoice"];
    assert_eq!(amounts(invoice), [-641, 1667]);
    assert_eq!(
        (invoice["status"].as_str(), invoice["amount_paid"].as_i64()),
        (Some("paid"), Some(1026))
    );
    assert!(
        invoice["lines"]["data"][0]["parent"]["subscription_item_details"]["proration"]
            .as_bool()
            .unwrap()
    );
    assert_eq!(
        shop.stripe.get("/v1/invoices", &[]).await["data"]
            .as_array()
            .unwrap()
            .len(),
        2,
        "the preview left nothing behind"
    );
}

#[tokio::test]
async fn a_downgrade_at_once_gives_a_credit_that_the_renewal_uses_up() {
    let shop = shop().await;
    shop.switch(&shop.gold, &[("proration_behavior", "always_invoice")])
        .await;
    shop.stripe.advance(14 * DAY).await;
    let down = shop
        .switch(&shop.silver, &[("proration_behavior", "always_invoice")])
        .await;
    assert_eq!(amounts(&down["latest_invoice"]), [-1300, 500]);
    assert_eq!(
        (
            down["latest_invoice"]["status"].as_str(),
            down["latest_invoice"]["amount_due"].as_i64()
        ),
        (Some("paid"), Some(0))
    );
    assert_eq!(
        shop.stripe.get(&format!("/v1/customers/{}", shop.customer), &[]).await["balance"],
        -800
    );
    shop.stripe.set_time(period_end(&down) + HOUR).await;
    let renewed = shop.stripe.subscription(&id(&down)).await;
    let invoice = &renewed["latest_invoice"];
    assert_eq!(
        (
            invoice["total"].as_i64(),
            invoice["amount_due"].as_i64(),
            invoice["ending_balance"].as_i64()
        ),
        (Some(1000), Some(200), Some(0))
    );
    assert_eq!(
        shop.stripe.get(&format!("/v1/customers/{}", shop.customer), &[]).await["balance"],
        0
    );
}

#[tokio::test]
async fn kept_prorations_come_with_the_next_invoice() {
    let shop = shop().await;
    shop.stripe.advance(14 * DAY).await;
    let changed = shop
        .switch(&shop.gold, &[("proration_behavior", "create_prorations")])
        .await;
    assert_eq!(changed["latest_invoice"]["id"], shop.subscription["latest_invoice"]);
    let upcoming = shop
        .stripe
        .post("/v1/invoices/create_preview", &[("subscription", &id(&changed))])
        .await;
    assert_eq!(amounts(&upcoming), [-500, 1300, 2599]);
    shop.stripe.set_time(period_end(&changed) + HOUR).await;
    assert_eq!(
        amounts(&shop.stripe.subscription(&id(&changed)).await["latest_invoice"]),
        [-500, 1300, 2599]
    );
}

#[tokio::test]
async fn month_to_year_begins_a_new_period_now() {
    let shop = shop().await;
    let yearly = shop.stripe.price("Silver", 10_000, "year").await;
    shop.stripe.advance(14 * DAY).await;
    let changed = shop.switch(&yearly, &[("proration_behavior", "always_invoice")]).await;
    assert_eq!(amounts(&changed["latest_invoice"]), [-500, 10_000]);
    assert_eq!(period_end(&changed), at("2027-02-14T10:00:00Z"));
    assert_eq!(changed["billing_cycle_anchor"], at("2026-02-14T10:00:00Z"));
}

#[tokio::test]
async fn an_upgrade_that_cannot_be_paid_waits_and_applies_when_it_is() {
    let shop = shop().await;
    shop.stripe
        .give_card(&shop.customer, "pm_card_chargeCustomerFail")
        .await;
    let pending = shop
        .switch(
            &shop.gold,
            &[
                ("proration_behavior", "always_invoice"),
                ("payment_behavior", "pending_if_incomplete"),
            ],
        )
        .await;
    assert_eq!(
        (
            pending["status"].as_str(),
            pending["items"]["data"][0]["price"]["id"].as_str()
        ),
        (Some("active"), Some(shop.silver.as_str()))
    );
    assert_eq!(
        pending["pending_update"]["subscription_items"][0]["price"]["id"],
        shop.gold.as_str()
    );
    assert_eq!(pending["pending_update"]["expires_at"], START + 23 * HOUR);
    let invoice = id(&pending["latest_invoice"]);
    let declined = shop
        .stripe
        .refused("POST", &format!("/v1/invoices/{invoice}/pay"), &[])
        .await;
    assert_eq!((declined.status, declined.code()), (402, "card_declined"));
    let good = shop.stripe.give_card(&shop.customer, "pm_card_visa").await;
    shop.stripe
        .post(&format!("/v1/invoices/{invoice}/pay"), &[("payment_method", &good)])
        .await;
    let applied = shop.stripe.subscription(&id(&pending)).await;
    assert_eq!(
        (
            applied["items"]["data"][0]["price"]["id"].as_str(),
            applied["pending_update"].is_null()
        ),
        (Some(shop.gold.as_str()), true)
    );
    assert!(
        shop.stripe
            .event_types()
            .await
            .contains(&"customer.subscription.pending_update_applied".to_owned())
    );
}

#[tokio::test]
async fn a_pending_update_takes_the_end_of_the_period_along() {
    let shop = shop().await;
    shop.stripe
        .give_card(&shop.customer, "pm_card_chargeCustomerFail")
        .await;
    let more = [
        ("proration_behavior", "always_invoice"),
        ("payment_behavior", "pending_if_incomplete"),
        ("cancel_at_period_end", "true"),
    ];
    let pending = shop.switch(&shop.gold, &more).await;
    assert_eq!(
        (&pending["cancel_at_period_end"], &pending["cancel_at"]),
        (&json!(false), &Value::Null)
    );
    assert_eq!(pending["pending_update"]["cancel_at_period_end"], true);
    let invoice = id(&pending["latest_invoice"]);
    let good = shop.stripe.give_card(&shop.customer, "pm_card_visa").await;
    shop.stripe
        .post(&format!("/v1/invoices/{invoice}/pay"), &[("payment_method", &good)])
        .await;
    let applied = shop.stripe.subscription(&id(&pending)).await;
    assert_eq!(
        (&applied["cancel_at_period_end"], &applied["cancel_at"]),
        (&json!(true), &json!(period_end(&shop.subscription)))
    );
    shop.stripe.set_time(period_end(&shop.subscription)).await;
    assert_eq!(shop.stripe.subscription(&id(&pending)).await["status"], "canceled");
}

#[tokio::test]
async fn a_pending_update_takes_an_ending_back_only_when_it_is_paid() {
    let shop = shop().await;
    let path = format!("/v1/subscriptions/{}", id(&shop.subscription));
    shop.stripe.post(&path, &[("cancel_at_period_end", "true")]).await;
    shop.stripe
        .give_card(&shop.customer, "pm_card_chargeCustomerFail")
        .await;
    let more = [
        ("proration_behavior", "always_invoice"),
        ("payment_behavior", "pending_if_incomplete"),
        ("cancel_at_period_end", "false"),
    ];
    let pending = shop.switch(&shop.gold, &more).await;
    assert_eq!(pending["cancel_at_period_end"], true);
    assert_eq!(pending["pending_update"]["cancel_at_period_end"], false);
    // The same again is no conflict; the opposite drops what waits.
    shop.stripe.post(&path, &[("cancel_at_period_end", "false")]).await;
    assert!(shop.stripe.subscription(&id(&pending)).await["pending_update"].is_object());
    let dropped = shop.stripe.post(&path, &[("cancel_at_period_end", "true")]).await;
    assert!(dropped["pending_update"].is_null());
    assert_eq!(
        shop.stripe.subscription(&id(&pending)).await["latest_invoice"]["status"],
        "void"
    );
    let pending = shop.switch(&shop.gold, &more).await;
    let invoice = id(&pending["latest_invoice"]);
    let good = shop.stripe.give_card(&shop.customer, "pm_card_visa").await;
    shop.stripe
        .post(&format!("/v1/invoices/{invoice}/pay"), &[("payment_method", &good)])
        .await;
    let applied = shop.stripe.subscription(&id(&pending)).await;
    assert_eq!(
        (&applied["cancel_at_period_end"], &applied["cancel_at"]),
        (&json!(false), &Value::Null)
    );
    assert_eq!(applied["items"]["data"][0]["price"]["id"], shop.gold.as_str());
}

#[tokio::test]
async fn a_pending_update_does_not_take_a_date() {
    let shop = shop().await;
    let (path, item) = (
        format!("/v1/subscriptions/{}", id(&shop.subscription)),
        item(&shop.subscription),
    );
    for date in ["", "min_period_end"] {
        let form = [
            ("items[0][id]", item.as_str()),
            ("items[0][price]", shop.gold.as_str()),
            ("payment_behavior", "pending_if_incomplete"),
            ("cancel_at", date),
        ];
        let refused = shop.stripe.refused("POST", &path, &form).await;
        assert_eq!(
            (refused.status, refused.body["error"]["param"].as_str()),
            (400, Some("cancel_at"))
        );
    }
}

#[tokio::test]
async fn a_pending_update_leaves_a_cancellation_that_was_made_meanwhile() {
    let shop = shop().await;
    shop.stripe
        .give_card(&shop.customer, "pm_card_chargeCustomerFail")
        .await;
    let more = [
        ("proration_behavior", "always_invoice"),
        ("payment_behavior", "pending_if_incomplete"),
    ];
    let pending = shop.switch(&shop.gold, &more).await;
    let path = format!("/v1/subscriptions/{}", id(&pending));
    shop.stripe.post(&path, &[("cancel_at_period_end", "true")]).await;
    let invoice = id(&pending["latest_invoice"]);
    let good = shop.stripe.give_card(&shop.customer, "pm_card_visa").await;
    shop.stripe
        .post(&format!("/v1/invoices/{invoice}/pay"), &[("payment_method", &good)])
        .await;
    let applied = shop.stripe.subscription(&id(&pending)).await;
    assert_eq!(applied["items"]["data"][0]["price"]["id"], shop.gold.as_str());
    assert_eq!(applied["cancel_at_period_end"], true, "set to end all the same");
}

#[tokio::test]
async fn a_pending_update_expires_with_its_invoice() {
    let shop = shop().await;
    shop.stripe
        .give_card(&shop.customer, "pm_card_authenticationRequired")
        .await;
    let pending = shop
        .switch(
            &shop.gold,
            &[
                ("proration_behavior", "always_invoice"),
                ("payment_behavior", "pending_if_incomplete"),
            ],
        )
        .await;
    let (path, item) = (format!("/v1/subscriptions/{}", id(&pending)), item(&pending));
    let again = [("items[0][id]", item.as_str()), ("items[0][price]", shop.gold.as_str())];
    assert_eq!(shop.stripe.refused("POST", &path, &again).await.status, 400);
    shop.stripe.advance(23 * HOUR).await;
    let expired = shop.stripe.subscription(&id(&pending)).await;
    assert_eq!(
        (
            expired["pending_update"].is_null(),
            expired["latest_invoice"]["status"].as_str()
        ),
        (true, Some("void"))
    );
    assert_eq!(
        (
            expired["status"].as_str(),
            expired["items"]["data"][0]["price"]["id"].as_str()
        ),
        (Some("active"), Some(shop.silver.as_str()))
    );
    assert!(
        shop.stripe
            .event_types()
            .await
            .contains(&"customer.subscription.pending_update_expired".to_owned())
    );
}

#[tokio::test]
async fn a_pending_update_takes_nothing_but_what_stripe_allows() {
    let shop = shop().await;
    let path = format!("/v1/subscriptions/{}", id(&shop.subscription));
    let form = [
        ("payment_behavior", "pending_if_incomplete"),
        ("application_fee_percent", "5"),
    ];
    let refused = shop.stripe.refused("POST", &path, &form).await;
    assert_eq!(
        (refused.status, refused.body["error"]["param"].as_str()),
        (400, Some("application_fee_percent"))
    );
}

#[tokio::test]
async fn error_if_incomplete_leaves_nothing_behind() {
    let shop = shop().await;
    shop.stripe
        .give_card(&shop.customer, "pm_card_chargeCustomerFail")
        .await;
    let (path, item) = (
        format!("/v1/subscriptions/{}", id(&shop.subscription)),
        item(&shop.subscription),
    );
    let form = [
        ("items[0][id]", item.as_str()),
        ("items[0][price]", shop.gold.as_str()),
        ("proration_behavior", "always_invoice"),
        ("payment_behavior", "error_if_incomplete"),
    ];
    assert_eq!(shop.stripe.refused("POST", &path, &form).await.code(), "card_declined");
    let same = shop.stripe.subscription(&id(&shop.subscription)).await;
    assert_eq!(same["items"]["data"][0]["price"]["id"], shop.silver.as_str());
    assert_eq!(
        shop.stripe.get("/v1/invoices", &[]).await["data"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn illegal_changes_are_refused() {
    let shop = shop().await;
    let (path, item) = (
        format!("/v1/subscriptions/{}", id(&shop.subscription)),
        item(&shop.subscription),
    );
    let last = shop
        .stripe
        .refused("POST", &path, &[("items[0][id]", &item), ("items[0][deleted]", "true")])
        .await;
    assert_eq!(last.status, 400);
    assert_eq!(
        shop.stripe
            .refused("POST", &path, &[("billing_cycle_anchor", "now")])
            .await
            .status,
        400
    );
    shop.stripe
        .post(&format!("/v1/prices/{}", shop.gold), &[("active", "false")])
        .await;
    assert_eq!(
        shop.stripe
            .refused(
                "POST",
                &path,
                &[("items[0][id]", &item), ("items[0][price]", &shop.gold)]
            )
            .await
            .status,
        400
    );
    let failing = shop.stripe.customer("pm_card_chargeCustomerFail").await;
    let incomplete = shop
        .stripe
        .post(
            "/v1/subscriptions",
            &[("customer", &failing), ("items[0][price]", &shop.silver)],
        )
        .await;
    let path = format!("/v1/subscriptions/{}", id(&incomplete));
    assert_eq!(
        shop.stripe
            .refused(
                "POST",
                &path,
                &[
                    ("items[0][id]", &crate::support::item(&incomplete)),
                    ("items[0][quantity]", "2")
                ]
            )
            .await
            .status,
        400
    );
    assert_eq!(
        shop.stripe.post(&path, &[("metadata[a]", "b")]).await["metadata"],
        json!({"a": "b"})
    );
}

#[tokio::test]
async fn a_trial_that_is_changed_goes_on_and_costs_nothing() {
    let shop = shop().await;
    let customer = shop.stripe.customer("pm_card_visa").await;
    let form = [
        ("customer", customer.as_str()),
        ("items[0][price]", shop.silver.as_str()),
        ("trial_period_days", "14"),
    ];
    let trial = shop.stripe.post("/v1/subscriptions", &form).await;
    let yearly = shop.stripe.price("Gold", 20_000, "year").await;
    let trial_item = item(&trial);
    let form = [
        ("items[0][id]", trial_item.as_str()),
        ("items[0][price]", yearly.as_str()),
        ("proration_behavior", "always_invoice"),
    ];
    let changed = shop
        .stripe
        .post(&format!("/v1/subscriptions/{}", id(&trial)), &form)
        .await;
    assert_eq!(
        (changed["status"].as_str(), changed["trial_end"].as_i64()),
        (Some("trialing"), Some(START + 14 * DAY))
    );
    assert_eq!(changed["latest_invoice"], trial["latest_invoice"]);
    let ended = shop
        .stripe
        .post(
            &format!("/v1/subscriptions/{}", id(&trial)),
            &[("trial_end", "now"), ("expand[]", "latest_invoice")],
        )
        .await;
    assert_eq!(
        (
            ended["status"].as_str(),
            ended["latest_invoice"]["amount_paid"].as_i64()
        ),
        (Some("active"), Some(20_000))
    );
}

#[tokio::test]
async fn items_are_added_and_changed_by_themselves_too() {
    let shop = shop().await;
    let subscription = id(&shop.subscription);
    let form = [
        ("subscription", subscription.as_str()),
        ("price", shop.gold.as_str()),
        ("quantity", "2"),
        ("metadata[a]", "b"),
    ];
    let added = shop.stripe.post("/v1/subscription_items", &form).await;
    assert_eq!(
        (&added["quantity"], &added["metadata"], &added["price"]["id"]),
        (&json!(2), &json!({"a": "b"}), &json!(shop.gold))
    );
    let path = format!("/v1/subscription_items/{}", id(&added));
    let form = [("quantity", "3"), ("proration_behavior", "none")];
    assert_eq!(shop.stripe.post(&path, &form).await["quantity"], 3);
    let whole = shop.stripe.subscription(&subscription).await;
    assert_eq!(whole["items"]["data"].as_array().unwrap().len(), 2);
    assert_eq!(whole["items"]["data"][1]["quantity"], 3);
    assert_eq!(
        shop.stripe.refused("POST", &path, &[("quantity", "-1")]).await.status,
        400
    );
}
