//! Disputes (`/v1/disputes`): a cardholder takes a payment back through their bank. They come from a control route or a
//! test card, and end when the account gives in (`close`) or a control route decides.

use serde_json::{Value, json};

use super::{Answer, Call, Engine};
use crate::{
    error::StripeError,
    fields::{Fields, merge_metadata},
};

/// How long the account may answer, in seconds. Nothing happens by itself afterwards.
const ANSWER_WITHIN: i64 = 9 * 86_400;

/// Stripe's reasons.
pub const REASONS: [&str; 15] = [
    "bank_cannot_process",
    "check_returned",
    "credit_not_processed",
    "customer_initiated",
    "debit_not_authorized",
    "duplicate",
    "fraudulent",
    "general",
    "incorrect_account_details",
    "insufficient_funds",
    "noncompliant",
    "product_not_received",
    "product_unacceptable",
    "subscription_canceled",
    "unrecognized",
];

pub fn retrieve(engine: &mut Engine, call: &Call) -> Answer {
    engine.find(&call.account, "dispute", call.id(), "dispute").cloned()
}

pub fn list(engine: &mut Engine, call: &Call) -> Answer {
    let params = &call.params;
    let is = |dispute: &Value, field: &str| {
        params
            .some_text(field)
            .is_none_or(|wanted| dispute.text(field) == wanted)
    };
    engine.list(call, "dispute", "/v1/disputes", |_, dispute| {
        is(dispute, "charge") && is(dispute, "payment_intent")
    })
}

/// Evidence: sent to the bank unless `submit` is false.
pub fn update(engine: &mut Engine, call: &Call) -> Answer {
    let id = call.id().to_owned();
    let open = engine.open_dispute(&call.account, &id)?;
    let params = &call.params;
    let submits = params.has("evidence") && params.at("submit").as_bool().unwrap_or(true);
    engine.change(&id, "charge.dispute.updated", |dispute| {
        for (field, value) in params.at("evidence").as_object().into_iter().flatten() {
            dispute.put(&format!("evidence.{field}"), value.clone());
        }
        merge_metadata(dispute, params.at("metadata"));
        if params.has("evidence") {
            dispute.put("evidence_details.has_evidence", true);
        }
        if submits {
            let count = open.int("evidence_details.submission_count") + 1;
            dispute.put("evidence_details.submission_count", count);
            dispute.put("status", "under_review");
        }
    });
    Ok(engine.get(&id).clone())
}

/// The account gives in: the dispute is lost.
pub fn close(engine: &mut Engine, call: &Call) -> Answer {
    engine.open_dispute(&call.account, call.id())?;
    engine.decide_dispute(call.id(), false)?;
    Ok(engine.get(call.id()).clone())
}

impl Engine {
    fn open_dispute(&self, account: &str, id: &str) -> Result<Value, StripeError> {
        let dispute = self.find(account, "dispute", id, "dispute")?;
        if matches!(dispute.text("status"), "won" | "lost") {
            return Err(StripeError::invalid("This dispute is already closed"));
        }
        Ok(dispute.clone())
    }

    /// The dispute that keeps a charge from being refunded, if there is one: one that was won does not.
    pub fn dispute_against(&self, charge: &str) -> Option<&Value> {
        let account = self.account_of(charge);
        self.records
            .list(&account, "dispute")
            .map(|id| self.get(id))
            .find(|dispute| dispute.text("charge") == charge && dispute.text("status") != "won")
    }

    /// A cardholder disputes a charge; answers the dispute's id. The money goes at once.
    ///
    /// Errors: there is no such paid charge, it is disputed already, or the amount or the reason cannot be.
    pub fn dispute(&mut self, charge: &str, amount: Option<i64>, reason: &str) -> Result<String, StripeError> {
        let account = self.account_of(charge);
        let object = self.find(&account, "charge", charge, "charge")?.clone();
        let whole = object.int("amount_captured");
        let amount = amount.unwrap_or(whole);
        if !object.flag("paid") {
            return Err(StripeError::invalid(format!("The charge {charge} was not paid.")));
        }
        if !(1..=whole).contains(&amount) {
            return Err(StripeError::invalid(format!("The amount must be from 1 to {whole}.")).param("amount"));
        }
        if !REASONS.contains(&reason) {
            return Err(
                StripeError::invalid(format!("The reason must be one of {}.", REASONS.join(", "))).param("reason"),
            );
        }
        if self.dispute_against(charge).is_some() {
            return Err(StripeError::invalid(format!(
                "The charge {charge} is disputed already."
            )));
        }
        let now = self.now_for(charge);
        let brand = self.get(object.text("payment_method")).at("card.brand").clone();
        let mut dispute = self.blank("dispute", "du_1");
        let id = dispute.text("id").to_owned();
        dispute.put("amount", amount);
        dispute.put("charge", charge);
        dispute.put("created", now);
        dispute.put("currency", object.at("currency").clone());
        dispute.put("evidence_details.due_by", now + ANSWER_WITHIN);
        dispute.put("is_charge_refundable", false);
        dispute.put("metadata", json!({}));
        dispute.put("payment_intent", object.at("payment_intent").clone());
        dispute.put(
            "payment_method_details",
            json!({"type": "card", "card": {"brand": brand, "case_type": "chargeback", "network": brand, "network_reason_code": null}}),
        );
        dispute.put("reason", reason);
        dispute.put("status", "needs_response");
        let clock = self.clock_of(charge);
        self.records.insert(&account, &clock, dispute);
        self.edit(charge, |charge| charge.put("disputed", true));
        self.emit(&id, "charge.dispute.created");
        self.emit(&id, "charge.dispute.funds_withdrawn");
        Ok(id)
    }

    /// The bank has decided (or the account gave in). When the account wins, the money comes back.
    ///
    /// Errors: there is no such dispute, or it is over.
    pub fn decide_dispute(&mut self, id: &str, won: bool) -> Result<(), StripeError> {
        self.open_dispute(&self.account_of(id), id)?;
        self.change(id, "charge.dispute.updated", |dispute| {
            dispute.put("status", if won { "won" } else { "lost" });
            dispute.put("is_charge_refundable", won);
        });
        self.emit(id, "charge.dispute.closed");
        if won {
            self.emit(id, "charge.dispute.funds_reinstated");
        }
        Ok(())
    }
}
