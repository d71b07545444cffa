//! A new subscription, by the API or by Checkout: its items, its first period, its first invoice and how that is paid.

use serde_json::{Value, json};

use super::items::WantedItem;
use crate::{
    engine::{
        Engine,
        invoices::Reason,
        payments::{Presence, Refused},
    },
    error::StripeError,
    fields::{Fields, merge_metadata},
};

/// What happens when the first invoice cannot be paid at once (`payment_behavior`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behavior {
    AllowIncomplete,
    /// The first payment is somebody else's business.
    DefaultIncomplete,
    ErrorIfIncomplete,
}

/// A subscription to be.
#[derive(Debug, Clone)]
pub struct Start {
    pub customer: String,
    pub items: Vec<WantedItem>,
    pub method: Option<String>,
    pub trial_end: Option<i64>,
    /// When the billing rhythm begins, if not now.
    pub anchor: Option<i64>,
    /// Whether the time until then is billed; otherwise it is free.
    pub prorate: bool,
    /// When the subscription ends by itself.
    pub ends: Option<i64>,
    pub fee: Option<f64>,
    pub metadata: Value,
    pub description: Value,
    /// `classic` or `flexible`.
    pub billing_mode: String,
    pub save_method: bool,
    /// What the trial's end brings when nothing can be charged: `create_invoice`, `cancel` or `pause`.
    pub trial_end_without_method: String,
    pub behavior: Behavior,
    pub presence: Presence,
}

impl Engine {
    /// Starts a subscription; answers its id.
    ///
    /// Errors: unknown or inactive prices; nothing to pay with; the refused payment, under `error_if_incomplete`.
    pub fn start_subscription(&mut self, account: &str, start: &Start) -> Result<String, StripeError> {
        let clock = self.clock_of(&start.customer);
        let now = self.time_on(&clock);
        let currency = self.check_items(account, &start.items)?;
        let first_price = start.items.first().map(|item| item.price.clone()).unwrap_or_default();
        self.check_currency(account, &start.customer, &currency)?;
        let trial_end = start.trial_end.filter(|end| *end > now);
        let anchor = trial_end.or(start.anchor).unwrap_or(now);
        let whole_end = self.interval_of(&first_price).next_boundary(anchor, now);
        let end = match (trial_end, start.ends) {
            (Some(end), _) => end,
            (None, Some(ends)) if start.prorate && (now..whole_end).contains(&ends) => ends,
            (None, _) => whole_end,
        };
        let mut subscription = self.blank("subscription", "sub_1");
        let id = subscription.text("id").to_owned();
        subscription.put("created", now);
        subscription.put("start_date", now);
        subscription.put("billing_cycle_anchor", anchor);
        subscription.put(
            "automatic_tax",
            json!({"disabled_reason": null, "enabled": false, "liability": null}),
        );
        let flexible = start.billing_mode != "classic";
        subscription.put("billing_mode", json!({
            "type": start.billing_mode, "flexible": if flexible { json!({"proration_discounts": "included"}) } else { Value::Null }
        }));
        subscription.put("application_fee_percent", start.fee.map_or(Value::Null, Value::from));
        subscription.put("cancel_at_period_end", false);
        subscription.put(
            "cancellation_details",
            json!({"comment": null, "feedback": null, "reason": null}),
        );
        subscription.put("collection_method", "charge_automatically");
        subscription.put("currency", currency);
        subscription.put("customer", start.customer.as_str());
        subscription.put(
            "default_payment_method",
            start.method.as_deref().map_or(Value::Null, Value::from),
        );
        subscription.put("description", start.description.clone());
        subscription.put("default_tax_rates", json!([]));
        subscription.put(
            "invoice_settings",
            json!({"account_tax_ids": null, "issuer": {"type": "self"}}),
        );
        subscription.put("metadata", json!({}));
        merge_metadata(&mut subscription, &start.metadata);
        subscription.put(
            "payment_settings",
            json!({
                "payment_method_options": null, "payment_method_types": null,
                "save_default_payment_method": if start.save_method { "on_subscription" } else { "off" }
            }),
        );
        subscription.put(
            "trial_settings",
            json!({"end_behavior": {"missing_payment_method": start.trial_end_without_method}}),
        );
        subscription.put("status", if trial_end.is_some() { "trialing" } else { "incomplete" });
        if let Some(trial_end) = trial_end {
            subscription.put("trial_start", now);
            subscription.put("trial_end", trial_end);
        }
        if !clock.is_empty() {
            subscription.put("test_clock", clock.as_str());
        }
        let items: Vec<Value> = start
            .items
            .iter()
            .map(|wanted| self.new_item(&id, wanted, (now, end)))
            .collect();
        subscription.put("items", json!({
            "object": "list", "data": items, "has_more": false, "url": format!("/v1/subscription_items?subscription={id}")
        }));
        self.records.insert(account, &clock, subscription);
        self.set_currency(&start.customer);
        self.first_invoice(&id, &items, trial_end.is_some(), (now, end), start)?;
        self.plan_subscription(&id);
        Ok(id)
    }

    fn first_invoice(
        &mut self,
        id: &str,
        items: &[Value],
        trial: bool,
        period: (i64, i64),
        start: &Start,
    ) -> Result<(), StripeError> {
        let full = if trial { period } else { self.whole_period(id, period) };
        if !trial && !start.prorate && period.0 > full.0 {
            // Free until the anchor, and unlike with a trial there is no invoice that says so.
            self.edit(id, |object| object.put("status", "active"));
            self.emit(id, "customer.subscription.created");
            return Ok(());
        }
        let mut lines = Vec::new();
        for item in items {
            let line = if trial {
                self.trial_line(id, item, period)
            } else {
                self.share_line(id, item, period, full)
            };
            lines.push(line);
        }
        let free = lines.iter().all(|line| line.int("amount") == 0);
        if free && !trial {
            self.edit(id, |object| object.put("status", "active"));
        }
        let invoice = self.draft_invoice(id, Reason::Create, lines, (period.0, period.0));
        if free && self.method_for(&invoice).is_none() {
            // Nothing is paid now: a card for later is asked for.
            let account = self.account_of(id);
            let intent = self.new_setup_intent(&account, Some(&start.customer), &Value::Null);
            self.edit(id, |object| object.put("pending_setup_intent", intent));
        }
        self.emit(id, "customer.subscription.created");
        self.finalize_invoice(&invoice);
        if self.get(&invoice).text("status") == "paid" {
            if self.get(id).text("status") == "incomplete" {
                self.change(id, "customer.subscription.updated", |object| {
                    object.put("status", "active");
                });
            }
            return Ok(());
        }
        if start.behavior == Behavior::DefaultIncomplete {
            return Ok(());
        }
        match self.pay_invoice(&invoice, start.method.as_deref(), start.presence) {
            Ok(()) => Ok(()),
            Err(Refused::NoMethod) => Err(no_method()),
            Err(_) if start.behavior == Behavior::AllowIncomplete => Ok(()),
            Err(Refused::Declined(refusal)) => Err(refusal),
            Err(Refused::NeedsConfirmation) => Err(StripeError::card(
                "subscription_payment_intent_requires_action",
                "This payment requires additional user action before it can be completed successfully.",
            )),
        }
    }

    /// A customer's currency is that of their subscriptions.
    fn set_currency(&mut self, customer: &str) {
        let account = self.account_of(customer);
        let currency = self
            .live_subscriptions(&account, customer)
            .first()
            .map(|id| self.get(id).at("currency").clone());
        if let Some(currency) = currency {
            self.edit(customer, |customer| customer.put("currency", currency));
        }
    }
}

pub fn no_method() -> StripeError {
    StripeError::invalid(
        "This customer has no attached payment source or default payment method. Please consider adding a default payment method. For more \
         information, visit https://stripe.com/docs/billing/subscriptions/payment-methods-setting#payment-method-priority.",
    )
    .code("resource_missing")
}
