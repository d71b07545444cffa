//! What a new subscription may be asked for: how long its trial is, when its billing rhythm begins, how much it bills, and
//! in which currency. Called for the API, for Checkout and for previews.

use serde_json::Value;

use crate::{engine::Engine, error::StripeError, fields::Fields, money::MOST};

const DAY: i64 = 86_400;
const LONGEST_TRIAL_DAYS: i64 = 730;

/// A trial ends at most two years from now.
const LONGEST_TRIAL: i64 = 2 * 366 * DAY;

/// When the trial that a request gives ends; the names of its parameters are told by `param`.
///
/// Errors: both ways of giving it at once; one that is over, or that is too long.
pub fn trial_end(given: &Value, now: i64, param: impl Fn(&str) -> String) -> Result<Option<i64>, StripeError> {
    let (days, end) = (given.some_int("trial_period_days"), given.some_int("trial_end"));
    if days.is_some() && given.has("trial_end") {
        return Err(
            StripeError::invalid("You cannot set both `trial_end` and `trial_period_days`.")
                .param(&param("trial_period_days")),
        );
    }
    if let Some(days) = days {
        if !(0..=LONGEST_TRIAL_DAYS).contains(&days) {
            let message = format!("Trial periods have at least 0 and at most {LONGEST_TRIAL_DAYS} days.");
            return Err(StripeError::invalid(message)
                .code("parameter_invalid_integer")
                .param(&param("trial_period_days")));
        }
        return Ok((days > 0).then_some(now + days * DAY));
    }
    if let Some(end) = end {
        check_trial_end(end, now, now, &param("trial_end"))?;
    }
    Ok(end)
}

/// A trial's end lies in the future, and at most two years after `from`.
pub fn check_trial_end(end: i64, now: i64, from: i64, param: &str) -> Result<(), StripeError> {
    if end <= now {
        let message = "Invalid timestamp: must be an integer Unix timestamp in the future.";
        return Err(StripeError::invalid(message).param(param));
    }
    if end > from.saturating_add(LONGEST_TRIAL) {
        let message = "Invalid timestamp: a trial can end at most two years from the billing cycle anchor.";
        return Err(StripeError::invalid(message).param(param));
    }
    Ok(())
}

impl Engine {
    /// A billing rhythm begins now or later, at the latest when the first period would have ended anyway.
    pub fn check_anchor(&self, anchor: i64, price: &str, now: i64, param: &str) -> Result<(), StripeError> {
        if anchor < now {
            let message = "Invalid timestamp: must be an integer Unix timestamp in the future.";
            return Err(StripeError::invalid(message).param(param));
        }
        let natural = self.interval_of(price).after(now, 1);
        if anchor > natural {
            return Err(StripeError::invalid(format!(
                "billing_cycle_anchor cannot be later than next natural billing date ({natural}) for plan"
            ))
            .param(param));
        }
        Ok(())
    }

    /// What is billed at once is not more than Stripe can charge.
    pub fn check_amount<'a>(
        &self,
        items: impl IntoIterator<Item = (&'a str, i64)>,
        param: &str,
    ) -> Result<(), StripeError> {
        let total: i128 = items
            .into_iter()
            .map(|(price, quantity)| i128::from(self.get(price).int("unit_amount")) * i128::from(quantity))
            .sum();
        if total > i128::from(MOST) {
            return Err(StripeError::invalid("Amount must be no more than $999,999.99")
                .code("amount_too_large")
                .param(param));
        }
        Ok(())
    }

    /// A customer pays in one currency at a time.
    pub fn check_currency(&self, account: &str, customer: &str, currency: &str) -> Result<(), StripeError> {
        let live = self.live_subscriptions(account, customer);
        let object = self.get(customer);
        let owned = Some(object.text("currency")).filter(|_| object.int("balance") != 0);
        let other = live
            .iter()
            .map(|id| self.get(id).text("currency"))
            .chain(owned)
            .find(|known| !known.is_empty() && *known != currency);
        match other {
            None => Ok(()),
            Some(other) => Err(StripeError::invalid(format!(
                "You cannot combine currencies on a single customer. This customer has an active subscription, subscription schedule, \
                 discount, quote, or invoice item with currency {other}"
            ))
            .param("currency")),
        }
    }
}
