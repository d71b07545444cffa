//! Ends that are planned: what is billed at them, and what moving them does.

use crate::{
    month::{CANCEL, Month, amounts},
    support::{DAY, HOUR, at, id, period_end},
};

#[tokio::test]
async fn what_waits_is_billed_at_a_planned_end() {
    for (how, last_day) in [("flag", 31), ("date", 31)] {
        let month = Month::new(&[]).await;
        month.day(15).await;
        month.stripe.advance(DAY / 2).await;
        month.switch(&month.dearer, "create_prorations").await;
        let end = (month.start + last_day * DAY).to_string();
        let form = match how {
            "flag" => ("cancel_at_period_end", "true"),
            _ => ("cancel_at", end.as_str()),
        };
        month.update(&[form]).await;
        assert_eq!(month.preview(&[]).await["total"], 1500, "{how}");
        month.day(last_day).await;
        let ended = month.now().await;
        assert_eq!(ended["status"], "canceled");
        assert_eq!(amounts(&ended["latest_invoice"]), [-1500, 3000], "{how}");
        month.stripe.advance(HOUR).await;
        assert_eq!(month.now().await["latest_invoice"]["amount_paid"], 1500, "{how}");
    }
}

#[tokio::test]
async fn a_credit_that_waits_at_a_planned_end_goes_to_the_balance() {
    let month = Month::new(&[]).await;
    month.switch(&month.dearer, "always_invoice").await;
    let cheap = month.stripe.price("Silver", 3000, "month").await;
    month.day(15).await;
    month.stripe.advance(DAY / 2).await;
    month.switch(&cheap, "create_prorations").await;
    month.update(&[("cancel_at_period_end", "true")]).await;
    month.day(31).await;
    month.stripe.advance(HOUR).await;
    assert_eq!(month.balance().await, -1500);
}

#[tokio::test]
async fn one_that_ends_with_its_period_ends_with_the_new_one() {
    let year = 365 + 5;
    for case in ["after", "together", "anchor", "trial"] {
        let month = Month::new(&[]).await;
        let yearly = month.stripe.price("Year", 60_000, "year").await;
        let flag = ("cancel_at_period_end", "true");
        let trial_end = (month.start + 50 * DAY).to_string();
        let items = [
            ("items[0][id]", month.item.as_str()),
            ("items[0][price]", yearly.as_str()),
        ];
        if case != "together" {
            month.update(&[flag]).await;
        }
        month.day(5).await;
        let (changed, end) = match case {
            "after" => (month.update(&items).await, year),
            "together" => (month.update(&[items[0], items[1], flag]).await, year),
            "anchor" => (month.update(&[("billing_cycle_anchor[type]", "now")]).await, 36),
            _ => (month.update(&[("trial_end", &trial_end)]).await, 50),
        };
        let end = month.start + end * DAY;
        assert_eq!(
            (period_end(&changed), changed["cancel_at"].as_i64()),
            (end, Some(end)),
            "{case}"
        );
        month.stripe.set_time(end - 1).await;
        assert_ne!(month.now().await["status"], "canceled", "{case}");
        month.stripe.set_time(end).await;
        assert_eq!(month.now().await["status"], "canceled", "{case}");
    }
}

#[tokio::test]
async fn a_pending_update_that_is_paid_moves_the_end_with_the_period() {
    let month = Month::new(&[]).await;
    let yearly = month.stripe.price("Year", 60_000, "year").await;
    month.update(&[("cancel_at_period_end", "true")]).await;
    month
        .stripe
        .give_card(&month.customer, "pm_card_chargeCustomerFail")
        .await;
    let form = [
        ("items[0][id]", month.item.as_str()),
        ("items[0][price]", yearly.as_str()),
        ("payment_behavior", "pending_if_incomplete"),
        ("proration_behavior", "always_invoice"),
    ];
    let waiting = month.update(&form).await;
    assert_eq!(waiting["cancel_at"], month.start + 31 * DAY);
    let method = month.stripe.give_card(&month.customer, "pm_card_visa").await;
    let pay = format!("/v1/invoices/{}/pay", id(&waiting["latest_invoice"]));
    month.stripe.post(&pay, &[("payment_method", &method)]).await;
    let now = month.now().await;
    assert_eq!(
        (period_end(&now), &now["cancel_at"]),
        (month.start + 365 * DAY, &now["items"]["data"][0]["current_period_end"])
    );
}

#[tokio::test]
async fn a_date_in_the_current_period_gives_back_what_comes_after_it() {
    for mode in ["flexible", "classic"] {
        for (behavior, now, total) in [
            ("always_invoice", -1500, 0),
            ("create_prorations", 0, -1500),
            ("none", 0, 0),
        ] {
            let month = Month::new(&[("billing_mode[type]", mode)]).await;
            let when = (month.start + 15 * DAY + DAY / 2).to_string();
            let form = [("cancel_at", when.as_str()), ("proration_behavior", behavior)];
            month.day(5).await;
            let changed = month.update(&form).await;
            let ends = if behavior == "none" {
                31 * DAY
            } else {
                15 * DAY + DAY / 2
            };
            assert_eq!(period_end(&changed), month.start + ends, "{behavior}");
            assert_eq!(month.balance().await, now, "{mode} {behavior}");
            month.day(20).await;
            let ended = month.now().await;
            assert_eq!(ended["status"], "canceled");
            assert_eq!(month.balance().await, now + total, "{mode} {behavior}");
        }
    }
}

#[tokio::test]
async fn a_date_that_is_moved_or_taken_back_bills_the_time_in_between() {
    for mode in ["flexible", "classic"] {
        let month = Month::new(&[("billing_mode[type]", mode)]).await;
        let date = |day: i64| (month.start + day * DAY).to_string();
        let steps = [
            (date(11), -1935),
            (date(21), 968),
            (date(16), -484),
            (String::new(), 1452),
        ];
        for (when, amount) in &steps {
            let form = [("cancel_at", when.as_str()), ("proration_behavior", "always_invoice")];
            let changed = month.update(&form).await;
            assert_eq!(amounts(&changed["latest_invoice"]), [*amount], "{mode} {when}");
        }
        month.day(31).await;
        month.stripe.advance(HOUR).await;
        let renewed = month.now().await;
        assert_eq!(amounts(&renewed["latest_invoice"]), [3000], "{mode}");
        assert_eq!(month.billed().await, 6001, "{mode}: each line is rounded by itself");
    }
}

#[tokio::test]
async fn changes_before_a_planned_end_are_counted_up_to_it() {
    for mode in ["flexible", "classic"] {
        let month = Month::new(&[("billing_mode[type]", mode)]).await;
        let when = (month.start + 20 * DAY).to_string();
        month
            .update(&[("cancel_at", when.as_str()), ("proration_behavior", "always_invoice")])
            .await;
        month.day(10).await;
        let changed = month.switch(&month.dearer, "always_invoice").await;
        assert_eq!(amounts(&changed["latest_invoice"]), [-968, 1935], "{mode}");
        month.day(15).await;
        let path = format!("/v1/subscriptions/{}", month.id);
        let ended = month.stripe.delete(&path, &CANCEL).await;
        assert_eq!(ended["latest_invoice"]["total"], -968, "{mode}");
        let used = 968 + 968;
        assert!((month.billed().await - used).abs() <= 2, "{mode}");
    }
}

#[tokio::test]
async fn the_period_that_a_date_falls_into_is_billed_up_to_it() {
    let month = Month::new(&[]).await;
    let when = (month.start + 45 * DAY).to_string();
    month.update(&[("cancel_at", &when)]).await;
    let preview = month.preview(&[]).await;
    month.day(31).await;
    month.stripe.advance(HOUR).await;
    let renewed = month.now().await;
    assert_eq!(amounts(&renewed["latest_invoice"]), [1500]);
    assert_eq!(preview["total"], 1500);
    assert_eq!(period_end(&renewed), month.start + 45 * DAY);
    month.day(45).await;
    assert_eq!(month.now().await["status"], "canceled");
    assert_eq!(month.billed().await, 4500);
}

#[tokio::test]
async fn a_date_in_the_first_period_makes_the_first_invoice_smaller() {
    let when = (at("2027-01-01T00:00:00Z") + 15 * DAY + DAY / 2).to_string();
    for (behavior, billed) in [("create_prorations", 1500), ("none", 3000)] {
        let month = Month::new(&[("cancel_at", &when), ("proration_behavior", behavior)]).await;
        assert_eq!(month.billed().await, billed, "{behavior}");
        month.day(16).await;
        assert_eq!(month.now().await["status"], "canceled");
        assert_eq!(month.billed().await, billed);
    }
}

#[tokio::test]
async fn an_end_in_words_is_the_periods() {
    for word in ["max_billed_until", "max_period_end", "min_period_end"] {
        let month = Month::new(&[]).await;
        let soon = (month.start + 40 * DAY).to_string();
        month.update(&[("cancel_at", &soon)]).await;
        let ending = month.update(&[("cancel_at", word)]).await;
        assert_eq!(ending["cancel_at"], month.start + 31 * DAY, "{word}");
        month.update(&[("cancel_at", "")]).await;
        let form = [
            ("subscription", month.id.as_str()),
            ("subscription_details[cancel_at]", word),
        ];
        let preview = month.stripe.refused("POST", "/v1/invoices/create_preview", &form).await;
        assert_eq!(preview.code(), "invoice_upcoming_none", "{word}");
    }
}
