//! Test clocks: customers with a time of their own.

use crate::support::{DAY, HOUR, START, Stripe, at, id, period_end};

#[tokio::test]
async fn a_clock_moves_its_own_customers_and_nobody_else() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let frozen = START.to_string();
    let clock = id(&stripe
        .post(
            "/v1/test_helpers/test_clocks",
            &[("frozen_time", &frozen), ("name", "mine")],
        )
        .await);
    let customer = id(&stripe.post("/v1/customers", &[("test_clock", &clock)]).await);
    stripe.give_card(&customer, "pm_card_visa").await;
    let mine = stripe.subscribe(&customer, &price).await;
    let other = stripe.customer("pm_card_visa").await;
    let theirs = stripe.subscribe(&other, &price).await;
    assert_eq!(
        (mine["test_clock"].as_str(), theirs["test_clock"].as_str()),
        (Some(clock.as_str()), None)
    );
    let to = (at("2026-03-31T10:00:00Z") + HOUR).to_string();
    let advance = format!("/v1/test_helpers/test_clocks/{clock}/advance");
    let first = at("2026-02-28T10:00:00Z").to_string();
    stripe.post(&advance, &[("frozen_time", &first)]).await;
    let advanced = stripe.post(&advance, &[("frozen_time", &to)]).await;
    assert_eq!(
        (advanced["status"].as_str(), advanced["frozen_time"].to_string()),
        (Some("ready"), to)
    );
    let mine = stripe.subscription(&id(&mine)).await;
    assert_eq!(
        (period_end(&mine), mine["latest_invoice"]["status"].as_str()),
        (at("2026-04-30T10:00:00Z"), Some("paid"))
    );
    assert_eq!(mine["latest_invoice"]["created"], at("2026-03-31T10:00:00Z"));
    assert_eq!(
        period_end(&stripe.subscription(&id(&theirs)).await),
        at("2026-02-28T10:00:00Z")
    );
    let back = stripe
        .refused(
            "POST",
            &format!("/v1/test_helpers/test_clocks/{clock}/advance"),
            &[("frozen_time", &frozen)],
        )
        .await;
    assert_eq!(back.status, 400);
    assert_eq!(
        stripe
            .delete(&format!("/v1/test_helpers/test_clocks/{clock}"), &[])
            .await["deleted"],
        true
    );
    assert_eq!(
        stripe
            .refused("GET", &format!("/v1/customers/{customer}"), &[])
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn what_is_done_on_a_clock_happens_at_its_time() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 2800, "month").await;
    let frozen = START.to_string();
    let clock = id(&stripe
        .post("/v1/test_helpers/test_clocks", &[("frozen_time", &frozen)])
        .await);
    let customer = id(&stripe.post("/v1/customers", &[("test_clock", &clock)]).await);
    stripe.give_card(&customer, "pm_card_visa").await;
    let subscription = id(&stripe.subscribe(&customer, &price).await);
    let to = (START + 7 * DAY).to_string();
    stripe
        .post(
            &format!("/v1/test_helpers/test_clocks/{clock}/advance"),
            &[("frozen_time", &to)],
        )
        .await;
    let ended = stripe
        .delete(
            &format!("/v1/subscriptions/{subscription}"),
            &[("prorate", "true"), ("invoice_now", "true")],
        )
        .await;
    assert_eq!(ended["ended_at"], START + 7 * DAY);
    assert_eq!(
        stripe.get(&format!("/v1/customers/{customer}"), &[]).await["balance"],
        -2100
    );
}

#[tokio::test]
async fn subscriptions_on_clocks_are_listed_only_when_asked_for() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let clock = id(&stripe
        .post("/v1/test_helpers/test_clocks", &[("frozen_time", &START.to_string())])
        .await);
    let customer = id(&stripe.post("/v1/customers", &[("test_clock", &clock)]).await);
    stripe.give_card(&customer, "pm_card_visa").await;
    stripe.subscribe(&customer, &price).await;
    for (query, found) in [
        (vec![], 0),
        (vec![("test_clock", clock.as_str())], 1),
        (vec![("customer", customer.as_str())], 1),
    ] {
        let list = stripe.get("/v1/subscriptions", &query).await;
        assert_eq!(list["data"].as_array().unwrap().len(), found, "{query:?}");
    }
}

#[tokio::test]
async fn a_clock_has_three_customers_and_moves_two_intervals_at_a_time() {
    let stripe = Stripe::connected().await;
    let price = stripe.price("Gold", 1000, "month").await;
    let clock = id(&stripe
        .post("/v1/test_helpers/test_clocks", &[("frozen_time", &START.to_string())])
        .await);
    let customer = id(&stripe.post("/v1/customers", &[("test_clock", &clock)]).await);
    for _ in 0..2 {
        stripe.post("/v1/customers", &[("test_clock", &clock)]).await;
    }
    let fourth = stripe.refused("POST", "/v1/customers", &[("test_clock", &clock)]).await;
    assert_eq!(fourth.status, 400);
    stripe.give_card(&customer, "pm_card_visa").await;
    stripe.subscribe(&customer, &price).await;
    let path = format!("/v1/test_helpers/test_clocks/{clock}/advance");
    let two = at("2026-03-31T10:00:00Z");
    let too_far = (two + 1).to_string();
    assert_eq!(
        stripe.refused("POST", &path, &[("frozen_time", &too_far)]).await.status,
        400
    );
    stripe.post(&path, &[("frozen_time", &two.to_string())]).await;
}
