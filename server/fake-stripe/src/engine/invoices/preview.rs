//! Previews (`POST /v1/invoices/create_preview`): the invoice that a change, a new subscription or the next renewal would
//! bring about. Everything is done as if, then taken back.

use serde_json::{Value, json};

use super::Reason;
use crate::{
    engine::{
        Answer, Call, Engine,
        payments::Presence,
        subscriptions::{
            beginning::trial_end,
            endpoints::check_rhythm,
            items::WantedItem,
            prorate::Change,
            start::{Behavior, Start},
        },
    },
    error::StripeError,
    fields::Fields,
};

/// Parts of `subscription_details` that are parameters of a subscription's update too.
const UPDATES: [&str; 7] = [
    "items",
    "proration_behavior",
    "proration_date",
    "billing_cycle_anchor",
    "trial_end",
    "cancel_at",
    "cancel_at_period_end",
];

pub fn create(engine: &mut Engine, call: &Call) -> Answer {
    let params = &call.params;
    if params.has("schedule") || params.has("schedule_details") || params.has("invoice_items") {
        return Err(StripeError::invalid(
            "fake-stripe previews subscriptions only (`subscription` or `customer` with `subscription_details`).",
        ));
    }
    if params.has("subscription") && params.text("subscription_details.billing_cycle_anchor.type") == "timestamp" {
        return Err(StripeError::invalid(
            "fake-stripe previews changes with the billing cycle anchors `now` and `unchanged` only.",
        )
        .param("subscription_details[billing_cycle_anchor]"));
    }
    let lines = engine.as_if(|engine| {
        let invoice = match params.some_text("subscription") {
            Some(id) => engine.preview_change(call, id)?,
            None => engine.preview_start(call)?,
        };
        Ok(engine.get(&invoice).clone())
    });
    Ok(shown(engine, lines?))
}

/// A preview has no place among the invoices: no number, no pages, an id of its own.
fn shown(engine: &mut Engine, mut invoice: Value) -> Value {
    let id = engine.ids.next("upcoming_in_1");
    let lines: Vec<Value> = invoice
        .items("lines.data")
        .iter()
        .map(|line| {
            let mut line = line.clone();
            line.put("invoice", id.as_str());
            line
        })
        .collect();
    invoice.put("lines.data", lines);
    invoice.put("lines.url", format!("/v1/invoices/{id}/lines"));
    invoice.put("id", id);
    invoice.put("status", "draft");
    for field in [
        "number",
        "hosted_invoice_url",
        "invoice_pdf",
        "effective_at",
        "automatically_finalizes_at",
    ] {
        invoice.put(field, Value::Null);
    }
    let total = invoice.int("total");
    super::write_totals(&mut invoice, total);
    // Of a draft, too, a preview says what the balance would become.
    let ending = total + invoice.int("starting_balance") - invoice.int("amount_due");
    invoice.put("ending_balance", ending);
    invoice.put("attempt_count", 0);
    invoice.put("attempted", false);
    invoice.put(
        "status_transitions",
        json!({"finalized_at": null, "marked_uncollectible_at": null, "paid_at": null, "voided_at": null}),
    );
    invoice
}

impl Engine {
    /// The draft that a change of a subscription would be billed with; without a change, its next renewal.
    fn preview_change(&mut self, call: &Call, id: &str) -> Result<String, StripeError> {
        let before = self.find(&call.account, "subscription", id, "subscription")?.clone();
        let details = call.params.at("subscription_details");
        let customer = before.text("customer").to_owned();
        if call.params.some_text("customer").is_some_and(|given| given != customer) {
            return Err(StripeError::missing("subscription", id, "subscription"));
        }
        if self.has_ended(id) {
            return Err(none_upcoming(&customer));
        }
        if details.flag("cancel_now") {
            return self.preview_cancel(id, &before, details);
        }
        if details.has("resume_at") {
            return self.preview_resumption(id, &before);
        }
        let mut update = json!({});
        for name in UPDATES {
            if details.get(name).is_some() {
                update.put(name, details.at(name).clone());
            }
        }
        let changed = self.changed(&call.account, &before, &update)?;
        let now = self.now();
        let change = Change {
            before: &before,
            after: &changed.object,
            at: update.some_int("proration_date").unwrap_or(now),
            new_period: changed.new_period,
            prorate: changed.prorate,
        };
        let lines = self.change_lines(id, &change);
        self.edit(id, |subscription| *subscription = changed.object);
        if !lines.is_empty() && (changed.invoice_now || changed.new_period) {
            let mut all = self.take_pending_lines(id);
            all.extend(lines);
            return Ok(self.draft_invoice(id, Reason::Update, all, (self.period_of(id).0, now)));
        }
        self.keep_lines(id, lines);
        self.preview_next(id)
    }

    /// The next invoice that comes by itself: with the end of the period or the subscription, or with a phase of its schedule.
    fn preview_next(&mut self, id: &str) -> Result<String, StripeError> {
        let (customer, clock) = (self.get(id).text("customer").to_owned(), self.clock_of(id));
        let invoices = self.invoices_of(id).len();
        let ends = |engine: &Self| {
            let end = engine.period_of(id).1;
            engine.get(id).some_int("cancel_at").map_or(end, |at| at.min(end))
        };
        let schedule = self.get(id).text("schedule").to_owned();
        while let Some(at) = self.due_of(&schedule).filter(|at| *at <= ends(self)) {
            self.moment = Some((clock.clone(), at));
            self.set_due(&schedule, None);
            self.schedule_is_due(&schedule);
            if self.invoices_of(id).len() > invoices {
                break;
            }
        }
        if self.invoices_of(id).len() == invoices
            && !self.has_ended(id)
            && !self.has_no_items(id)
            && self.get(id).text("status") != "paused"
        {
            let end = ends(self);
            self.moment = Some((clock, end));
            if self.get(id).some_int("cancel_at").is_some_and(|at| at <= end) {
                self.end_as_planned(id);
            } else {
                self.renew(id);
            }
        }
        let invoice = self.invoices_of(id).get(invoices).cloned();
        let invoice = invoice.ok_or_else(|| none_upcoming(&customer))?;
        let at = self.now() + super::DRAFT_LASTS;
        self.edit(&invoice, |invoice| {
            invoice.put("billing_reason", "upcoming");
            invoice.put("next_payment_attempt", at);
        });
        Ok(invoice)
    }

    /// What a paused subscription would be billed with if it were resumed now, with a new period.
    fn preview_resumption(&mut self, id: &str, before: &Value) -> Result<String, StripeError> {
        if before.text("status") != "paused" {
            return Err(StripeError::invalid(format!(
                "You can only preview resuming subscriptions with a status of `paused`. This subscription has a status of `{}`.",
                before.text("status")
            ))
            .param("subscription_details[resume_at]"));
        }
        self.prepare_resumption(id, before, &json!({}))
            .ok_or_else(|| none_upcoming(before.text("customer")))
    }

    fn preview_cancel(&mut self, id: &str, before: &Value, details: &Value) -> Result<String, StripeError> {
        let lines = self.last_lines(id, details.text("proration_behavior") != "none");
        if lines.is_empty() {
            return Err(none_upcoming(before.text("customer")));
        }
        let period = (self.period_of(id).0, self.now());
        Ok(self.draft_invoice(id, Reason::Update, lines, period))
    }

    /// The first invoice of a subscription that does not exist yet.
    fn preview_start(&mut self, call: &Call) -> Result<String, StripeError> {
        let params = &call.params;
        let customer = params
            .some_text("customer")
            .ok_or_else(|| StripeError::missing_param("customer"))?;
        self.find(&call.account, "customer", customer, "customer")?;
        let details = params.at("subscription_details");
        let mut items = Vec::new();
        for (number, item) in details.items("items").iter().enumerate() {
            let param = format!("subscription_details[items][{number}][price]");
            let price = item
                .some_text("price")
                .ok_or_else(|| StripeError::missing_param(&param))?
                .to_owned();
            items.push(WantedItem {
                price,
                quantity: item.some_int("quantity").unwrap_or(1),
                metadata: Value::Null,
            });
        }
        if items.is_empty() {
            return Err(none_upcoming(customer));
        }
        let now = self.now_for(customer);
        let start = Start {
            customer: customer.to_owned(),
            items,
            method: None,
            trial_end: trial_end(details, now, |name| format!("subscription_details[{name}]"))?,
            anchor: details.some_int("billing_cycle_anchor.timestamp"),
            prorate: details.text("proration_behavior") != "none",
            ends: details.some_int("cancel_at"),
            fee: None,
            metadata: Value::Null,
            description: Value::Null,
            billing_mode: details.some_text("billing_mode.type").unwrap_or("flexible").to_owned(),
            save_method: false,
            trial_end_without_method: "create_invoice".to_owned(),
            behavior: Behavior::DefaultIncomplete,
            presence: Presence::Away,
        };
        check_rhythm(self, call, &start, now, "subscription_details[billing_cycle_anchor]")?;
        let id = self.start_subscription(&call.account, &start)?;
        match self.get(&id).some_text("latest_invoice") {
            Some(invoice) => Ok(invoice.to_owned()),
            None => self.preview_next(&id),
        }
    }
}

fn none_upcoming(customer: &str) -> StripeError {
    StripeError::invalid(format!("No upcoming invoices for customer: {customer}"))
        .code("invoice_upcoming_none")
        .status(404)
}
