//! A random life: Ada buys, switches, fails to pay, recovers, cancels and renews on two plans, while the merchant refunds and
//! meddles in Stripe's dashboard. Refusals are a part of life.

use chrono::Duration;
use model::{
    Problem,
    id::PlanId,
    interval::Interval,
    purchase::Outcome,
};
use rand::{Rng, RngExt};
use serde_json::{Value, json};

use crate::{
    situation::{ASKS, FAILS_LATER, GOOD, SLUG, Situation},
    world::session_of,
};

const DECLINED: &str = "4000000000000002";

/// Tries of a person before they give up.
const TRIES: u32 = 40;

/// Asks until Stripe was reached, as a person does who is told to try again.
macro_rules! until_reached {
    ($life:expr, $ask:expr) => {{
        let mut outcome = $ask.await;
        for _ in 0..TRIES {
            match &outcome {
                Err(error) if matches!(error.problem(), Some(Problem::StripeUnavailable)) => {}
                _ => break,
            }
            $life.situation.world.wait(Duration::seconds(45)).await;
            outcome = $ask.await;
        }
        outcome
    }};
}

pub struct Life {
    /// Stripe misbehaves meanwhile: nobody meddles, and people try again.
    hard: bool,
    pub situation: Situation,
    /// What was done, for a person who has to find out why a seed fails.
    pub diary: Vec<String>,
}

impl Life {
    pub async fn live(random: &mut impl Rng, steps: usize) -> Self {
        Self::live_so(random, steps, false).await
    }

    /// With three calls of ten failing, until it is over.
    pub async fn live_hard(random: &mut impl Rng, steps: usize) -> Self {
        Self::live_so(random, steps, true).await
    }

    async fn live_so(random: &mut impl Rng, steps: usize, hard: bool) -> Self {
        let situation = Situation::none().await;
        let owner = &situation.owner;
        situation
            .world
            .plan(owner, SLUG, "Videos", &[("All videos", "5", "50"), ("Some videos", "3", "")])
            .await;
        if hard {
            situation.world.misbehave().await;
        }
        let mut life = Self {
            hard,
            situation,
            diary: Vec::new(),
        };
        for _ in 0..steps {
            life.step(random).await;
        }
        if hard {
            life.recover().await;
        }
        life.situation.world.settle().await;
        life.situation.world.store.look_ahead().await.expect("a look ahead");
        life.situation.world.settle().await;
        life
    }

    /// Stripe is well again, and what was put off is done.
    pub async fn recover(&self) {
        let world = &self.situation.world;
        world.behave().await;
        for _ in 0..3 {
            world.pass(Duration::hours(2)).await;
        }
    }

    /// Every event of the account, in order.
    pub async fn events(&self) -> Vec<String> {
        let events = self.situation.world.ask("events").await;
        events["data"]
            .as_array()
            .expect("a list")
            .iter()
            .filter(|event| event["account"] == self.situation.account)
            .map(|event| event["id"].as_str().expect("an id").to_owned())
            .collect()
    }

    async fn step(&mut self, random: &mut impl Rng) {
        let did = match random.random_range(0..100) {
            57..74 if self.hard => self.passes(random).await,
            0..30 => self.buys(random).await,
            30..38 => self.cancels(random).await,
            38..44 => self.renews(random).await,
            44..48 => self.drops(random).await,
            48..54 => self.updates_card(random).await,
            54..57 => self.disconnects_card().await,
            57..61 => self.refund(random).await,
            61..63 => self.dispute(random).await,
            63..70 => self.meddles(random).await,
            70..74 => self.settles_what_follows(random).await,
            _ => self.passes(random).await,
        };
        self.diary.push(did);
        self.situation.world.settle().await;
    }

    async fn buys(&mut self, random: &mut impl Rng) -> String {
        let tiers = ["Bronze", "Silver", "Gold", "All videos", "Some videos"];
        let tier = tiers[random.random_range(0..tiers.len())];
        let interval = if tier != "Some videos" && random.random_bool(0.2) {
            Interval::Year
        } else {
            Interval::Month
        };
        let world = &self.situation.world;
        let (plan, id) = world.tier(SLUG, tier).await;
        let customer = self.situation.customer().await;
        let shopping = world.store.shopping();
        let card = [GOOD, GOOD, GOOD, FAILS_LATER, ASKS, DECLINED][random.random_range(0..6)];
        match until_reached!(self, shopping.subscribe(&customer, id, interval, ""))
        {
            Err(error) => format!("wants {tier}: {error}"),
            Ok(Outcome::GoTo { url }) if random.random_bool(0.1) => {
                let _ = url;
                format!("wants {tier}, and leaves")
            }
            Ok(Outcome::GoTo { url }) if url.contains("cs_") => {
                let path = format!("checkout/{}/complete", session_of(&url));
                let paid = world.control(&path, json!({ "card": card, "confirmed": true })).await;
                world.settle().await;
                let _ = shopping.purchase_state(&customer, plan).await;
                format!("buys {tier} with {card}: {}", paid["outcome"])
            }
            Ok(Outcome::GoTo { .. }) => {
                let paid = self.pays_open_invoice(card).await;
                format!("pays what is open with {card}: {paid}")
            }
            Ok(Outcome::Confirm(preview)) => {
                let (due, at) = (preview.due_now.minor, preview.priced_at.timestamp());
                let confirmed = until_reached!(self, shopping.confirm_switch(&customer, id, interval, due, at));
                format!("{:?} to {tier}: {confirmed:?}", preview.kind)
            }
        }
    }

    async fn pays_open_invoice(&self, card: &str) -> String {
        let world = &self.situation.world;
        let list = world.stripe(&self.situation.account, "invoices?status=open&limit=100").await;
        let Some(id) = list["data"][0]["id"].as_str() else {
            return "nothing is open".to_owned();
        };
        let paid = world
            .control(&format!("invoices/{id}/pay"), json!({ "card": card, "confirmed": true }))
            .await;
        paid["outcome"].to_string()
    }

    async fn plan(&self, random: &mut impl Rng) -> PlanId {
        let tier = if random.random_bool(0.7) { "Gold" } else { "All videos" };
        self.situation.world.tier(SLUG, tier).await.0
    }

    async fn cancels(&self, random: &mut impl Rng) -> String {
        let (plan, customer) = (self.plan(random).await, self.situation.customer().await);
        let shopping = self.situation.world.store.shopping();
        let outcome = until_reached!(self, shopping.cancel(&customer, plan));
        format!("cancels: {outcome:?}")
    }

    async fn renews(&self, random: &mut impl Rng) -> String {
        let (plan, customer) = (self.plan(random).await, self.situation.customer().await);
        let shopping = self.situation.world.store.shopping();
        let outcome = until_reached!(self, shopping.renew(&customer, plan));
        format!("renews: {outcome:?}")
    }

    async fn drops(&self, random: &mut impl Rng) -> String {
        let (plan, customer) = (self.plan(random).await, self.situation.customer().await);
        let shopping = self.situation.world.store.shopping();
        let outcome = until_reached!(self, shopping.drop_pending_change(&customer, plan));
        format!("drops a change: {outcome:?}")
    }

    async fn updates_card(&self, random: &mut impl Rng) -> String {
        let card = if random.random_bool(0.7) { GOOD } else { FAILS_LATER };
        let customer = self.situation.customer().await;
        let world = &self.situation.world;
        let cards = world.store.cards();
        let page = match until_reached!(self, cards.update(&customer, "")) {
            Ok(page) => page,
            Err(error) => return format!("updates the card: {error}"),
        };
        let path = format!("checkout/{}/complete", session_of(&page.url));
        world.control(&path, json!({ "card": card })).await;
        let state = world.store.cards().state(&customer).await;
        format!("updates the card to {card}: {state:?}")
    }

    async fn disconnects_card(&self) -> String {
        let customer = self.situation.customer().await;
        let cards = self.situation.world.store.cards();
        let outcome = until_reached!(self, cards.disconnect(&customer));
        format!("disconnects the card: {outcome:?}")
    }

    async fn some(&self, random: &mut impl Rng, list: &str, fits: impl Fn(&Value) -> bool) -> Option<String> {
        let found = self
            .situation
            .world
            .stripe(&self.situation.account, &format!("{list}?limit=100"))
            .await;
        let fitting: Vec<&Value> = found["data"].as_array()?.iter().filter(|one| fits(one)).collect();
        if fitting.is_empty() {
            return None;
        }
        let one = fitting[random.random_range(0..fitting.len())];
        one["id"].as_str().map(str::to_owned)
    }

    async fn refund(&self, random: &mut impl Rng) -> String {
        let paid = |charge: &Value| charge["paid"] == true && charge["refunded"] == false && charge["disputed"] == false;
        let Some(charge) = self.some(random, "charges", paid).await else {
            return "nothing to refund".to_owned();
        };
        let amount = if random.random_bool(0.5) { "100" } else { "1" };
        let world = &self.situation.world;
        world
            .stripe_post(&self.situation.account, "refunds", &[("charge", &charge), ("amount", amount)])
            .await;
        format!("a refund of {amount} on {charge}")
    }

    async fn dispute(&self, random: &mut impl Rng) -> String {
        let paid = |charge: &Value| charge["paid"] == true && charge["amount_refunded"] == 0 && charge["disputed"] == false;
        let Some(charge) = self.some(random, "charges", paid).await else {
            return "nothing to dispute".to_owned();
        };
        let dispute = self
            .situation
            .world
            .control(&format!("charges/{charge}/dispute"), json!({}))
            .await;
        let id = dispute["id"].as_str().expect("an id").to_owned();
        if random.random_bool(0.5) {
            let outcome = if random.random_bool(0.5) { "won" } else { "lost" };
            self.situation
                .world
                .control(&format!("disputes/{id}"), json!({ "outcome": outcome }))
                .await;
        }
        format!("a dispute on {charge}")
    }

    /// Somebody does something in Stripe's dashboard.
    async fn meddles(&self, random: &mut impl Rng) -> String {
        let runs = |subscription: &Value| subscription["status"] == "active" && subscription["schedule"].is_null();
        let Some(id) = self.some(random, "subscriptions", runs).await else {
            return "nothing to meddle with".to_owned();
        };
        let (world, account) = (&self.situation.world, &self.situation.account);
        let path = format!("subscriptions/{id}");
        match random.random_range(0..4) {
            0 => {
                world.stripe_delete(account, &path).await;
                format!("the merchant cancels {id}")
            }
            1 => {
                let date = (world.store.now() + Duration::days(9)).timestamp().to_string();
                world.try_post(account, &path, &[("cancel_at", &date)]).await;
                format!("the merchant lets {id} end in nine days")
            }
            2 => {
                world.try_post(account, &format!("{path}/pause"), &[("type", "subscription")]).await;
                format!("the merchant pauses {id}")
            }
            _ => {
                world.control(&format!("{path}/strip_items"), json!({})).await;
                format!("the merchant empties {id}")
            }
        }
    }

    async fn settles_what_follows(&self, random: &mut impl Rng) -> String {
        let what = ["cancel", "unpaid", "past_due", "pause"][random.random_range(0..4)];
        self.situation.after_failed_payments(what).await;
        format!("failed payments are followed by {what}")
    }

    async fn passes(&self, random: &mut impl Rng) -> String {
        let days = random.random_range(1..=25);
        self.situation.world.pass(Duration::days(days) + Duration::seconds(7)).await;
        format!("{days} days pass")
    }
}
