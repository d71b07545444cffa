//! Section 4: the merchant's Stripe account, reached by event, by Stripe's answer to a call, and by reading it again.

use model::{
    Refusal, account::AccountStatus, catalog::ShopState, membership::AccountTrouble,
    subscription::SubscriptionStatus as Status,
};
use serde_json::json;

use crate::situation::{SLUG, Situation, refused};

impl Situation {
    async fn account_is(&self, outcome: &str) {
        let path = format!("accounts/{}", self.account);
        self.world.control(&path, json!({ "outcome": outcome })).await;
    }

    async fn account_status(&self) -> AccountStatus {
        let clerk = self.clerk().await;
        self.world.store.connect().view(&clerk).await.expect("a view").status
    }

    async fn shop(&self) -> ShopState {
        self.world.catalog(&self.ada, SLUG).await.shop
    }

    /// As the merchant's page does when it is opened.
    async fn reads_account(&self) {
        let clerk = self.clerk().await;
        self.world.store.connect().refresh(&clerk).await.expect("a reading");
    }

    async fn nobody_tells(&self) {
        self.world.control("outbox", json!({ "mode": "drop" })).await;
    }
}

#[tokio::test]
async fn unlinked() {
    let world = crate::world::World::new().await;
    let owner = world.community(SLUG).await;
    let clerk = world.visit(&owner, SLUG).await.clerk().expect("a clerk");
    let view = world.store.connect().view(&clerk).await.expect("a view");
    assert_eq!(view.status, AccountStatus::Unlinked);
    assert_eq!(world.catalog(&owner, SLUG).await.shop, ShopState::NotYet);
    world.finish().await;
}

/// Members keep what they paid for, and nothing can be bought.
async fn is_gone(situation: Situation, status: AccountStatus) {
    assert_eq!(situation.account_status().await, status);
    assert_eq!(situation.shop().await, ShopState::Closed);
    assert_eq!(situation.holds().await, ["Silver"], "their window stays to its end");
    let membership = situation.membership().await;
    assert!(!membership.portal && !membership.may_update_card);
    assert_eq!(membership.trouble, AccountTrouble::of(&status));
    refused(situation.subscribe("Gold").await, Refusal::StoreNotOpen);
    if status == AccountStatus::Rejected {
        assert!(membership.may_disconnect_card);
        can_leave(&situation).await;
    } else {
        assert_eq!(membership.subscriptions[0].may, model::membership::Actions::default());
        let leaving = situation.cancel().await;
        refused(leaving, Refusal::AccountGone);
    }
    situation.finish().await;
}

/// Whoever wants no more payments is not kept because none are taken just now.
async fn can_leave(situation: &Situation) {
    let may = situation.view().await.may;
    assert!(may.cancel && !may.change && !may.pay, "{may:?}");
    situation.cancel().await.expect("cancelled");
    assert_eq!(situation.at_stripe().await["cancel_at_period_end"], true);
}

#[tokio::test]
async fn disconnected() {
    let situation = Situation::of(Status::Active).await;
    situation.account_is("revoked").await;
    situation.world.settle().await;
    is_gone(situation, AccountStatus::Disconnected).await;
}

#[tokio::test]
async fn disconnected_by_stripes_answer_to_a_call() {
    for outcome in ["revoked", "closed", "deleted"] {
        let situation = Situation::of(Status::Active).await;
        situation.nobody_tells().await;
        situation.account_is(outcome).await;
        assert!(situation.subscribe("Gold").await.is_err(), "{outcome}");
        is_gone(situation, AccountStatus::Disconnected).await;
    }
}

#[tokio::test]
async fn disconnected_by_reading_the_account() {
    let situation = Situation::of(Status::Active).await;
    situation.nobody_tells().await;
    situation.account_is("closed").await;
    situation.reads_account().await;
    is_gone(situation, AccountStatus::Disconnected).await;
}

#[tokio::test]
async fn rejected() {
    let situation = Situation::of(Status::Active).await;
    situation.account_is("rejected").await;
    situation.world.settle().await;
    is_gone(situation, AccountStatus::Rejected).await;
}

async fn is_closed_for_now(status: &str, expected: AccountStatus) {
    for told in [true, false] {
        let situation = Situation::of(Status::Active).await;
        if !told {
            situation.nobody_tells().await;
        }
        situation.account_is(status).await;
        if told {
            situation.world.settle().await;
        } else {
            situation.reads_account().await;
        }
        assert_eq!(situation.account_status().await, expected);
        assert_eq!(situation.shop().await, ShopState::Closed);
        assert_eq!(situation.holds().await, ["Silver"], "members keep theirs");
        let trouble = situation.membership().await.trouble;
        assert_eq!(trouble, Some(AccountTrouble::NoPayments));
        can_leave(&situation).await;
        situation.finish().await;
    }
}

#[tokio::test]
async fn restricted() {
    is_closed_for_now("restricted", AccountStatus::Restricted).await;
}

#[tokio::test]
async fn incomplete() {
    is_closed_for_now("incomplete", AccountStatus::Incomplete).await;
}

#[tokio::test]
async fn paused() {
    let situation = Situation::of(Status::Active).await;
    situation.pauses_shop().await;
    assert_eq!(situation.account_status().await, AccountStatus::Paused);
    assert_eq!(situation.shop().await, ShopState::Paused);
    let membership = situation.membership().await;
    assert!(membership.portal && membership.subscriptions[0].may.change && membership.subscriptions[0].may.cancel);
    situation.finish().await;
}

#[tokio::test]
async fn ready() {
    let situation = Situation::none().await;
    assert_eq!(
        situation.account_status().await,
        AccountStatus::Ready { due_soon: None }
    );
    assert_eq!(situation.shop().await, ShopState::Open);
    situation.account_is("due_soon").await;
    situation.world.settle().await;
    assert!(matches!(
        situation.account_status().await,
        AccountStatus::Ready { due_soon: Some(_) }
    ));
    assert_eq!(situation.shop().await, ShopState::Open);
    situation.finish().await;
}
