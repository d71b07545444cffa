//! A shop with one plan, and Ada, whose subscription on it is in some status.

use chrono::Duration;
use model::{
    Problem, Refusal,
    id::PlanId,
    interval::Interval,
    membership::{MembershipView, SubscriptionView},
    problem::UnpaidUpgrade,
    purchase::{Outcome, SwitchPreview},
    subscription::SubscriptionStatus,
};
use serde_json::{Value, json};
use store::{
    Error,
    actor::{Clerk, Customer, Merchant, Session},
};

use crate::world::World;

pub const SLUG: &str = "club";
/// Pays.
pub const GOOD: &str = "4242424242424242";
/// Pays a first purchase in Checkout, and is refused from then on.
pub const FAILS_LATER: &str = "4000000000000341";
/// Must be confirmed each time.
pub const ASKS: &str = "4000002760003184";

/// Ada's subscription is on Silver, 14 a month; Bronze is 9 or 90, Gold 19 or 190.
pub struct Situation {
    pub world: World,
    pub owner: Session,
    pub ada: Session,
    pub account: String,
    pub plan: PlanId,
    /// `sub_…`; empty when there is none.
    pub subscription: String,
}

impl Situation {
    /// No subscription exists.
    pub async fn none() -> Self {
        let world = World::new().await;
        let owner = world.shop(SLUG).await;
        let tiers = [("Bronze", "9", "90"), ("Silver", "14", "140"), ("Gold", "19", "190")];
        world.plan(&owner, SLUG, "Support", &tiers).await;
        let ada = world.person("ada@example.org").await;
        let account = world.account(&owner, SLUG).await;
        let (plan, _) = world.tier(SLUG, "Silver").await;
        Self {
            world,
            owner,
            ada,
            account,
            plan,
            subscription: String::new(),
        }
    }

    /// Ada's subscription has this status at Stripe, and here.
    pub async fn of(status: SubscriptionStatus) -> Self {
        use SubscriptionStatus as Status;
        let mut situation = Self::none().await;
        match status {
            Status::Active => situation.buys_with(GOOD).await,
            Status::Trialing => {
                situation.buys_with(GOOD).await;
                let end = (situation.world.store.now() + Duration::days(14))
                    .timestamp()
                    .to_string();
                situation
                    .change(&[("trial_end", &end), ("proration_behavior", "none")])
                    .await;
            }
            Status::PastDue => {
                situation.buys_with(FAILS_LATER).await;
                situation.world.pass(Duration::days(31) + Duration::hours(2)).await;
            }
            Status::Unpaid => {
                situation.after_failed_payments("unpaid").await;
                situation.buys_with(FAILS_LATER).await;
                situation.world.pass(Duration::days(31 + 16)).await;
            }
            Status::Paused => {
                situation.buys_with(GOOD).await;
                situation.post("pause", &[("type", "subscription")]).await;
            }
            Status::Canceled => {
                situation.buys_with(GOOD).await;
                situation.cancel_at_stripe().await;
            }
            Status::Incomplete => situation.incomplete().await,
            Status::IncompleteExpired => {
                situation.incomplete().await;
                situation.world.pass(Duration::hours(24)).await;
            }
        }
        situation.world.settle().await;
        assert_eq!(
            situation.status().await,
            status.as_str(),
            "the situation was not reached"
        );
        situation
    }

    /// Buys Silver through Checkout with this card.
    pub async fn buys_with(&mut self, card: &str) {
        let url = self.world.checkout(&self.ada, SLUG, "Silver", Interval::Month).await;
        let paid = self.world.pay(&url, card).await;
        assert_eq!(paid["outcome"], "done", "{paid:#}");
        self.world.settle().await;
        paid["session"]["subscription"]
            .as_str()
            .expect("a subscription")
            .clone_into(&mut self.subscription);
    }

    /// Made in Stripe's dashboard, with our marks; its first payment is open.
    async fn incomplete(&mut self) {
        let customer = self.stripe_customer().await;
        let price = self.price("Silver").await;
        let marks = self.marks("Silver").await;
        let mut form = vec![
            ("customer", customer.as_str()),
            ("items[0][price]", &price),
            ("payment_behavior", "default_incomplete"),
        ];
        form.extend(marks.iter().map(|(key, value)| (key.as_str(), value.as_str())));
        let made = self.world.stripe_post(&self.account, "subscriptions", &form).await;
        made["id"].as_str().expect("an id").clone_into(&mut self.subscription);
        self.world.settle().await;
    }

    /// Ada as Stripe's customer; the page that made her one is left.
    pub async fn stripe_customer(&self) -> String {
        let customer = self.customer().await;
        let address = self.world.store.cards().update(&customer, "").await.expect("a page");
        let session = crate::world::session_of(&address.url);
        let expired = self
            .world
            .stripe_post(&self.account, &format!("checkout/sessions/{session}/expire"), &[])
            .await;
        // What comes next is later.
        self.world.pass(Duration::seconds(1)).await;
        expired["customer"].as_str().expect("a customer").to_owned()
    }

    /// Metadata as a subscription of ours has it.
    pub async fn marks(&self, tier: &str) -> Vec<(String, String)> {
        let visitor = self.world.visit(&self.owner, SLUG).await;
        let (plan, tier) = self.world.tier(SLUG, tier).await;
        let user = self.ada.signed_in().expect("signed in").user;
        vec![
            ("metadata[community]".into(), visitor.community_view().id.to_string()),
            ("metadata[plan]".into(), plan.to_string()),
            ("metadata[tier]".into(), tier.to_string()),
            ("metadata[user]".into(), user.to_string()),
        ]
    }

    /// `price_…` of a tier by the month.
    pub async fn price(&self, tier: &str) -> String {
        let (_, tier) = self.world.tier(SLUG, tier).await;
        let prices = self.world.stripe(&self.account, "prices?limit=100&active=true").await;
        let is_it =
            |price: &&Value| price["metadata"]["tier"] == tier.to_string() && price["recurring"]["interval"] == "month";
        let prices = prices["data"].as_array().expect("a list");
        let price = prices.iter().find(is_it).expect("the price");
        price["id"].as_str().expect("an id").to_owned()
    }

    pub async fn after_failed_payments(&self, what: &str) {
        self.world
            .control(
                &format!("accounts/{}", self.account),
                json!({ "after_failed_payments": what }),
            )
            .await;
    }

    /// Changes the subscription in Stripe's dashboard.
    pub async fn change(&self, form: &[(&str, &str)]) {
        let path = format!("subscriptions/{}", self.subscription);
        self.world.stripe_post(&self.account, &path, form).await;
        self.world.settle().await;
    }

    pub async fn post(&self, action: &str, form: &[(&str, &str)]) {
        let path = format!("subscriptions/{}/{action}", self.subscription);
        self.world.stripe_post(&self.account, &path, form).await;
        self.world.settle().await;
    }

    /// Ada cancels here.
    pub async fn cancel(&self) -> store::Result<()> {
        let customer = self.customer().await;
        let cancelled = self.world.store.shopping().cancel(&customer, self.plan).await;
        self.world.settle().await;
        cancelled
    }

    pub async fn cancel_at_stripe(&self) {
        let path = format!("subscriptions/{}", self.subscription);
        self.world.stripe_delete(&self.account, &path).await;
        self.world.settle().await;
    }

    /// Somebody removes what it is for.
    pub async fn strip_items(&self) {
        let path = format!("subscriptions/{}/strip_items", self.subscription);
        self.world.control(&path, json!({})).await;
        self.world.settle().await;
    }

    /// Its price becomes one that is none of ours.
    pub async fn foreign_price(&self) {
        let product = self
            .world
            .stripe_post(&self.account, "products", &[("name", "Of another program")])
            .await;
        let price = self
            .world
            .stripe_post(
                &self.account,
                "prices",
                &[
                    ("product", product["id"].as_str().expect("an id")),
                    ("currency", "eur"),
                    ("unit_amount", "1400"),
                    ("recurring[interval]", "month"),
                ],
            )
            .await;
        let item = self.at_stripe().await["items"]["data"][0]["id"].clone();
        self.change(&[
            ("items[0][id]", item.as_str().expect("an id")),
            ("items[0][price]", price["id"].as_str().expect("an id")),
            ("proration_behavior", "none"),
        ])
        .await;
    }

    /// The subscription as Stripe has it.
    pub async fn at_stripe(&self) -> Value {
        self.world
            .stripe(&self.account, &format!("subscriptions/{}", self.subscription))
            .await
    }

    pub async fn status(&self) -> String {
        self.at_stripe().await["status"].as_str().expect("a status").to_owned()
    }

    /// The subscription's invoices at Stripe, newest first.
    pub async fn invoices(&self) -> Vec<Value> {
        let path = format!("invoices?subscription={}&limit=100", self.subscription);
        let list = self.world.stripe(&self.account, &path).await;
        list["data"].as_array().expect("a list").clone()
    }

    pub async fn open_invoices(&self) -> usize {
        let open = |invoice: &&Value| invoice["status"] == "open" || invoice["status"] == "draft";
        self.invoices().await.iter().filter(open).count()
    }

    pub async fn customer(&self) -> Customer {
        self.world.visit(&self.ada, SLUG).await.customer().expect("a customer")
    }

    pub async fn clerk(&self) -> Clerk {
        self.world.visit(&self.owner, SLUG).await.clerk().expect("a clerk")
    }

    /// The community's grace days become `days`.
    pub async fn grace_days(&self, days: &str) {
        let clerk = self.clerk().await;
        let communities = self.world.store.communities();
        let shown = communities.settings(&clerk).await.expect("the settings").shown;
        communities
            .change_settings(&clerk, &shown, "Club", "", "eur", days)
            .await
            .expect("changed");
        self.world.settle().await;
    }

    async fn merchant(&self) -> Merchant {
        let visitor = self.world.visit(&self.owner, SLUG).await;
        visitor.merchant().expect("a merchant")
    }

    /// The merchant pauses the shop.
    pub async fn pauses_shop(&self) {
        let merchant = self.merchant().await;
        self.world.store.connect().pause_shop(&merchant).await.expect("paused");
    }

    /// … and opens it again.
    pub async fn resumes_shop(&self) {
        let merchant = self.merchant().await;
        self.world
            .store
            .connect()
            .resume_shop(&merchant)
            .await
            .expect("resumed");
    }

    pub async fn membership(&self) -> MembershipView {
        let customer = self.customer().await;
        self.world.store.shopping().membership(&customer).await.expect("a page")
    }

    /// What the page shows of the plan.
    pub async fn view(&self) -> SubscriptionView {
        let mut subscriptions = self.membership().await.subscriptions;
        assert_eq!(subscriptions.len(), 1, "{subscriptions:#?}");
        subscriptions.remove(0)
    }

    pub async fn holds(&self) -> Vec<String> {
        self.world.holds(&self.ada, SLUG).await
    }

    pub async fn subscribe(&self, tier: &str) -> store::Result<Outcome> {
        let (_, tier) = self.world.tier(SLUG, tier).await;
        let customer = self.customer().await;
        self.world
            .store
            .shopping()
            .subscribe(&customer, tier, Interval::Month, "subscribe")
            .await
    }

    /// Leads to a page of Stripe's.
    pub async fn leads_to(&self, tier: &str) -> String {
        match self.subscribe(tier).await.expect("an outcome") {
            Outcome::GoTo { url } => url,
            Outcome::Confirm(preview) => panic!("asks to confirm {preview:?}"),
        }
    }

    pub async fn preview(&self, tier: &str) -> SwitchPreview {
        match self.subscribe(tier).await.expect("an outcome") {
            Outcome::Confirm(preview) => preview,
            Outcome::GoTo { url } => panic!("leads to {url}"),
        }
    }

    pub async fn confirm(&self, preview: &SwitchPreview) -> store::Result<()> {
        let (to, at) = (preview.to, preview.priced_at.timestamp());
        let customer = self.customer().await;
        let confirmed = self
            .world
            .store
            .shopping()
            .confirm_switch(&customer, to.tier, to.interval, preview.due_now.minor, at)
            .await;
        self.world.settle().await;
        confirmed
    }

    /// Pays a Checkout page.
    pub async fn pays(&self, url: &str) {
        assert_eq!(self.world.pay(url, GOOD).await["outcome"], "done");
        self.world.settle().await;
    }

    /// Pays the newest open invoice on its page.
    pub async fn pays_invoice(&self, card: &str) -> Value {
        let invoices = self.invoices().await;
        let open = invoices.iter().find(|invoice| invoice["status"] == "open");
        let id = open.expect("an open invoice")["id"].as_str().expect("an id").to_owned();
        let paid = self
            .world
            .control(&format!("invoices/{id}/pay"), json!({ "card": card }))
            .await;
        self.world.settle().await;
        paid
    }

    /// The subjects of the letters to this address, newest first.
    pub fn letters(&self, to: &str) -> Vec<String> {
        let letters = self.world.store.mailer().letters();
        let to_them = letters.into_iter().filter(|letter| letter.to == to);
        to_them
            .map(|letter| letter.subject)
            .filter(|subject| !subject.ends_with("sign-in code"))
            .collect()
    }

    /// The kinds on the merchant's list.
    pub async fn attention(&self) -> Vec<model::attention::AttentionKind> {
        let clerk = self.clerk().await;
        let list = self.world.store.attention().list(&clerk).await.expect("a list");
        list.notices.into_iter().map(|view| view.kind).collect()
    }

    pub async fn finish(self) {
        self.world.finish().await;
    }
}

/// Asserts that an outcome is this refusal.
#[track_caller]
pub fn refused<T: std::fmt::Debug>(outcome: store::Result<T>, refusal: Refusal) {
    match outcome {
        Err(Error::Problem(Problem::Refused(said))) if said == refusal => {}
        other => panic!("expected {refusal:?}, got {other:?}"),
    }
}

/// What is told of an upgrade that waits for its payment.
#[track_caller]
pub fn waits(outcome: store::Result<()>) -> UnpaidUpgrade {
    match outcome {
        Err(Error::Problem(Problem::UpgradeWaits(upgrade))) => upgrade,
        other => panic!("expected an upgrade that waits, got {other:?}"),
    }
}
