//! How payments move a subscription's status: it follows its newest invoice that is not void.

use serde_json::Value;

use crate::{engine::Engine, fields::Fields};

impl Engine {
    /// An invoice became paid or void.
    pub fn invoice_settled(&mut self, invoice: &str) {
        let subscription = self.subscription_of(invoice);
        if subscription.is_empty() || self.has_ended(&subscription) {
            return;
        }
        if self.hidden(invoice).flag("pending_update") {
            self.pending_update_settled(&subscription, invoice);
            if self.get(invoice).text("status") == "paid" {
                // The change is in place, and its invoice counts like any other from here on.
                self.hide(invoice, "pending_update", false);
            }
        }
        if self.hidden(invoice).flag("resumes") {
            self.resume_settled(&subscription, invoice);
        }
        let status = self.get(&subscription).text("status").to_owned();
        let newest_is_paid = self
            .newest_invoice(&subscription)
            .is_none_or(|newest| self.get(&newest).text("status") == "paid");
        let becomes_active = match status.as_str() {
            "incomplete" => self.get(invoice).text("status") == "paid",
            "past_due" | "unpaid" => newest_is_paid,
            _ => false,
        };
        if becomes_active {
            self.remember_method(&subscription, invoice);
            self.change(&subscription, "customer.subscription.updated", |object| {
                object.put("status", "active");
            });
            self.plan_subscription(&subscription);
        }
        let customer = self.get(&subscription).text("customer").to_owned();
        let owes = self.get(&customer).flag("delinquent");
        if owes && newest_is_paid {
            self.change_customer(&customer, |customer| {
                customer.put("delinquent", false);
            });
        }
    }

    /// The invoice that decides the status; those of pending updates do not count.
    pub fn newest_invoice(&self, subscription: &str) -> Option<String> {
        let counts = |id: &String| self.get(id).text("status") != "void" && !self.hidden(id).flag("pending_update");
        self.invoices_of(subscription).into_iter().rev().find(counts)
    }

    /// `save_default_payment_method=on_subscription`: what paid the first invoice pays the next ones too.
    fn remember_method(&mut self, subscription: &str, invoice: &str) {
        if self
            .get(subscription)
            .text("payment_settings.save_default_payment_method")
            != "on_subscription"
        {
            return;
        }
        let method = self.get(&self.intent_of(invoice)).at("payment_method").clone();
        if method.is_string() {
            self.edit(subscription, |object| object.put("default_payment_method", method));
        }
    }

    /// An attempt to pay an invoice was refused.
    pub fn payment_failed(&mut self, subscription: &str, invoice: &str) {
        if self.hidden(invoice).flag("resumes") {
            self.resume_failed(subscription, invoice);
            return;
        }
        if self.hidden(invoice).flag("pending_update") {
            return;
        }
        let is_newest = self.newest_invoice(subscription).as_deref() == Some(invoice);
        if is_newest && matches!(self.get(subscription).text("status"), "active" | "trialing") {
            self.change(subscription, "customer.subscription.updated", |object| {
                object.put("status", "past_due");
            });
            if self.get(invoice).text("billing_reason") == "subscription_cycle"
                && self.after_failed_payments(&self.account_of(subscription)) == "pause_at_once"
                && self.can_be_paused(subscription)
            {
                self.stop_collecting(invoice);
                self.pause(subscription, "first_payment_failure");
            }
            self.plan_subscription(subscription);
        }
        let customer = self.get(invoice).text("customer").to_owned();
        if self.get(invoice).text("billing_reason") != "subscription_create" && !self.get(&customer).flag("delinquent")
        {
            self.change_customer(&customer, |customer| {
                customer.put("delinquent", true);
            });
        }
    }

    /// The last retry failed: the account's settings decide.
    pub fn payments_given_up(&mut self, subscription: &str, invoice: &str) {
        if self.get(subscription).text("status") != "past_due" {
            return;
        }
        match self.after_failed_payments(&self.account_of(subscription)).as_str() {
            "unpaid" => self.change(subscription, "customer.subscription.updated", |object| {
                object.put("status", "unpaid");
            }),
            "past_due" => {}
            "pause" if self.can_be_paused(subscription) => {
                self.stop_collecting(invoice);
                self.pause(subscription, "final_payment_failure");
            }
            _ => self.end_subscription(subscription, "payment_failed"),
        }
        self.plan_subscription(subscription);
    }

    /// The first invoice was not paid in time: nothing comes of it.
    pub fn expire_incomplete(&mut self, subscription: &str) {
        let now = self.now();
        for invoice in self.invoices_of(subscription) {
            if self.get(&invoice).text("status") == "open" {
                self.void_invoice(&invoice);
            }
        }
        let before = self.get(subscription).clone();
        self.edit(subscription, |object| {
            object.put("status", "incomplete_expired");
            object.put("ended_at", now);
            object.put("canceled_at", Value::from(now));
        });
        self.emit_change(subscription, "customer.subscription.updated", &before);
    }
}
