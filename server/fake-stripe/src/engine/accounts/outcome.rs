//! What Stripe makes of an account after onboarding, or later: chosen on the hosted page or by a test.

use serde::Deserialize;
use serde_json::{Value, json};

use super::Engine;
use crate::{error::StripeError, fields::Fields};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Everything is there; payments can be taken.
    Ready,
    /// Ready, but Stripe asks for something within two weeks.
    DueSoon,
    /// The form is not finished.
    Incomplete,
    /// Details were submitted, something is overdue: no payments.
    Restricted,
    /// Details were submitted, Stripe looks at them: no payments meanwhile.
    UnderReview,
    Rejected,
    /// The account was deleted, for good.
    Deleted,
    /// The owner closed the account, which ends the platform's access; it can be connected again.
    Closed,
    /// The owner took the platform's access away.
    Revoked,
}

impl Outcome {
    pub(super) fn write(self, account: &mut Value, now: i64) {
        let submitted = !matches!(self, Self::Incomplete);
        let charges = matches!(self, Self::Ready | Self::DueSoon);
        let started = [
            "business_profile.url",
            "external_account",
            "representative.first_name",
            "tos_acceptance.date",
        ];
        let (due, past_due, reason, deadline) = match self {
            Self::Incomplete => (
                json!(started),
                json!(started),
                json!("requirements.past_due"),
                Value::Null,
            ),
            Self::Restricted => {
                let document = json!(["individual.verification.document"]);
                (document.clone(), document, json!("requirements.past_due"), Value::Null)
            }
            Self::UnderReview => (json!([]), json!([]), json!("under_review"), Value::Null),
            Self::Rejected => (json!([]), json!([]), json!("rejected.fraud"), Value::Null),
            Self::DueSoon => (
                json!(["individual.verification.document"]),
                json!([]),
                Value::Null,
                json!(now + 14 * 86_400),
            ),
            _ => (json!([]), json!([]), Value::Null, Value::Null),
        };
        account.put("details_submitted", submitted);
        account.put("charges_enabled", charges);
        account.put("payouts_enabled", charges);
        let capability = if charges { "active" } else { "inactive" };
        account.put(
            "capabilities",
            json!({"card_payments": capability, "transfers": capability}),
        );
        account.put(
            "requirements",
            json!({
                "alternatives": [], "current_deadline": deadline, "currently_due": due, "disabled_reason": reason, "errors": [],
                "eventually_due": due, "past_due": past_due, "pending_verification": []
            }),
        );
        account.put(
            "future_requirements",
            json!({
                "alternatives": [], "current_deadline": null, "currently_due": [], "disabled_reason": null, "errors": [],
                "eventually_due": [], "past_due": [], "pending_verification": []
            }),
        );
        if submitted {
            account.put("tos_acceptance", json!({"date": now}));
        }
    }
}

impl Engine {
    /// Brings an account into a state, as its owner or Stripe would, and tells the platform.
    ///
    /// Errors: there is no such account (any more).
    pub fn set_account(&mut self, id: &str, outcome: Outcome) -> Result<(), StripeError> {
        self.find("", "account", id, "account")?;
        if self.hidden(id).flag("deleted") {
            return Err(StripeError::invalid("A deleted account does not come back."));
        }
        match outcome {
            Outcome::Deleted => self.delete_account(id),
            Outcome::Closed => self.close(id),
            Outcome::Revoked => self.revoke(id),
            _ => {
                if self.may_access(id).is_err() {
                    self.authorize(id);
                }
                let now = self.now();
                self.change(id, "account.updated", |account| outcome.write(account, now));
            }
        }
        Ok(())
    }
}
