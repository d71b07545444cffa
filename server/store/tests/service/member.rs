//! Somebody with a membership who wants another one.

use model::{
    interval::Interval::{self, Month},
    membership::SubscriptionView,
    purchase::{Outcome, SwitchPreview},
};
use serde_json::Value;
use store::actor::{Customer, Session};

use crate::world::World;

/// Ada, who is on a tier of "Support" in the community `club`.
pub struct Member {
    pub world: World,
    pub ada: Session,
}

impl Member {
    /// Ada holds Bronze (9 a month); Gold is 19 a month or 190 a year.
    pub async fn of_bronze() -> Self {
        Self::of("Bronze", &[("Bronze", "9", "90"), ("Gold", "19", "190")]).await
    }

    pub async fn of(tier: &str, tiers: &[(&str, &str, &str)]) -> Self {
        Self::of_with_card(tier, tiers, "4242424242424242").await
    }

    pub async fn of_with_card(tier: &str, tiers: &[(&str, &str, &str)], card: &str) -> Self {
        let world = World::new().await;
        let owner = world.shop("club").await;
        world.plan(&owner, "club", "Support", tiers).await;
        let ada = world.person("ada@example.org").await;
        let url = world.checkout(&ada, "club", tier, Month).await;
        world.pay(&url, card).await;
        world.settle().await;
        Self { world, ada }
    }

    pub async fn customer(&self) -> Customer {
        self.world
            .visit(&self.ada, "club")
            .await
            .customer()
            .expect("a customer")
    }

    pub async fn preview(&self, tier: &str, interval: Interval) -> SwitchPreview {
        let (_, tier) = self.world.tier("club", tier).await;
        let outcome = self
            .world
            .store
            .shopping()
            .subscribe(&self.customer().await, tier, interval, "")
            .await;
        match outcome.expect("an outcome") {
            Outcome::Confirm(preview) => preview,
            Outcome::GoTo { url } => panic!("led to {url}"),
        }
    }

    pub async fn confirm(&self, preview: &SwitchPreview) -> store::Result<()> {
        let (to, at) = (preview.to, preview.priced_at.timestamp());
        let shopping = self.world.store.shopping();
        shopping
            .confirm_switch(&self.customer().await, to.tier, to.interval, preview.due_now.minor, at)
            .await
    }

    pub async fn holds(&self) -> Vec<String> {
        self.world.holds(&self.ada, "club").await
    }

    /// The merchant's `acct_…`.
    pub async fn account(&self) -> String {
        let owner = self.world.person("owner@club.example").await;
        self.world.account(&owner, "club").await
    }

    /// The newest object of one of Stripe's lists (`subscriptions`, `invoices?status=open`).
    pub async fn newest(&self, list: &str) -> Value {
        self.world.stripe(&self.account().await, list).await["data"][0].clone()
    }

    /// The membership as its page shows it.
    pub async fn held(&self) -> SubscriptionView {
        let shopping = self.world.store.shopping();
        let membership = shopping.membership(&self.customer().await).await;
        membership.expect("a membership").subscriptions.remove(0)
    }
}
