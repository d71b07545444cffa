//! The balance (`/v1/balance`): what an account was paid, less what was refunded, what cardholders took back, and what the
//! platform keeps; and for the platform what it kept. No payout takes from it, and Stripe itself takes no fee here.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Answer, Call, Engine};
use crate::{fields::Fields, money::share};

/// Amounts by currency.
type Sums = BTreeMap<String, i64>;

#[expect(clippy::unnecessary_wraps, reason = "endpoints may refuse")]
pub fn retrieve(engine: &mut Engine, call: &Call) -> Answer {
    let account = call.account.as_str();
    let default = engine.get(account).some_text("default_currency").unwrap_or("usd");
    let mut sums = Sums::from([(default.to_owned(), 0)]);
    engine.add_payments(account, &mut sums);
    if account.is_empty() {
        engine.add_kept_fees(&mut sums);
    }
    let amounts = |amount: fn(i64) -> i64| -> Vec<Value> {
        let each = sums.iter().map(|(currency, sum)| (currency, amount(*sum)));
        each.map(|(currency, sum)| json!({"amount": sum, "currency": currency, "source_types": {"card": sum}}))
            .collect()
    };
    // Whatever is paid is available at once.
    Ok(json!({
        "object": "balance", "livemode": false, "available": amounts(|sum| sum), "pending": amounts(|_| 0),
    }))
}

impl Engine {
    fn add_payments(&self, account: &str, sums: &mut Sums) {
        for charge in self.paid_charges(account) {
            let id = charge.text("id");
            let taken_back = self.dispute_against(id).map_or(0, |dispute| dispute.int("amount"));
            let left = charge.int("amount_captured") - charge.int("amount_refunded") - taken_back;
            let sum = sums.entry(charge.text("currency").to_owned()).or_default();
            *sum += left - self.kept_fee(charge);
        }
    }

    fn add_kept_fees(&self, sums: &mut Sums) {
        let accounts = self.records.in_order().into_iter();
        let accounts = accounts.filter(|record| record.kind == "account");
        for charge in accounts.flat_map(|account| self.paid_charges(account.json.text("id"))) {
            *sums.entry(charge.text("currency").to_owned()).or_default() += self.kept_fee(charge);
        }
    }

    fn paid_charges(&self, account: &str) -> impl Iterator<Item = &Value> {
        let all = self.records.list(account, "charge").map(|id| self.get(id));
        all.filter(|charge| charge.flag("paid"))
    }

    /// What the platform keeps of a charge: refunds give back their share of its fee only when they say so.
    fn kept_fee(&self, charge: &Value) -> i64 {
        let (fee, whole) = (charge.int("application_fee_amount"), charge.int("amount_captured"));
        fee - share(fee, self.hidden(charge.text("id")).int("refunded_with_fee"), whole)
    }
}
