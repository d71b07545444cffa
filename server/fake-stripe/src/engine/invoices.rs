//! Invoices: made by subscriptions, finalised, paid (`payments.rs`), voided. The endpoints are in `invoices/endpoints.rs`.

pub mod endpoints;
mod finalize;
pub mod line;
pub mod preview;

use serde_json::{Value, json};

use super::Engine;
use crate::{fields::Fields, money::least_charge};

/// Seconds between a renewal's draft and its finalisation.
const DRAFT_LASTS: i64 = 3600;

/// Why an invoice is made, in Stripe's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    Create,
    Cycle,
    Update,
}

impl Reason {
    fn word(self) -> &'static str {
        match self {
            Self::Create => "subscription_create",
            Self::Cycle => "subscription_cycle",
            Self::Update => "subscription_update",
        }
    }
}

impl Engine {
    /// A draft for a subscription, with its lines; tells `invoice.created`.
    pub fn draft_invoice(
        &mut self,
        subscription: &str,
        reason: Reason,
        lines: Vec<Value>,
        period: (i64, i64),
    ) -> String {
        let account = self.account_of(subscription);
        let clock = self.clock_of(subscription);
        let sub = self.get(subscription).clone();
        let customer = self.get(sub.text("customer")).clone();
        let mut invoice = self.blank("invoice", "in_1");
        let id = invoice.text("id").to_owned();
        let currency = sub.text("currency").to_owned();
        let account_json = if account.is_empty() {
            self.platform()
        } else {
            self.get(&account).clone()
        };
        let total: i64 = lines.iter().map(|line| line.int("amount")).sum();
        invoice.put("account_country", account_json.at("country").clone());
        invoice.put("account_name", account_json.at("business_profile.name").clone());
        invoice.put("auto_advance", true);
        invoice.put(
            "automatic_tax",
            json!({"disabled_reason": null, "enabled": false, "liability": null, "provider": null, "status": null}),
        );
        invoice.put("billing_reason", reason.word());
        invoice.put("collection_method", sub.at("collection_method").clone());
        invoice.put("currency", currency);
        invoice.put("customer", customer.at("id").clone());
        for (field, from) in [
            ("customer_address", "address"),
            ("customer_email", "email"),
            ("customer_name", "name"),
            ("customer_phone", "phone"),
            ("customer_shipping", "shipping"),
            ("customer_tax_exempt", "tax_exempt"),
        ] {
            invoice.put(field, customer.at(from).clone());
        }
        invoice.put("customer_tax_ids", json!([]));
        for field in ["custom_fields", "footer"] {
            invoice.put(field, customer.at("invoice_settings").at(field).clone());
        }
        invoice.put("description", sub.at("description").clone());
        invoice.put("issuer", json!({"type": "self"}));
        invoice.put("metadata", json!({}));
        invoice.put(
            "parent",
            json!({
                "quote_details": null, "type": "subscription_details",
                "subscription_details": {"metadata": sub.at("metadata"), "subscription": subscription}
            }),
        );
        invoice.put(
            "payment_settings",
            json!({"default_mandate": null, "payment_method_options": null, "payment_method_types": null}),
        );
        invoice.put("period_start", period.0);
        invoice.put("period_end", period.1);
        invoice.put("starting_balance", customer.int("balance"));
        invoice.put("status", "draft");
        invoice.put("test_clock", sub.at("test_clock").clone());
        invoice.put("total_discount_amounts", json!([]));
        invoice.put("total_pretax_credit_amounts", json!([]));
        invoice.put("total_taxes", json!([]));
        let owner = id.clone();
        let lines: Vec<Value> = lines
            .into_iter()
            .map(|mut line| {
                line.put("invoice", owner.as_str());
                line
            })
            .collect();
        invoice.put(
            "lines",
            json!({
                "object": "list", "data": lines, "has_more": false, "url": format!("/v1/invoices/{id}/lines")
            }),
        );
        write_totals(&mut invoice, total);
        self.records.insert(&account, &clock, invoice);
        self.hide(&id, "subscription", subscription);
        let mut invoices = self.hidden(subscription).items("invoices").to_vec();
        invoices.push(id.as_str().into());
        self.hide(subscription, "invoices", invoices);
        self.edit(subscription, |sub| sub.put("latest_invoice", id.as_str()));
        self.emit(&id, "invoice.created");
        id
    }

    /// A renewal's draft waits an hour before it is finalised and charged.
    pub fn finalize_later(&mut self, invoice: &str) {
        let at = self.now() + DRAFT_LASTS;
        self.edit(invoice, |object| object.put("automatically_finalizes_at", at));
        self.set_due(invoice, Some(at));
    }

    /// The subscription of an invoice; empty for a one-off.
    pub fn subscription_of(&self, invoice: &str) -> String {
        self.hidden(invoice).text("subscription").to_owned()
    }

    /// A subscription's invoices, oldest first.
    pub fn invoices_of(&self, subscription: &str) -> Vec<String> {
        let ids = self.hidden(subscription).items("invoices").iter();
        ids.filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// What is due to happen to an invoice by itself: finalisation, or another attempt to charge it.
    pub fn invoice_is_due(&mut self, invoice: &str) {
        match self.get(invoice).text("status") {
            "draft" => {
                self.finalize_invoice(invoice);
                self.collect(invoice);
            }
            "open" if self.resumption_has_lapsed(invoice) => self.void_invoice(invoice),
            "open" => self.collect(invoice),
            _ => {}
        }
    }

    /// Stops an unpaid invoice; nothing is owed any more, and what it took of the customer's balance is theirs again
    /// (docs.stripe.com/changelog/2019-12-03/customer-balances-returned-voided-invoices).
    pub fn void_invoice(&mut self, invoice: &str) {
        let now = self.now();
        self.set_due(invoice, None);
        self.cancel_payment(invoice);
        let before = self.get(invoice).clone();
        self.edit(invoice, |object| {
            object.put("status", "void");
            object.put("auto_advance", false);
            object.put("next_payment_attempt", Value::Null);
            object.put("status_transitions.voided_at", now);
            object.put("amount_remaining", object.int("amount_due"));
        });
        let taken = before.int("starting_balance") - before.int("ending_balance");
        if taken != 0 && before.has("ending_balance") {
            self.change_customer(before.text("customer"), |customer| {
                customer.put("balance", customer.int("balance") + taken);
            });
        }
        self.emit_change(invoice, "invoice.voided", &before);
        self.invoice_settled(invoice);
    }

    /// Stripe no longer tries to collect it by itself.
    pub fn stop_collecting(&mut self, invoice: &str) {
        self.set_due(invoice, None);
        self.change(invoice, "invoice.updated", |object| {
            object.put("auto_advance", false);
            object.put("next_payment_attempt", Value::Null);
            object.put("automatically_finalizes_at", Value::Null);
        });
    }
}

/// The sums of an invoice before anything is paid. Nothing is taxed. The customer's balance (negative: a credit) is used
/// up first; what a credit invoice gives back goes there, and so does what is too little to be charged.
pub fn write_totals(invoice: &mut Value, total: i64) {
    let balance = invoice.int("starting_balance");
    let owed = total + balance;
    let (due, ending) = if total == 0 {
        (0, balance)
    } else if owed < least_charge(invoice.text("currency")) {
        (0, owed)
    } else {
        (owed.max(0), owed.min(0))
    };
    for field in ["subtotal", "subtotal_excluding_tax", "total", "total_excluding_tax"] {
        invoice.put(field, total);
    }
    invoice.put("amount_due", due);
    invoice.put("amount_remaining", due);
    if invoice.text("status") != "draft" {
        invoice.put("ending_balance", ending);
    }
    for field in [
        "amount_paid",
        "amount_overpaid",
        "amount_shipping",
        "amount_paid_off_stripe",
    ] {
        invoice.put(field, 0);
    }
}
