//! The steps of a walk. A step is a handful of numbers; what they mean depends on what there is when it is taken, so a
//! walk stays one when steps are left out.

use serde_json::{Value, json};

use crate::{
    support::{DAY, HOUR, id},
    world::World,
};

const CARDS: [&str; 6] = [
    "pm_card_visa",
    "pm_card_visa",
    "pm_card_mastercard",
    "pm_card_chargeCustomerFail",
    "pm_card_authenticationRequired",
    "pm_card_createDispute",
];

#[derive(Debug, Clone)]
pub struct Step {
    kind: u64,
    rolls: [u64; 4],
}

/// One of a list's members.
fn pick<T>(list: &[T], roll: u64) -> Option<&T> {
    let at = usize::try_from(roll % (list.len().max(1) as u64)).unwrap();
    list.get(at)
}

fn one(list: &[&'static str], roll: u64) -> &'static str {
    pick(list, roll).unwrap()
}

fn has_ended(subscription: &Value) -> bool {
    subscription["status"] == "canceled" || subscription["status"] == "incomplete_expired"
}

impl Step {
    pub fn new([kind, a, b, c, d]: [u64; 5]) -> Self {
        Self {
            kind,
            rolls: [a, b, c, d],
        }
    }

    pub async fn take(&self, world: &mut World) -> Result<(), String> {
        match self.kind % 40 {
            0..=3 => self.subscribe(world).await,
            4..=8 => self.switch(world).await?,
            9..=10 => self.plan_end(world).await,
            11..=12 => self.cancel(world).await,
            13..=14 => self.pause_or_resume(world).await,
            15..=18 => self.act_on_invoice(world).await,
            19..=20 => self.change_card(world).await,
            21..=22 => self.give_back(world).await,
            23..=24 => self.schedule(world).await,
            25..=26 => self.change_trial(world).await,
            27 => self.settle_what_follows(world).await,
            28 => self.strip_or_remove(world).await,
            29 => self.buy(world).await,
            30..=31 => self.wait_for_the_next_invoice(world).await?,
            _ => {
                let spans = [HOUR, 6 * HOUR, DAY, 3 * DAY, 5 * DAY, 15 * DAY, 31 * DAY];
                world.advance(*pick(&spans, self.rolls[0]).unwrap()).await;
            }
        }
        world.wrong.take().map_or(Ok(()), Err)
    }

    async fn customer(&self, world: &mut World) -> String {
        let customers = world.objects("customer");
        if customers.len() < 2 || self.rolls[3].is_multiple_of(8) {
            let (_, customer) = world.ask("POST", "/v1/customers", &[("email", "a@example.com")]).await;
            let customer = id(&customer);
            self.give_card(world, &customer, self.rolls[2]).await;
            return customer;
        }
        id(pick(&customers, self.rolls[2]).unwrap())
    }

    async fn give_card(&self, world: &mut World, customer: &str, roll: u64) {
        let path = format!("/v1/payment_methods/{}/attach", one(&CARDS, roll));
        let (status, method) = world.ask("POST", &path, &[("customer", customer)]).await;
        if status == 200 {
            let method = id(&method);
            let form = [("invoice_settings[default_payment_method]", method.as_str())];
            world.ask("POST", &format!("/v1/customers/{customer}"), &form).await;
        }
    }

    async fn subscribe(&self, world: &mut World) {
        let customer = self.customer(world).await;
        let price = pick(&world.prices, self.rolls[0]).unwrap().clone();
        let mut form = vec![("customer", customer.as_str()), ("items[0][price]", price.as_str())];
        let behaviors = ["allow_incomplete", "default_incomplete", "error_if_incomplete"];
        form.push(("payment_behavior", one(&behaviors, self.rolls[1])));
        if self.rolls[3].is_multiple_of(4) {
            form.push(("trial_period_days", one(&["1", "5", "14"], self.rolls[2])));
            let ends = ["create_invoice", "cancel", "pause"];
            form.push((
                "trial_settings[end_behavior][missing_payment_method]",
                one(&ends, self.rolls[0] / 8),
            ));
        }
        if self.rolls[1].is_multiple_of(5) {
            form.push(("billing_mode[type]", "classic"));
        }
        world.ask("POST", "/v1/subscriptions", &form).await;
    }

    fn subscription(&self, world: &World) -> Option<Value> {
        let mut all = world.subscriptions();
        // Ended ones are tried too, now and then.
        if !self.rolls[3].is_multiple_of(10) {
            all.retain(|subscription| !has_ended(subscription));
        }
        pick(&all, self.rolls[0]).cloned()
    }

    /// Another price or quantity. What was previewed is what is billed.
    async fn switch(&self, world: &mut World) -> Result<(), String> {
        let Some(subscription) = self.subscription(world) else {
            return Ok(());
        };
        let path = format!("/v1/subscriptions/{}", id(&subscription));
        let price = pick(&world.prices, self.rolls[1]).unwrap().clone();
        let proration = one(
            &["always_invoice", "always_invoice", "create_prorations", "none"],
            self.rolls[2],
        );
        let item = subscription["items"]["data"][0]["id"].as_str().map(str::to_owned);
        let quantity = one(&["1", "1", "1", "3"], self.rolls[3] / 16);
        let mut items = vec![
            ("[items][0][price]", price.as_str()),
            ("[items][0][quantity]", quantity),
        ];
        if let Some(item) = &item {
            items.push(("[items][0][id]", item));
        }
        let named: Vec<(String, &str)> = items
            .iter()
            .map(|(name, value)| (format!("subscription_details{name}"), *value))
            .collect();
        let own = id(&subscription);
        let mut preview: Vec<(&str, &str)> = named.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        preview.push(("subscription", &own));
        preview.push(("subscription_details[proration_behavior]", proration));
        let (seen, previewed) = world.ask("POST", "/v1/invoices/create_preview", &preview).await;
        let named: Vec<(String, &str)> = items
            .iter()
            .map(|(name, value)| (name.replacen("[items]", "items", 1), *value))
            .collect();
        let mut form: Vec<(&str, &str)> = named.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        form.push(("proration_behavior", proration));
        let behaviors = [
            "pending_if_incomplete",
            "allow_incomplete",
            "error_if_incomplete",
            "default_incomplete",
        ];
        form.push(("payment_behavior", one(&behaviors, self.rolls[3])));
        form.push(("expand[]", "latest_invoice"));
        let (status, changed) = world.ask("POST", &path, &form).await;
        if status == 200
            && matches!(
                subscription["status"].as_str(),
                Some("incomplete" | "canceled" | "incomplete_expired")
            )
        {
            return Err(format!("{path} was changed while {}", subscription["status"]));
        }
        let billed = &changed["latest_invoice"];
        if (seen, status) == (200, 200)
            && billed["id"] != subscription["latest_invoice"]
            && previewed["billing_reason"] == "subscription_update"
            && billed["total"] != previewed["total"]
        {
            return Err(format!(
                "{} was previewed, {} billed",
                previewed["total"], billed["total"]
            ));
        }
        Ok(())
    }

    async fn plan_end(&self, world: &mut World) {
        let Some(subscription) = self.subscription(world) else {
            return;
        };
        let path = format!("/v1/subscriptions/{}", id(&subscription));
        let soon = (world.now().await + 9 * DAY).to_string();
        let later = (world.now().await + 40 * DAY).to_string();
        let forms = [
            ("cancel_at_period_end", "true"),
            ("cancel_at_period_end", "false"),
            ("cancel_at", soon.as_str()),
            ("cancel_at", later.as_str()),
            ("cancel_at", "max_period_end"),
            ("cancel_at", ""),
        ];
        let proration = one(&["always_invoice", "create_prorations", "none"], self.rolls[2]);
        let form = [*pick(&forms, self.rolls[1]).unwrap(), ("proration_behavior", proration)];
        world.ask("POST", &path, &form).await;
    }

    async fn cancel(&self, world: &mut World) {
        let Some(subscription) = self.subscription(world) else {
            return;
        };
        let path = format!("/v1/subscriptions/{}", id(&subscription));
        let form = [
            ("prorate", one(&["true", "false"], self.rolls[1])),
            ("invoice_now", one(&["true", "false"], self.rolls[2])),
        ];
        world.ask("DELETE", &path, &form).await;
    }

    async fn pause_or_resume(&self, world: &mut World) {
        let Some(subscription) = self.subscription(world) else {
            return;
        };
        let path = format!("/v1/subscriptions/{}", id(&subscription));
        if subscription["status"] == "paused" {
            let form = [
                ("billing_cycle_anchor[type]", one(&["now", "unchanged"], self.rolls[1])),
                (
                    "payment_behavior",
                    one(
                        &["resume_on_payment_attempt", "resume_on_payment_success"],
                        self.rolls[2],
                    ),
                ),
                (
                    "proration_behavior",
                    one(&["always_invoice", "create_prorations", "none"], self.rolls[3]),
                ),
            ];
            world.ask("POST", &format!("{path}/resume"), &form).await;
        } else {
            let form = [
                ("type", "subscription"),
                (
                    "bill_for[unused_time_from][type]",
                    one(&["now", "none", "item_current_period_start"], self.rolls[1]),
                ),
                (
                    "invoicing_behavior",
                    one(&["invoice", "pending_invoice_item"], self.rolls[2]),
                ),
            ];
            world.ask("POST", &format!("{path}/pause"), &form).await;
        }
    }

    async fn act_on_invoice(&self, world: &mut World) {
        let mut invoices = world.invoices();
        if !self.rolls[3].is_multiple_of(6) {
            invoices.retain(|invoice| invoice["status"] == "open" || invoice["status"] == "draft");
        }
        let Some(invoice) = pick(&invoices, self.rolls[0]) else {
            return;
        };
        let acts = ["pay", "pay", "pay", "void", "finalize", "mark_uncollectible"];
        let path = format!("/v1/invoices/{}/{}", id(invoice), one(&acts, self.rolls[1]));
        world.ask("POST", &path, &[]).await;
    }

    async fn change_card(&self, world: &mut World) {
        let customer = self.customer(world).await;
        let methods = world
            .stripe
            .get("/v1/payment_methods", &[("customer", &customer), ("type", "card")])
            .await;
        let methods = methods["data"].as_array().unwrap().clone();
        match pick(&methods, self.rolls[1]) {
            Some(method) if self.rolls[0].is_multiple_of(4) => {
                let path = format!("/v1/payment_methods/{}/detach", id(method));
                world.ask("POST", &path, &[]).await;
            }
            _ => self.give_card(world, &customer, self.rolls[0]).await,
        }
    }

    async fn give_back(&self, world: &mut World) {
        let charges = world.objects("charge");
        let Some(charge) = pick(&charges, self.rolls[0]).map(id) else {
            return;
        };
        match self.rolls[1] % 5 {
            0 | 1 => {
                let form = [
                    ("charge", charge.as_str()),
                    ("amount", one(&["1", "100", "900"], self.rolls[2])),
                ];
                world.ask("POST", "/v1/refunds", &form).await;
            }
            2 => {
                world.ask("POST", "/v1/refunds", &[("charge", &charge)]).await;
            }
            3 => {
                world
                    .control(&format!("/_fake/charges/{charge}/dispute"), json!({}))
                    .await;
            }
            _ => {
                let disputes = world.objects("dispute");
                if let Some(dispute) = pick(&disputes, self.rolls[2]) {
                    let outcome = one(&["won", "lost"], self.rolls[3]);
                    let path = format!("/_fake/disputes/{}", id(dispute));
                    world.control(&path, json!({"outcome": outcome})).await;
                }
            }
        }
    }

    async fn schedule(&self, world: &mut World) {
        let Some(subscription) = self.subscription(world) else {
            return;
        };
        let Some(schedule) = subscription["schedule"].as_str() else {
            let own = id(&subscription);
            world
                .ask("POST", "/v1/subscription_schedules", &[("from_subscription", &own)])
                .await;
            return;
        };
        let path = format!("/v1/subscription_schedules/{schedule}");
        match self.rolls[1] % 4 {
            0 => drop(world.ask("POST", &format!("{path}/release"), &[]).await),
            1 => drop(world.ask("POST", &format!("{path}/cancel"), &[]).await),
            _ => {
                let known = world.stripe.get(&path, &[]).await;
                let Some(phase) = known["phases"].as_array().and_then(|phases| phases.first()) else {
                    return;
                };
                let start = phase["start_date"].to_string();
                let soon = world.now().await + 4 * DAY;
                let end = if self.rolls[3].is_multiple_of(3) {
                    soon.to_string()
                } else {
                    phase["end_date"].to_string()
                };
                let (now, next) = (
                    phase["items"][0]["price"].as_str().unwrap_or_default().to_owned(),
                    pick(&world.prices, self.rolls[2]).unwrap().clone(),
                );
                let form = [
                    ("phases[0][start_date]", start.as_str()),
                    ("phases[0][end_date]", end.as_str()),
                    ("phases[0][items][0][price]", now.as_str()),
                    ("phases[1][items][0][price]", next.as_str()),
                    ("phases[1][duration][interval]", "month"),
                    ("phases[1][duration][interval_count]", "1"),
                    (
                        "phases[1][proration_behavior]",
                        one(&["none", "create_prorations", "always_invoice"], self.rolls[3] / 3),
                    ),
                    (
                        "phases[1][billing_cycle_anchor]",
                        one(&["automatic", "phase_start"], self.rolls[3] / 9),
                    ),
                    ("phases[1][trial]", one(&["false", "false", "true"], self.rolls[3] / 18)),
                    ("end_behavior", one(&["release", "cancel"], self.rolls[3] / 54)),
                ];
                world.ask("POST", &path, &form).await;
            }
        }
    }

    async fn change_trial(&self, world: &mut World) {
        let Some(subscription) = self.subscription(world) else {
            return;
        };
        let path = format!("/v1/subscriptions/{}", id(&subscription));
        let later = (world.now().await + 8 * DAY).to_string();
        let forms = [
            ("trial_end", "now"),
            ("trial_end", later.as_str()),
            ("billing_cycle_anchor[type]", "now"),
        ];
        world.ask("POST", &path, &[*pick(&forms, self.rolls[1]).unwrap()]).await;
    }

    async fn settle_what_follows(&self, world: &mut World) {
        let account = world.stripe.account.clone().unwrap();
        let setting = one(
            &["cancel", "unpaid", "past_due", "pause", "pause_at_once"],
            self.rolls[0],
        );
        let body = json!({"after_failed_payments": setting});
        world.control(&format!("/_fake/accounts/{account}"), body).await;
    }

    async fn strip_or_remove(&self, world: &mut World) {
        if self.rolls[1].is_multiple_of(2) {
            let customer = self.customer(world).await;
            world.ask("DELETE", &format!("/v1/customers/{customer}"), &[]).await;
        } else if let Some(subscription) = self.subscription(world) {
            let path = format!("/_fake/subscriptions/{}/strip_items", id(&subscription));
            world.control(&path, json!({})).await;
        }
    }

    /// What is previewed as the next invoice is what comes, unless something else comes before it.
    async fn wait_for_the_next_invoice(&self, world: &mut World) -> Result<(), String> {
        let Some(subscription) = self.subscription(world) else {
            return Ok(());
        };
        let own = id(&subscription);
        let (status, preview) = world
            .ask("POST", "/v1/invoices/create_preview", &[("subscription", &own)])
            .await;
        let invoices = world.invoices();
        // What waits for its payment, or for an attempt at it, may change the subscription meanwhile.
        let unsettled = |invoice: &Value| invoice["status"] == "open" || invoice["status"] == "draft";
        if status != 200
            || !matches!(subscription["status"].as_str(), Some("active" | "trialing"))
            || !subscription["pending_update"].is_null()
            || invoices.iter().any(unsettled)
        {
            return Ok(());
        }
        let wait = preview["created"].as_i64().unwrap_or_default() - world.now().await;
        world.advance(wait.max(0)).await;
        let known: Vec<String> = invoices.iter().map(id).collect();
        let now = world.invoices();
        let fresh: Vec<&Value> = now
            .iter()
            .filter(|invoice| {
                !known.contains(&id(invoice))
                    && invoice["parent"]["subscription_details"]["subscription"] == own.as_str()
            })
            .collect();
        match fresh.last() {
            Some(first) if first["total"] != preview["total"] || first["created"] != preview["created"] => {
                Err(format!(
                    "{own}: {} at {} was previewed, {} at {} came",
                    preview["total"], preview["created"], first["total"], first["created"]
                ))
            }
            None => Err(format!("{own}: {} was previewed, nothing came", preview["total"])),
            _ => Ok(()),
        }
    }

    /// Through Checkout, as a customer does.
    async fn buy(&self, world: &mut World) {
        let customer = self.customer(world).await;
        let price = pick(&world.prices, self.rolls[0]).unwrap().clone();
        let form = [
            ("mode", "subscription"),
            ("customer", customer.as_str()),
            ("line_items[0][price]", price.as_str()),
            ("line_items[0][quantity]", "1"),
            ("success_url", "http://127.0.0.1/done"),
        ];
        let (status, session) = world.ask("POST", "/v1/checkout/sessions", &form).await;
        if status == 200 {
            let card = one(
                &["4242424242424242", "4000000000000341", "4000000000000002"],
                self.rolls[1],
            );
            let path = format!("/_fake/checkout/{}/complete", id(&session));
            world.control(&path, json!({"card": card, "confirmed": true})).await;
        }
    }
}
