//! Subscription schedules: a downgrade that waits for the period's end.

use serde_json::{Value, json};

use crate::support::{DAY, HOUR, START, Stripe, at, id, period_end};

struct Shop {
    stripe: Stripe,
    gold: String,
    silver: String,
    subscription: Value,
    schedule: Value,
}

async fn shop(downgrade_interval: &str) -> Shop {
    let stripe = Stripe::connected().await;
    let gold = stripe
        .price(
            "Gold",
            2000,
            if downgrade_interval == "year" { "month" } else { "year" },
        )
        .await;
    let gold = if downgrade_interval == "same" {
        stripe.price("Gold", 2000, "month").await
    } else {
        gold
    };
    let silver = stripe
        .price(
            "Silver",
            1000,
            if downgrade_interval == "year" { "year" } else { "month" },
        )
        .await;
    let customer = stripe.customer("pm_card_visa").await;
    let subscription = stripe.subscribe(&customer, &gold).await;
    let schedule = stripe
        .post(
            "/v1/subscription_schedules",
            &[("from_subscription", &id(&subscription))],
        )
        .await;
    Shop {
        stripe,
        gold,
        silver,
        subscription,
        schedule,
    }
}

impl Shop {
    async fn plan_downgrade(&self) -> Value {
        let phase = &self.schedule["phases"][0];
        let (start, end) = (phase["start_date"].to_string(), phase["end_date"].to_string());
        let form = [
            ("end_behavior", "release"),
            ("proration_behavior", "none"),
            ("phases[0][start_date]", start.as_str()),
            ("phases[0][end_date]", end.as_str()),
            ("phases[0][items][0][price]", self.gold.as_str()),
            ("phases[0][application_fee_percent]", "2"),
            ("phases[1][items][0][price]", self.silver.as_str()),
            ("phases[1][application_fee_percent]", "3"),
            ("phases[1][proration_behavior]", "none"),
            ("phases[1][metadata][tier]", "silver"),
        ];
        self.stripe
            .post(&format!("/v1/subscription_schedules/{}", id(&self.schedule)), &form)
            .await
    }

    async fn now(&self) -> Value {
        self.stripe.subscription(&id(&self.subscription)).await
    }
}

#[tokio::test]
async fn a_downgrade_happens_at_the_periods_end_without_prorations() {
    let shop = shop("same").await;
    assert_eq!(shop.schedule["phases"][0]["end_date"], period_end(&shop.subscription));
    let planned = shop.plan_downgrade().await;
    assert_eq!(planned["phases"][1]["start_date"], period_end(&shop.subscription));
    let before = shop.now().await;
    assert_eq!(
        (
            before["schedule"].as_str(),
            before["items"]["data"][0]["price"]["id"].as_str()
        ),
        (shop.schedule["id"].as_str(), Some(shop.gold.as_str()))
    );
    assert_eq!(before["application_fee_percent"], 2.0);
    shop.stripe.set_time(period_end(&shop.subscription) + HOUR).await;
    let after = shop.now().await;
    assert_eq!(after["items"]["data"][0]["price"]["id"], shop.silver.as_str());
    assert_eq!(
        after["items"]["data"][0]["id"],
        shop.subscription["items"]["data"][0]["id"]
    );
    assert_eq!(
        (
            after["application_fee_percent"].as_f64(),
            after["metadata"]["tier"].as_str()
        ),
        (Some(3.0), Some("silver"))
    );
    let lines = after["latest_invoice"]["lines"]["data"].as_array().unwrap();
    assert_eq!((lines.len(), lines[0]["amount"].as_i64()), (1, Some(1000)));
    assert_eq!(period_end(&after), at("2026-03-31T10:00:00Z"));
    shop.stripe.set_time(at("2026-03-31T10:00:00Z")).await;
    let schedule = shop
        .stripe
        .get(&format!("/v1/subscription_schedules/{}", id(&shop.schedule)), &[])
        .await;
    assert_eq!(
        (schedule["status"].as_str(), schedule["released_subscription"].as_str()),
        (Some("released"), shop.subscription["id"].as_str())
    );
    assert!(shop.now().await["schedule"].is_null());
}

#[tokio::test]
async fn year_to_month_and_month_to_year_begin_their_own_rhythm() {
    let down = shop("month").await;
    down.plan_downgrade().await;
    down.stripe.set_time(period_end(&down.subscription) + HOUR).await;
    assert_eq!(period_end(&down.now().await), at("2027-02-28T10:00:00Z"));
    let up = shop("year").await;
    up.plan_downgrade().await;
    up.stripe.set_time(period_end(&up.subscription) + HOUR).await;
    let after = up.now().await;
    assert_eq!(period_end(&after), at("2027-02-28T10:00:00Z"));
    assert_eq!(after["billing_cycle_anchor"], at("2026-02-28T10:00:00Z"));
}

#[tokio::test]
async fn a_scheduled_subscription_is_not_cancelled_directly_but_after_release() {
    let shop = shop("same").await;
    shop.plan_downgrade().await;
    let path = format!("/v1/subscriptions/{}", id(&shop.subscription));
    let refused = shop
        .stripe
        .refused("POST", &path, &[("cancel_at_period_end", "true")])
        .await;
    let sentence = format!(
        "The subscription is managed by the subscription schedule `{}`, and updating any cancelation behavior directly is not allowed. \
         Please update the schedule instead.",
        id(&shop.schedule)
    );
    assert_eq!(refused.message(), sentence);
    let released = shop
        .stripe
        .post(
            &format!("/v1/subscription_schedules/{}/release", id(&shop.schedule)),
            &[],
        )
        .await;
    assert_eq!(released["status"], "released");
    shop.stripe.post(&path, &[("cancel_at_period_end", "true")]).await;
    assert_eq!(
        shop.stripe
            .refused(
                "POST",
                &format!("/v1/subscription_schedules/{}/release", id(&shop.schedule)),
                &[]
            )
            .await
            .status,
        400
    );
    shop.stripe.set_time(period_end(&shop.subscription)).await;
    assert_eq!(shop.now().await["status"], "canceled");
}

#[tokio::test]
async fn a_schedule_ends_with_its_subscription_and_cancel_ends_both() {
    let first = shop("same").await;
    first
        .stripe
        .delete(&format!("/v1/subscriptions/{}", id(&first.subscription)), &[])
        .await;
    let schedule = first
        .stripe
        .get(&format!("/v1/subscription_schedules/{}", id(&first.schedule)), &[])
        .await;
    assert_eq!(schedule["status"], "canceled");
    let second = shop("same").await;
    second.stripe.advance(14 * DAY).await;
    let canceled = second
        .stripe
        .post(
            &format!("/v1/subscription_schedules/{}/cancel", id(&second.schedule)),
            &[],
        )
        .await;
    assert_eq!(canceled["status"], "canceled");
    assert_eq!(second.now().await["status"], "canceled");
}

#[tokio::test]
async fn schedules_are_refused_where_stripe_refuses_them() {
    let shop = shop("same").await;
    let subscription = id(&shop.subscription);
    let twice = shop
        .stripe
        .refused(
            "POST",
            "/v1/subscription_schedules",
            &[("from_subscription", &subscription)],
        )
        .await;
    assert_eq!(twice.status, 400);
    let path = format!("/v1/subscription_schedules/{}", id(&shop.schedule));
    let moved = (START + 1).to_string();
    for form in [
        [
            ("phases[0][items][0][price]", shop.gold.as_str()),
            ("proration_behavior", "none"),
        ],
        [
            ("phases[0][items][0][price]", shop.gold.as_str()),
            ("phases[0][start_date]", moved.as_str()),
        ],
    ] {
        assert_eq!(shop.stripe.refused("POST", &path, &form).await.status, 400);
    }
    let other = shop.stripe.customer("pm_card_visa").await;
    let mixed = [
        ("from_subscription", subscription.as_str()),
        ("end_behavior", "cancel"),
        ("customer", other.as_str()),
    ];
    assert_eq!(
        shop.stripe
            .refused("POST", "/v1/subscription_schedules", &mixed)
            .await
            .status,
        400
    );
    assert_eq!(
        shop.stripe.get("/v1/subscription_schedules", &[]).await["data"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        shop.schedule["current_phase"],
        json!({"start_date": START, "end_date": period_end(&shop.subscription)})
    );
}

#[tokio::test]
async fn a_phase_brings_its_items_metadata_and_the_settings_description() {
    let shop = shop("same").await;
    let path = format!("/v1/subscription_schedules/{}", id(&shop.schedule));
    let (start, end) = (START.to_string(), period_end(&shop.subscription).to_string());
    let form = [
        ("default_settings[description]", "Less"),
        ("phases[0][start_date]", start.as_str()),
        ("phases[0][end_date]", end.as_str()),
        ("phases[0][items][0][price]", shop.gold.as_str()),
        ("phases[1][items][0][price]", shop.silver.as_str()),
        ("phases[1][items][0][metadata][a]", "b"),
    ];
    let planned = shop.stripe.post(&path, &form).await;
    assert_eq!(
        (
            &planned["default_settings"]["description"],
            &planned["phases"][1]["items"][0]["metadata"]
        ),
        (&json!("Less"), &json!({"a": "b"}))
    );
    shop.stripe.set_time(period_end(&shop.subscription)).await;
    let entered = shop.stripe.subscription(&id(&shop.subscription)).await;
    assert_eq!(
        (
            &entered["description"],
            &entered["items"]["data"][0]["metadata"],
            &entered["items"]["data"][0]["price"]["id"]
        ),
        (&json!("Less"), &json!({"a": "b"}), &json!(shop.silver))
    );
    let released = |query: (&'static str, String)| {
        let stripe = &shop.stripe;
        async move {
            let list = stripe
                .get("/v1/subscription_schedules", &[(query.0, query.1.as_str())])
                .await;
            list["data"].as_array().unwrap().len()
        }
    };
    assert_eq!(released(("released_at[gte]", start.clone())).await, 0);
    shop.stripe.post(&format!("{path}/release"), &[]).await;
    assert_eq!(released(("released_at[gte]", start.clone())).await, 1);
    assert_eq!(released(("released_at[lt]", start.clone())).await, 0);
    assert_eq!(released(("canceled_at[gte]", start.clone())).await, 0);
}
