//! What comes next: previews that know the schedule, anchors, and phases with trials and rhythms of their own.

use serde_json::Value;

use crate::{
    month::{Month, amounts},
    support::{DAY, HOUR, at, id, period_end},
};

#[tokio::test]
async fn a_preview_of_the_next_invoice_knows_the_schedule() {
    let month = Month::new(&[]).await;
    let price = month.now().await["items"]["data"][0]["price"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let form = [("from_subscription", month.id.as_str())];
    let schedule = month.stripe.post("/v1/subscription_schedules", &form).await;
    let (start, end) = (month.start.to_string(), (month.start + 31 * DAY).to_string());
    let form = [
        ("phases[0][start_date]", start.as_str()),
        ("phases[0][end_date]", end.as_str()),
        ("phases[0][items][0][price]", price.as_str()),
        ("phases[1][items][0][price]", month.dearer.as_str()),
        ("phases[1][proration_behavior]", "none"),
    ];
    month
        .stripe
        .post(&format!("/v1/subscription_schedules/{}", id(&schedule)), &form)
        .await;
    let preview = month.preview(&[]).await;
    assert_eq!(
        (amounts(&preview), &preview["billing_reason"]),
        (vec![6000], &serde_json::json!("upcoming"))
    );
    month.day(31).await;
    month.stripe.advance(HOUR).await;
    assert_eq!(amounts(&month.now().await["latest_invoice"]), [6000]);
}

#[tokio::test]
async fn without_prorations_the_time_until_the_anchor_is_free() {
    let anchor = (at("2027-01-01T00:00:00Z") + 10 * DAY).to_string();
    let month = Month::new(&[("billing_cycle_anchor", &anchor), ("proration_behavior", "none")]).await;
    let begun = month.now().await;
    assert_eq!(
        (&begun["status"], &begun["latest_invoice"]),
        (&serde_json::json!("active"), &Value::Null)
    );
    assert_eq!(period_end(&begun), month.start + 10 * DAY);
    let form = [
        ("customer", month.customer.as_str()),
        ("subscription_details[items][0][price]", month.dearer.as_str()),
        ("subscription_details[billing_cycle_anchor][type]", "timestamp"),
        ("subscription_details[billing_cycle_anchor][timestamp]", anchor.as_str()),
        ("subscription_details[proration_behavior]", "none"),
    ];
    let preview = month.stripe.post("/v1/invoices/create_preview", &form).await;
    assert_eq!(
        (amounts(&preview), preview["created"].as_i64()),
        (vec![6000], Some(month.start + 10 * DAY))
    );
    month.day(10).await;
    month.stripe.advance(HOUR).await;
    assert_eq!(amounts(&month.now().await["latest_invoice"]), [3000]);
}

impl Month {
    /// A schedule whose first phase is as it is until that day; answers its path.
    async fn schedule(&self, until: i64, second: &[(&str, &str)]) -> crate::support::Answer {
        let price = self.now().await["items"]["data"][0]["price"]["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let known = self.now().await["schedule"].as_str().map(str::to_owned);
        let schedule = if let Some(known) = known {
            known
        } else {
            let form = [("from_subscription", self.id.as_str())];
            id(&self.stripe.post("/v1/subscription_schedules", &form).await)
        };
        let (start, end) = (self.start.to_string(), until.to_string());
        let mut form = vec![
            ("phases[0][start_date]", start.as_str()),
            ("phases[0][end_date]", end.as_str()),
            ("phases[0][items][0][price]", price.as_str()),
            ("phases[1][items][0][price]", self.dearer.as_str()),
        ];
        form.extend(second);
        let path = format!("/v1/subscription_schedules/{schedule}");
        self.stripe.send("POST", &path, &form, &[]).await
    }
}

#[tokio::test]
async fn a_phase_can_begin_with_a_trial() {
    for (field, last_day) in [("trial", 59), ("trial_end", 40)] {
        let month = Month::new(&[]).await;
        let end = (month.start + last_day * DAY).to_string();
        let trial = match field {
            "trial" => ("phases[1][trial]", "true"),
            _ => ("phases[1][trial_end]", end.as_str()),
        };
        let planned = month.schedule(month.start + 31 * DAY, &[trial]).await;
        assert_eq!(planned.body["phases"][1]["trial_end"], month.start + last_day * DAY);
        let preview = month.preview(&[]).await;
        assert_eq!(
            (amounts(&preview), preview["created"].as_i64()),
            (vec![6000], Some(month.start + last_day * DAY))
        );
        month.day(31).await;
        month.stripe.advance(HOUR).await;
        let trialing = month.now().await;
        assert_eq!(
            (&trialing["status"], month.billed().await),
            (&serde_json::json!("trialing"), 3000),
            "{field}"
        );
        assert_eq!(trialing["items"]["data"][0]["price"]["id"], month.dearer.as_str());
        assert_eq!(period_end(&trialing), month.start + last_day * DAY, "{field}");
        month.day(last_day).await;
        month.stripe.advance(HOUR).await;
        let billed = month.now().await;
        assert_eq!(
            (&billed["status"], amounts(&billed["latest_invoice"])),
            (&serde_json::json!("active"), vec![6000]),
            "{field}"
        );
    }
}

#[tokio::test]
async fn a_trial_in_the_middle_of_a_period_gives_back_the_rest_of_it() {
    let month = Month::new(&[]).await;
    let middle = month.start + 15 * DAY + DAY / 2;
    let form = [("phases[1][trial]", "true"), ("phases[1][duration][interval]", "week")];
    assert_eq!(month.schedule(middle, &form).await.status, 200);
    month.stripe.set_time(middle).await;
    let trialing = month.now().await;
    assert_eq!(
        (&trialing["status"], period_end(&trialing)),
        (&serde_json::json!("trialing"), middle + 7 * DAY)
    );
    assert_eq!(month.balance().await, -1500);
}

#[tokio::test]
async fn a_trial_outside_of_its_phase_is_refused() {
    let month = Month::new(&[]).await;
    let (end, early, late) = (31 * DAY, 31 * DAY, 60 * DAY);
    let (early, late) = ((month.start + early).to_string(), (month.start + late).to_string());
    for form in [
        vec![("phases[1][trial_end]", early.as_str())],
        vec![("phases[1][trial_end]", late.as_str())],
        vec![("phases[1][trial_end]", "now")],
        vec![("phases[1][trial]", "true"), ("phases[1][trial_end]", "1801000000")],
    ] {
        let refused = month.schedule(month.start + end, &form).await;
        assert_eq!(
            (refused.status, refused.body["error"]["param"].as_str()),
            (400, Some("phases[1][trial_end]")),
            "{form:?}"
        );
    }
}

#[tokio::test]
async fn a_phase_can_begin_its_own_rhythm_in_the_middle_of_a_period() {
    for (param, value, begins) in [
        ("phases[1][billing_cycle_anchor]", "phase_start", true),
        ("default_settings[billing_cycle_anchor]", "phase_start", true),
        ("phases[1][billing_cycle_anchor]", "automatic", false),
    ] {
        let month = Month::new(&[]).await;
        let middle = month.start + 15 * DAY + DAY / 2;
        let form = [(param, value), ("phases[1][proration_behavior]", "always_invoice")];
        assert_eq!(month.schedule(middle, &form).await.status, 200);
        month.stripe.set_time(middle).await;
        let now = month.now().await;
        let (lines, end) = if begins {
            (vec![-1500, 6000], middle + 31 * DAY)
        } else {
            (vec![-1500, 3000], month.start + 31 * DAY)
        };
        assert_eq!(
            (amounts(&now["latest_invoice"]), period_end(&now)),
            (lines, end),
            "{param} {value}"
        );
    }
}
