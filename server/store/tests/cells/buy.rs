//! Section 2: the customer buys a tier.

use model::{
    Refusal,
    catalog::TierAction,
    interval::Interval,
    letter::PaymentTrouble,
    purchase::{Outcome, SwitchKind},
    subscription::SubscriptionStatus as Status,
};

use crate::situation::{ASKS, FAILS_LATER, GOOD, SLUG, Situation, refused, waits};

async fn buys_anew(situation: Situation) {
    let url = situation.leads_to("Gold").await;
    situation.pays(&url).await;
    assert_eq!(situation.holds().await, ["Gold"]);
    situation.finish().await;
}

#[tokio::test]
async fn none() {
    buys_anew(Situation::none().await).await;
}

#[tokio::test]
async fn incomplete_expired() {
    buys_anew(Situation::of(Status::IncompleteExpired).await).await;
}

#[tokio::test]
async fn canceled() {
    buys_anew(Situation::of(Status::Canceled).await).await;
}

#[tokio::test]
async fn unpaid() {
    let situation = Situation::of(Status::Unpaid).await;
    let url = situation.leads_to("Gold").await;
    assert_eq!(situation.status().await, "unpaid", "not before the new one is paid");
    situation.pays(&url).await;
    assert_eq!(situation.holds().await, ["Gold"]);
    assert_eq!(situation.status().await, "canceled");
    assert_eq!(situation.open_invoices().await, 0);
    situation.finish().await;
}

#[tokio::test]
async fn paused() {
    let situation = Situation::of(Status::Paused).await;
    let preview = situation.preview("Gold").await;
    assert_eq!(preview.kind, SwitchKind::Resume);
    assert!(
        preview.due_now.minor < 1400,
        "what the pause credited is taken off: {preview:?}"
    );
    situation.confirm(&preview).await.expect("resumed");
    let paid = &situation.invoices().await[0]["amount_paid"];
    assert_eq!(paid.as_i64(), Some(preview.due_now.minor), "as it was shown");
    assert_eq!(situation.holds().await, ["Silver"]);
    let preview = situation.preview("Gold").await;
    assert_eq!(preview.kind, SwitchKind::Upgrade, "then as active");
    situation.finish().await;
}

#[tokio::test]
async fn paused_goes_on_also_when_its_tier_is_not_sold_any_more() {
    let situation = Situation::of(Status::Paused).await;
    let (plan, silver) = situation.world.tier(SLUG, "Silver").await;
    let planning = situation.world.store.planning();
    planning
        .archive_plan(&situation.clerk().await, plan, true)
        .await
        .expect("archived");
    let shopping = situation.world.store.shopping();
    let outcome = shopping
        .subscribe(&situation.customer().await, silver, Interval::Month, "")
        .await
        .expect("an outcome");
    let Outcome::Confirm(preview) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(preview.kind, SwitchKind::Resume);
    situation.confirm(&preview).await.expect("resumed");
    assert_eq!(situation.holds().await, ["Silver"]);
    situation.finish().await;
}

#[tokio::test]
async fn paused_with_a_card_that_does_not_pay_stays_paused_until_it_is_paid() {
    let mut situation = Situation::none().await;
    situation.buys_with(FAILS_LATER).await;
    situation.world.pass(chrono::Duration::days(20)).await;
    situation.post("pause", &[("type", "subscription")]).await;
    let preview = situation.preview("Silver").await;
    refused(situation.confirm(&preview).await, Refusal::ResumeNotPaid);
    assert_eq!(situation.status().await, "paused");
    assert!(situation.holds().await.is_empty());
    // Asked for again, the customer is taken to the payment.
    let url = situation.leads_to("Silver").await;
    assert_eq!(situation.invoices().await[0]["hosted_invoice_url"], url);
    situation.pays_invoice(GOOD).await;
    assert_eq!(situation.holds().await, ["Silver"]);
    situation.finish().await;
}

#[tokio::test]
async fn incomplete() {
    let situation = Situation::of(Status::Incomplete).await;
    // The same tier: its payment is finished.
    let url = situation.leads_to("Silver").await;
    let invoice = situation.invoices().await.remove(0);
    assert_eq!(invoice["hosted_invoice_url"], url);
    // Another one: this ends, its invoice is voided, and Checkout opens.
    let url = situation.leads_to("Gold").await;
    assert_eq!(situation.status().await, "incomplete_expired");
    assert_eq!(situation.open_invoices().await, 0);
    situation.pays(&url).await;
    assert_eq!(situation.holds().await, ["Gold"]);
    situation.finish().await;
}

#[tokio::test]
async fn incomplete_is_finished_on_its_page() {
    let situation = Situation::of(Status::Incomplete).await;
    situation.leads_to("Silver").await;
    assert_eq!(situation.pays_invoice(ASKS).await["outcome"], "needs_confirmation");
    assert!(situation.holds().await.is_empty());
    situation.pays_invoice(GOOD).await;
    assert_eq!(situation.holds().await, ["Silver"]);
    situation.finish().await;
}

#[tokio::test]
async fn trialing() {
    let situation = Situation::of(Status::Trialing).await;
    refused(situation.subscribe("Silver").await, Refusal::YourTier);
    let before = situation.view().await.trial_end;
    let preview = situation.preview("Gold").await;
    assert_eq!((preview.kind, preview.due_now.minor), (SwitchKind::InTrial, 0));
    situation.confirm(&preview).await.expect("switched");
    assert_eq!(situation.holds().await, ["Gold"]);
    assert_eq!(
        (situation.status().await.as_str(), situation.view().await.trial_end),
        ("trialing", before)
    );
    situation.finish().await;
}

#[tokio::test]
async fn active() {
    let situation = Situation::of(Status::Active).await;
    refused(situation.subscribe("Silver").await, Refusal::YourTier);
    // Up: now, and charged.
    situation.world.pass(chrono::Duration::days(10)).await;
    let up = situation.preview("Gold").await;
    assert_eq!(up.kind, SwitchKind::Upgrade);
    assert_eq!(up.due_now.minor, 339, "21 of 31 days: 1287 − 948, each rounded");
    situation.confirm(&up).await.expect("upgraded");
    assert_eq!(situation.holds().await, ["Gold"]);
    assert_eq!(situation.invoices().await[0]["amount_paid"], 339);
    // Down: at the period's end, shown and undoable.
    let down = situation.preview("Bronze").await;
    assert_eq!((down.kind, down.due_now.minor), (SwitchKind::Downgrade, 0));
    situation.confirm(&down).await.expect("scheduled");
    let pending = situation.view().await.pending.expect("a change that waits");
    assert_eq!(pending.tier_label, "Bronze");
    let customer = situation.customer().await;
    let shopping = situation.world.store.shopping();
    shopping
        .drop_pending_change(&customer, situation.plan)
        .await
        .expect("undone");
    assert!(situation.view().await.pending.is_none());
    assert_eq!(situation.holds().await, ["Gold"]);
    situation.finish().await;
}

#[tokio::test]
async fn active_with_a_card_that_does_not_pay() {
    let mut situation = Situation::none().await;
    situation.buys_with(FAILS_LATER).await;
    let up = situation.preview("Gold").await;
    let told = waits(situation.confirm(&up).await);
    assert_eq!(situation.holds().await, ["Silver"], "the old tier is untouched");
    let view = situation.view().await;
    let waiting = view.unpaid_change.expect("an upgrade that waits");
    assert_eq!((waiting.tier_label.as_str(), waiting.at), ("Gold", told.until));
    assert_eq!(view.open_invoice.map(|invoice| invoice.amount), Some(told.amount));
    assert!(
        matches!(told.trouble, Some(PaymentTrouble::Declined(Some(_)))),
        "{told:?}"
    );
    assert!(view.may.pay && view.may.drop_change);
    // Asked for again, it is to be paid; paid, it takes effect.
    let url = situation.leads_to("Gold").await;
    assert_eq!(situation.invoices().await[0]["hosted_invoice_url"], url);
    situation.pays_invoice(GOOD).await;
    assert_eq!(situation.holds().await, ["Gold"]);
    situation.finish().await;
}

#[tokio::test]
async fn an_upgrade_that_waits_gives_way_to_another_wish() {
    let mut situation = Situation::none().await;
    situation.buys_with(FAILS_LATER).await;
    let up = situation.preview("Gold").await;
    waits(situation.confirm(&up).await);
    let customer = situation.customer().await;
    let shopping = situation.world.store.shopping();
    shopping
        .drop_pending_change(&customer, situation.plan)
        .await
        .expect("dropped");
    situation.world.settle().await;
    assert!(situation.view().await.unpaid_change.is_none());
    assert_eq!(situation.open_invoices().await, 0);
    assert!(situation.letters("ada@example.org").is_empty(), "they know");
    let down = situation.preview("Bronze").await;
    situation.confirm(&down).await.expect("scheduled");
    situation.finish().await;
}

#[tokio::test]
async fn an_upgrade_that_is_not_paid_in_time_is_told_as_dropped() {
    let mut situation = Situation::none().await;
    situation.buys_with(FAILS_LATER).await;
    let up = situation.preview("Gold").await;
    let told = waits(situation.confirm(&up).await);
    let left = told.until - situation.world.store.now();
    situation.world.pass(left + chrono::Duration::minutes(1)).await;
    let view = situation.view().await;
    assert!(view.unpaid_change.is_none() && view.tier_label == "Silver", "{view:?}");
    let letters = situation.letters("ada@example.org");
    let dropped = letters.iter().filter(|subject| subject.ends_with("did not happen"));
    assert_eq!(dropped.count(), 1, "{letters:?}");
    situation.finish().await;
}

#[tokio::test]
async fn a_refused_upgrade_leaves_a_cancellation_and_a_downgrade_as_they_were() {
    let mut situation = Situation::none().await;
    situation.buys_with(FAILS_LATER).await;
    let down = situation.preview("Bronze").await;
    situation.confirm(&down).await.expect("scheduled");
    let up = situation.preview("Gold").await;
    refused(situation.confirm(&up).await, Refusal::PaymentNotTaken);
    let view = situation.view().await;
    assert_eq!(
        view.pending.map(|pending| pending.tier_label).as_deref(),
        Some("Bronze")
    );
    let customer = situation.customer().await;
    let shopping = situation.world.store.shopping();
    shopping
        .drop_pending_change(&customer, situation.plan)
        .await
        .expect("dropped");
    shopping.cancel(&customer, situation.plan).await.expect("cancelled");
    let up = situation.preview("Gold").await;
    waits(situation.confirm(&up).await);
    assert!(situation.view().await.ends_at.is_some(), "still set to end");
    situation.finish().await;
}

#[tokio::test]
async fn past_due() {
    let situation = Situation::of(Status::PastDue).await;
    refused(situation.subscribe("Silver").await, Refusal::YourTier);
    let url = situation.leads_to("Gold").await;
    assert_eq!(
        situation.invoices().await[0]["hosted_invoice_url"],
        url,
        "settled first"
    );
    situation.pays_invoice(GOOD).await;
    assert_eq!(situation.status().await, "active");
    let preview = situation.preview("Gold").await;
    assert_eq!(preview.kind, SwitchKind::Upgrade, "then as active");
    situation.finish().await;
}

#[tokio::test]
async fn zero_items() {
    let situation = Situation::of(Status::Active).await;
    situation.strip_items().await;
    let url = situation.leads_to("Gold").await;
    assert_eq!(situation.status().await, "canceled", "cancelled first");
    situation.pays(&url).await;
    assert_eq!(situation.holds().await, ["Gold"]);
    situation.finish().await;
}

#[tokio::test]
async fn unknown_price() {
    let situation = Situation::of(Status::Active).await;
    situation.foreign_price().await;
    let preview = situation.preview("Gold").await;
    assert_eq!(
        preview.kind,
        SwitchKind::Upgrade,
        "what is paid for is changed, never cancelled"
    );
    situation.confirm(&preview).await.expect("switched");
    assert_eq!(situation.holds().await, ["Gold"]);
    assert_eq!(situation.status().await, "active");
    situation.finish().await;
}

#[tokio::test]
async fn what_is_not_for_sale_is_refused_with_its_own_sentence() {
    let situation = Situation::none().await;
    let (plan, gold) = situation.world.tier(SLUG, "Gold").await;
    let clerk = situation.clerk().await;
    let ask = async || {
        let customer = situation.customer().await;
        situation
            .world
            .store
            .shopping()
            .subscribe(&customer, gold, Interval::Month, "")
            .await
    };
    let planning = situation.world.store.planning();
    planning.activate_tier(&clerk, gold, false).await.expect("inactive");
    refused(ask().await, Refusal::TierInactive);
    planning.activate_tier(&clerk, gold, true).await.expect("active");
    planning.archive_plan(&clerk, plan, true).await.expect("archived");
    refused(ask().await, Refusal::PlanArchived);
    planning.archive_plan(&clerk, plan, false).await.expect("restored");
    situation.pauses_shop().await;
    refused(ask().await, Refusal::StorePaused);
    situation.resumes_shop().await;
    situation
        .world
        .control(
            &format!("accounts/{}", situation.account),
            serde_json::json!({ "outcome": "restricted" }),
        )
        .await;
    situation.world.settle().await;
    refused(ask().await, Refusal::StoreNotOpen);
    situation.finish().await;
}

#[tokio::test]
async fn members_of_a_paused_shop_may_still_switch() {
    let situation = Situation::of(Status::Active).await;
    situation.pauses_shop().await;
    let catalog = situation.world.catalog(&situation.ada, SLUG).await;
    let gold = catalog.plans[0]
        .tiers
        .iter()
        .find(|tier| tier.label == "Gold")
        .expect("gold");
    assert_eq!(gold.prices[0].action, TierAction::Upgrade);
    let preview = situation.preview("Gold").await;
    situation.confirm(&preview).await.expect("switched");
    assert_eq!(situation.holds().await, ["Gold"]);
    situation.finish().await;
}
