//! What must hold after every step, whatever came before.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use crate::{support::id, world::World};

/// Statuses, and what a subscription's status may become directly.
const AFTER: [(&str, &[&str]); 8] = [
    ("incomplete", &["active", "trialing", "incomplete_expired"]),
    ("trialing", &["active", "past_due", "paused", "canceled"]),
    ("active", &["trialing", "past_due", "paused", "canceled"]),
    ("past_due", &["active", "trialing", "unpaid", "paused", "canceled"]),
    ("unpaid", &["active", "trialing", "canceled"]),
    ("paused", &["active", "trialing", "past_due", "canceled"]),
    ("canceled", &[]),
    ("incomplete_expired", &[]),
];

/// What was seen before.
#[derive(Default)]
pub struct Rules {
    ended: HashMap<String, Value>,
    settled: HashMap<String, Value>,
    /// How many events were looked at.
    events: usize,
    last_status: HashMap<String, String>,
    /// Those that were resumed: they go on although an older invoice may still be open.
    resumed: HashSet<String>,
}

fn must(holds: bool, what: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what()) }
}

fn int(value: &Value) -> i64 {
    value.as_i64().unwrap_or(0)
}

fn lines(invoice: &Value) -> i64 {
    let lines = invoice["lines"]["data"].as_array().unwrap().iter();
    lines.map(|line| int(&line["amount"])).sum()
}

impl Rules {
    pub async fn look(&mut self, world: &World) -> Result<(), String> {
        let (subscriptions, invoices) = (world.subscriptions(), world.invoices());
        let now = world.now().await;
        self.events(world)?;
        for subscription in &subscriptions {
            self.subscription(subscription, &invoices, now)?;
        }
        for invoice in &invoices {
            self.invoice(invoice)?;
        }
        Self::money(world, &invoices)
    }

    fn subscription(&mut self, subscription: &Value, invoices: &[Value], now: i64) -> Result<(), String> {
        let (name, status) = (id(subscription), subscription["status"].as_str().unwrap());
        let ended = matches!(status, "canceled" | "incomplete_expired");
        if let Some(before) = self.ended.get(&name) {
            must(
                before["status"] == status && before["ended_at"] == subscription["ended_at"],
                || format!("{name} came back from {}: {status}", before["status"]),
            )?;
        }
        if ended {
            must(
                !subscription["ended_at"].is_null() && subscription["pending_update"].is_null(),
                || format!("{name} is {status} without an end: {subscription:#}"),
            )?;
            self.ended.insert(name, subscription.clone());
            return Ok(());
        }
        must(
            (status == "paused") != subscription["status_details"]["paused"].is_null(),
            || format!("{name} is {status} with {}", subscription["status_details"]),
        )?;
        must(subscription["cancel_at"].as_i64().is_none_or(|at| at > now), || {
            format!("{name} should have ended at {}", subscription["cancel_at"])
        })?;
        if subscription["cancel_at_period_end"] == true && status != "paused" && status != "incomplete" {
            let ends = &subscription["items"]["data"][0]["current_period_end"];
            must(ends.is_null() || subscription["cancel_at"] == *ends, || {
                format!("{name} ends at {}, its period at {ends}", subscription["cancel_at"])
            })?;
        }
        if status == "trialing" {
            must(int(&subscription["trial_end"]) > now, || {
                format!("the trial of {name} is over")
            })?;
        }
        for item in subscription["items"]["data"].as_array().unwrap() {
            let (start, end) = (int(&item["current_period_start"]), int(&item["current_period_end"]));
            must(start <= end, || format!("{name}: a period from {start} to {end}"))?;
            must(status == "paused" || status == "incomplete" || end > now, || {
                format!("{name} is {status} but its period ended at {end}")
            })?;
        }
        status_follows_invoices(subscription, invoices, self.resumed.contains(&name))
    }

    fn invoice(&mut self, invoice: &Value) -> Result<(), String> {
        let (name, status) = (id(invoice), invoice["status"].as_str().unwrap());
        let say = |what: &str| format!("{name} ({status}): {what}: {invoice:#}");
        let (due, paid, left) = (
            int(&invoice["amount_due"]),
            int(&invoice["amount_paid"]),
            int(&invoice["amount_remaining"]),
        );
        must(int(&invoice["total"]) == lines(invoice), || {
            say("the lines do not add up")
        })?;
        must(due >= 0 && paid + left == due, || say("due is not paid and remaining"))?;
        must((status == "paid") <= (paid == due), || say("paid, but not all"))?;
        must((status != "paid") <= (paid == 0), || {
            say("money came, but it is not paid")
        })?;
        if status != "draft" {
            let sums = int(&invoice["starting_balance"]) + int(&invoice["total"]) - due;
            must(int(&invoice["ending_balance"]) == sums, || {
                say("the balance does not add up")
            })?;
        }
        if let Some(before) = self.settled.get(&name) {
            must(before["status"] == status, || say("settled, and changed again"))?;
            must(before["total"] == invoice["total"], || say("another total"))?;
        }
        if matches!(status, "paid" | "void") {
            self.settled.insert(name, invoice.clone());
        }
        Ok(())
    }

    /// What customers were charged is what their invoices say, and no more is given back.
    fn money(world: &World, invoices: &[Value]) -> Result<(), String> {
        let charges = world.objects("charge");
        let refunds = world.objects("refund");
        let taken: i64 = charges.iter().map(|charge| int(&charge["amount_captured"])).sum();
        let paid: i64 = invoices.iter().map(|invoice| int(&invoice["amount_paid"])).sum();
        must(taken == paid, || format!("{taken} charged, {paid} paid"))?;
        for charge in &charges {
            let own = refunds.iter().filter(|refund| refund["charge"] == charge["id"]);
            let given_back: i64 = own.map(|refund| int(&refund["amount"])).sum();
            let whole = int(&charge["amount_captured"]);
            must(
                given_back == int(&charge["amount_refunded"])
                    && given_back <= whole
                    && charge["refunded"] == json!(whole > 0 && given_back == whole),
                || format!("refunds of {given_back}: {charge:#}"),
            )?;
        }
        for customer in world.objects("customer") {
            let own = invoices.iter().filter(|invoice| {
                invoice["customer"] == customer["id"] && !matches!(invoice["status"].as_str(), Some("draft" | "void"))
            });
            let balance: i64 = own
                .map(|invoice| int(&invoice["ending_balance"]) - int(&invoice["starting_balance"]))
                .sum();
            must(balance == int(&customer["balance"]), || {
                format!(
                    "{}: a balance of {}, by its invoices {balance}",
                    customer["id"], customer["balance"]
                )
            })?;
        }
        Ok(())
    }

    /// Events tell of legal changes only, each of them once.
    fn events(&mut self, world: &World) -> Result<(), String> {
        let all = world.objects("event");
        let known = std::mem::replace(&mut self.events, all.len());
        let fresh = all.iter().rev().skip(known);
        for event in fresh.filter(|event| event["type"].as_str().unwrap().starts_with("customer.subscription.")) {
            let object = &event["data"]["object"];
            if event["type"] == "customer.subscription.resumed" {
                self.resumed.insert(id(object));
            }
            let (name, status) = (id(object), object["status"].as_str().unwrap().to_owned());
            let Some(before) = self.last_status.insert(name.clone(), status.clone()) else {
                continue;
            };
            let legal = AFTER
                .iter()
                .find(|(from, _)| *from == before)
                .map_or(&[][..], |(_, to)| to);
            must(before == status || legal.contains(&status.as_str()), || {
                format!("{name} went from {before} to {status} ({})", event["type"])
            })?;
        }
        Ok(())
    }
}

/// The status follows the newest invoice that is not void; those of pending updates do not count.
fn status_follows_invoices(subscription: &Value, invoices: &[Value], resumed: bool) -> Result<(), String> {
    let (name, status) = (id(subscription), subscription["status"].as_str().unwrap());
    if subscription["items"]["data"] == json!([]) {
        // Without items nothing is billed: a change of status leaves the invoices as they are.
        return Ok(());
    }
    let own: Vec<&Value> = invoices
        .iter()
        .filter(|invoice| invoice["parent"]["subscription_details"]["subscription"] == name.as_str())
        .filter(|invoice| invoice["status"] != "void")
        .collect();
    let newest = own.iter().find(|invoice| invoice["waits_for_its_change"] != true);
    let Some(newest) = newest else {
        return must(status != "unpaid", || format!("{name} is {status} without an invoice"));
    };
    let of = newest["status"].as_str().unwrap();
    let fits = match status {
        "incomplete" => matches!(of, "open" | "uncollectible") && newest["billing_reason"] == "subscription_create",
        // Just finalised and not tried yet, or written off.
        "active" | "trialing" => of != "open" || newest["attempted"] == false || resumed,
        "past_due" | "unpaid" => of != "paid",
        _ => true,
    };
    must(fits, || {
        format!("{name} is {status}, its newest invoice {} is {of}", newest["id"])
    })
}
