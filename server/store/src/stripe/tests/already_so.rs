//! Changes that Stripe refuses the second time: what is asked for is so already, so it is no failure.

use serde_json::json;

use crate::stripe::InvoiceState;

use super::{
    between::Bench,
    found_again::{mark, subscription},
};

#[tokio::test]
async fn what_is_over_already_can_be_ended_again() {
    let bench = Bench::new().await;
    let account = bench.account().await;
    // Pays the first time, and then never again.
    let held = subscription(&bench, &account, "4000000000000341").await;
    bench.control("clock", json!({ "advance": 32 * 24 * 3600 })).await;
    let stripe = bench.stripe.on(&account);
    let invoice = stripe
        .subscription(&held.id)
        .await
        .expect("it")
        .latest_invoice
        .expect("an invoice");
    let state = stripe.invoice(&invoice).await.expect("an invoice").state;
    assert_eq!(state, InvoiceState::Open);
    for key in ["cancel:1", "cancel:2"] {
        stripe.cancel_now(key, &held.id, false).await.expect("ended");
    }
    assert!(stripe.subscription(&held.id).await.expect("it").status.is_over());
    for key in ["void:1", "void:2"] {
        let voided = stripe.void_invoice(key, &invoice).await.expect("void");
        assert_eq!(voided.state, InvoiceState::Void);
    }
    let error = stripe
        .cancel_now("cancel:3", "sub_none", false)
        .await
        .expect_err("there is none");
    assert!(error.is_missing());
    bench.finish().await;
}

#[tokio::test]
async fn what_is_released_or_expired_already_is_as_good() {
    let bench = Bench::new().await;
    let account = bench.account().await;
    let held = subscription(&bench, &account, "4242424242424242").await;
    let stripe = bench.stripe.on(&account);
    let downgrade = crate::stripe::Downgrade {
        subscription: &held.id,
        current_price: &held.items[0].price,
        price: &held.items[0].price,
        period_start: held.items[0].period_start,
        period_end: held.items[0].period_end,
        metadata: mark(),
    };
    stripe
        .schedule_downgrade("downgrade:1", None, &downgrade)
        .await
        .expect("a schedule");
    let attached = stripe
        .subscription(&held.id)
        .await
        .expect("it")
        .schedule
        .expect("a schedule");
    for key in ["release:1", "release:2"] {
        stripe.release_schedule(key, &attached).await.expect("released");
    }
    let error = stripe
        .release_schedule("release:3", "sub_sched_none")
        .await
        .expect_err("there is none");
    assert!(error.is_missing());
    bench.finish().await;
}
