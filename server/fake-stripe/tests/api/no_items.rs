//! Subscriptions without items: Stripe's API does not make them; a control route does.

use serde_json::json;

use crate::support::{DAY, START, Stripe, id, item, period_end};

const REFUSAL: &str = "A subscription must have at least one active plan. To cancel a subscription, please use the cancel API endpoint on the \
                       subscription.";

#[tokio::test]
async fn the_last_item_cannot_be_removed_and_others_can() {
    let stripe = Stripe::connected().await;
    let (gold, extra) = (
        stripe.price("Gold", 1000, "month").await,
        stripe.price("Extra", 300, "month").await,
    );
    let customer = stripe.customer("pm_card_visa").await;
    let subscription = stripe.subscribe(&customer, &gold).await;
    let path = format!("/v1/subscriptions/{}", id(&subscription));
    let first = item(&subscription);
    let delete = [("items[0][id]", first.as_str()), ("items[0][deleted]", "true")];
    assert_eq!(stripe.refused("POST", &path, &delete).await.message(), REFUSAL);
    let one = format!("/v1/subscription_items/{first}");
    assert_eq!(stripe.refused("DELETE", &one, &[]).await.message(), REFUSAL);
    stripe.post(&path, &[("items[0][price]", &extra)]).await;
    assert_eq!(stripe.delete(&one, &[]).await["deleted"], true);
    let left = stripe.get(&path, &[]).await;
    assert_eq!(left["items"]["data"][0]["price"]["id"], extra.as_str());
    assert_eq!(left["items"]["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_stripped_subscription_stays_and_bills_nothing_until_it_gets_an_item() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    let subscription = stripe.subscribe(&customer, &price).await;
    let path = format!("/v1/subscriptions/{}", id(&subscription));
    let stripped = stripe
        .control(
            &format!("/_fake/subscriptions/{}/strip_items", id(&subscription)),
            json!({}),
        )
        .await;
    assert_eq!(
        (&stripped["items"]["data"], &stripped["status"]),
        (&json!([]), &json!("active"))
    );
    assert_eq!(
        stripe.event_types().await.last().unwrap(),
        "customer.subscription.updated"
    );
    stripe.advance(70 * DAY).await;
    let later = stripe.get(&path, &[("expand[]", "latest_invoice")]).await;
    assert_eq!(later["status"], "active");
    assert_eq!(later["latest_invoice"]["created"], START);
    let own = id(&subscription);
    let preview = [("subscription", own.as_str())];
    let none = stripe.refused("POST", "/v1/invoices/create_preview", &preview).await;
    assert_eq!(none.code(), "invoice_upcoming_none");
    let filled = stripe
        .post(&path, &[("items[0][price]", &price), ("expand[]", "latest_invoice")])
        .await;
    assert_eq!(filled["latest_invoice"]["amount_paid"], 1000);
    assert!(period_end(&filled) > START + 97 * DAY, "{filled:#}");
    stripe.set_time(period_end(&filled) + 2 * 3600).await;
    let renewed = stripe.subscription(&id(&subscription)).await;
    assert_eq!(renewed["latest_invoice"]["billing_reason"], "subscription_cycle");
}

#[tokio::test]
async fn a_stripped_subscription_ends_at_its_date_or_at_once() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let customer = stripe.customer("pm_card_visa").await;
    let (first, second) = (
        stripe.subscribe(&customer, &price).await,
        stripe.subscribe(&customer, &price).await,
    );
    let path = |subscription| format!("/v1/subscriptions/{}", id(subscription));
    stripe.post(&path(&first), &[("cancel_at_period_end", "true")]).await;
    for subscription in [&first, &second] {
        let strip = format!("/_fake/subscriptions/{}/strip_items", id(subscription));
        stripe.control(&strip, json!({})).await;
    }
    let ended = stripe
        .delete(&path(&second), &[("prorate", "true"), ("invoice_now", "true")])
        .await;
    assert_eq!(ended["status"], "canceled");
    assert_eq!(stripe.get(&path(&first), &[]).await["status"], "active");
    stripe.set_time(period_end(&first)).await;
    assert_eq!(stripe.get(&path(&first), &[]).await["status"], "canceled");
}
