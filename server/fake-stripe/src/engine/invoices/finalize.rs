//! Finalising: the invoice gets its number, takes the customer's balance into account, and asks for its payment.

use serde_json::{Value, json};

use super::super::Engine;
use crate::fields::Fields;

impl Engine {
    /// Draft → open, with a payment intent when there is something to pay; paid at once when there is not.
    pub fn finalize_invoice(&mut self, invoice: &str) {
        let now = self.now();
        let before = self.get(invoice).clone();
        let customer = before.text("customer").to_owned();
        let number = self.next_number(&customer);
        let token = self.ids.letters(24);
        let hosted = format!("{}/i/{}/{token}", self.origin, self.page_account(invoice));
        let balance = self.get(&customer).int("balance");
        let total = before.int("total");
        self.edit(invoice, |object| {
            object.put("starting_balance", balance);
            object.put("status", "open");
            super::write_totals(object, total);
            object.put("number", number);
            object.put("effective_at", now);
            object.put("automatically_finalizes_at", Value::Null);
            object.put("status_transitions.finalized_at", now);
            object.put("hosted_invoice_url", hosted.as_str());
            object.put("invoice_pdf", format!("{hosted}/receipt"));
        });
        self.hide(invoice, "token", token);
        self.set_due(invoice, None);
        let ending = self.get(invoice).int("ending_balance");
        if ending != balance {
            self.change_customer(&customer, |customer| {
                customer.put("balance", ending);
            });
        }
        if self.get(invoice).int("amount_due") > 0 {
            self.ask_for_payment(invoice);
        }
        self.emit_change(invoice, "invoice.finalized", &before);
        if self.get(invoice).int("amount_due") == 0 {
            self.mark_paid(invoice);
        }
    }

    /// The account's name in addresses of hosted pages.
    pub fn page_account(&self, id: &str) -> String {
        let account = self.account_of(id);
        if account.is_empty() {
            "acct_1FakePlatform".to_owned()
        } else {
            account
        }
    }

    fn next_number(&mut self, customer: &str) -> String {
        let customer_json = self.get(customer);
        let (prefix, sequence) = (
            customer_json.text("invoice_prefix").to_owned(),
            customer_json.int("next_invoice_sequence").max(1),
        );
        if !customer_json.flag("deleted") {
            self.edit(customer, |customer| customer.put("next_invoice_sequence", sequence + 1));
        }
        format!("{prefix}-{sequence:04}")
    }

    /// Open → paid.
    pub fn mark_paid(&mut self, invoice: &str) {
        let now = self.now();
        let before = self.get(invoice).clone();
        self.set_due(invoice, None);
        self.edit(invoice, |object| {
            let due = object.int("amount_due");
            object.put("status", "paid");
            object.put("attempted", true);
            object.put("auto_advance", false);
            object.put("amount_paid", due);
            object.put("amount_remaining", 0);
            object.put("next_payment_attempt", Value::Null);
            object.put("status_transitions.paid_at", now);
            object.put("webhooks_delivered_at", json!(now));
        });
        self.emit_change(invoice, "invoice.updated", &before);
        self.emit(invoice, "invoice.paid");
        self.emit(invoice, "invoice.payment_succeeded");
        self.invoice_settled(invoice);
    }
}
