//! Subscriptions: their beginning, their changes, their renewals, their end. Endpoints are in `subscriptions/endpoints.rs`.

pub mod beginning;
mod bill;
pub mod cancel;
pub mod change;
mod debits;
pub mod ending;
pub mod endpoints;
pub mod item_changes;
pub mod items;
pub mod pause;
mod pending;
pub mod prorate;
pub mod renew;
pub mod resume;
pub mod start;
mod status;

use serde_json::Value;

use super::Engine;
use crate::fields::Fields;

/// How long an unpaid first invoice can be paid (and a pending update waits), in seconds.
pub const FIRST_PAYMENT_WITHIN: i64 = 23 * 3600;

/// How long before its end a trial's end is announced, in seconds.
const TRIAL_END_NOTICE: i64 = 3 * 86_400;

impl Engine {
    /// Whether a subscription is over for good.
    pub fn has_ended(&self, subscription: &str) -> bool {
        matches!(self.get(subscription).text("status"), "canceled" | "incomplete_expired")
    }

    /// A customer's subscriptions that are not over, oldest first.
    pub fn live_subscriptions(&self, account: &str, customer: &str) -> Vec<String> {
        let of = |id: &&str| self.get(id).text("customer") == customer && !self.has_ended(id);
        self.records
            .list(account, "subscription")
            .filter(of)
            .map(str::to_owned)
            .collect()
    }

    /// The period of a subscription's items; when they were taken away, the last one.
    pub fn period_of(&self, subscription: &str) -> (i64, i64) {
        if let Some(item) = self.get(subscription).items("items.data").first() {
            return (item.int("current_period_start"), item.int("current_period_end"));
        }
        let last = self.hidden(subscription).items("last_period");
        let moment = |at: usize| last.get(at).and_then(Value::as_i64).unwrap_or(0);
        (moment(0), moment(1))
    }

    /// Whether a subscription has no items (Stripe's API keeps the last one; here a control route can take it): nothing is
    /// billed and nothing renews.
    pub fn has_no_items(&self, subscription: &str) -> bool {
        self.get(subscription).items("items.data").is_empty()
    }

    /// Takes all items away, as if Stripe's API allowed it.
    pub fn strip_items(&mut self, subscription: &str) {
        drop(self.take_pending_lines(subscription));
        let (start, end) = self.period_of(subscription);
        self.hide(subscription, "last_period", vec![start, end]);
        self.change(subscription, "customer.subscription.updated", |object| {
            object.put("items.data", Vec::<Value>::new());
        });
        self.plan_subscription(subscription);
    }

    /// Works out when the next thing happens to a subscription by itself.
    pub fn plan_subscription(&mut self, id: &str) {
        let subscription = self.get(id);
        let status = subscription.text("status");
        let due = if self.has_ended(id) {
            None
        } else if status == "incomplete" {
            Some(subscription.int("created") + FIRST_PAYMENT_WITHIN)
        } else {
            let renewal = (status != "paused" && !self.has_no_items(id)).then(|| self.period_of(id).1);
            // A trial without items ends without a bill.
            let trial = subscription
                .some_int("trial_end")
                .filter(|_| status == "trialing" && self.has_no_items(id));
            let announced = self.hidden(id).flag("trial_end_announced");
            let notice = subscription
                .some_int("trial_end")
                .filter(|_| status == "trialing" && !announced)
                .map(|end| end - TRIAL_END_NOTICE);
            [
                renewal,
                trial,
                subscription.some_int("cancel_at"),
                subscription.some_int("pending_update.expires_at"),
                notice,
            ]
            .into_iter()
            .flatten()
            .min()
        };
        self.set_due(id, due);
    }

    /// Something is due for a subscription.
    pub fn subscription_is_due(&mut self, id: &str) {
        let now = self.now();
        let subscription = self.get(id).clone();
        let status = subscription.text("status").to_owned();
        if self.has_ended(id) {
            return;
        }
        let period_is_over = !self.has_no_items(id) && self.period_of(id).1 <= now;
        if status == "incomplete" {
            self.expire_incomplete(id);
        } else if subscription.some_int("cancel_at").is_some_and(|at| at <= now)
            || (subscription.flag("cancel_at_period_end") && period_is_over)
        {
            self.end_as_planned(id);
        } else if subscription
            .some_int("pending_update.expires_at")
            .is_some_and(|at| at <= now)
        {
            self.expire_pending_update(id);
        } else if status == "trialing"
            && self.has_no_items(id)
            && subscription.some_int("trial_end").is_some_and(|end| end <= now)
        {
            self.change(id, "customer.subscription.updated", |object| {
                object.put("status", "active");
            });
        } else if period_is_over && status != "paused" {
            self.renew(id);
        } else if status == "trialing"
            && subscription
                .some_int("trial_end")
                .is_some_and(|end| end - TRIAL_END_NOTICE <= now)
        {
            self.hide(id, "trial_end_announced", true);
            self.emit(id, "customer.subscription.trial_will_end");
        }
        self.plan_subscription(id);
    }
}
