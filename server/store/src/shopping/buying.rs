//! The buying table: what "I want this tier" leads to, by what the customer has on the plan.

use model::{
    Refusal,
    purchase::{self, Outcome, Purchase, SwitchPreview},
};

use super::{Held, Shopping, Wanted, may_sell};
use crate::{
    actor::Customer,
    connect::Connection,
    error::{Error, Result},
};

impl Shopping<'_> {
    pub(super) async fn buy(
        &self,
        customer: &Customer,
        connection: &Connection,
        wanted: &Wanted,
        popup: &str,
    ) -> Result<Outcome> {
        let held = self.held_now(customer, wanted.plan, connection).await?;
        let purchase = purchase::decide(held.as_ref().map(|held| held.facts), wanted.offer)?;
        match (purchase, held) {
            (Purchase::Checkout, _) => self.go_to_checkout(customer, connection, wanted, popup).await,
            (Purchase::CancelThenCheckout | Purchase::ReplaceIncomplete, Some(held)) => {
                may_sell(customer, connection)?;
                self.end_now(connection, &held).await?;
                self.go_to_checkout(customer, connection, wanted, popup).await
            }
            (Purchase::FinishPayment | Purchase::SettleFirst, Some(held)) => {
                let url = self
                    .payable(connection, held)
                    .await
                    .map_err(|error| super::instead(error, Refusal::NothingPending, Refusal::Confirming))?;
                Ok(Outcome::GoTo { url })
            }
            // The payment a resumption waits for is the customer's to make first.
            (Purchase::ResumeFirst, Some(held)) if held.view.may.pay => {
                let url = self.payable(connection, held).await?;
                Ok(Outcome::GoTo { url })
            }
            // The same upgrade, asked for again: what is missing is its payment.
            (Purchase::Upgrade, Some(held)) if waits_for(&held, wanted) => {
                let url = self.payable(connection, held).await?;
                Ok(Outcome::GoTo { url })
            }
            (Purchase::SwitchInTrial | Purchase::Upgrade | Purchase::Downgrade | Purchase::ResumeFirst, Some(held)) => {
                let now = self.0.now();
                let preview = self.preview(customer, connection, &held, wanted, purchase, now).await?;
                Ok(Outcome::Confirm(preview))
            }
            (_, None) => Err(Error::inconsistent("a switch without a subscription")),
        }
    }

    pub(super) async fn only_previewed(
        &self,
        customer: &Customer,
        connection: &Connection,
        wanted: &Wanted,
    ) -> Result<SwitchPreview> {
        let held = self.held_now(customer, wanted.plan, connection).await?;
        let purchase = purchase::decide(held.as_ref().map(|held| held.facts), wanted.offer)?;
        match (purchase, held) {
            (Purchase::FinishPayment | Purchase::SettleFirst, _) => Err(Refusal::PaymentDue.into()),
            (Purchase::ResumeFirst, Some(held)) if held.view.may.pay => Err(Refusal::PaymentDue.into()),
            (Purchase::Upgrade, Some(held)) if waits_for(&held, wanted) => Err(Refusal::PaymentDue.into()),
            (Purchase::SwitchInTrial | Purchase::Upgrade | Purchase::Downgrade | Purchase::ResumeFirst, Some(held)) => {
                self.preview(customer, connection, &held, wanted, purchase, self.0.now())
                    .await
            }
            (Purchase::Checkout | Purchase::CancelThenCheckout | Purchase::ReplaceIncomplete, _) | (_, None) => {
                Err(Refusal::NothingToSwitch.into())
            }
        }
    }

    async fn go_to_checkout(
        &self,
        customer: &Customer,
        connection: &Connection,
        wanted: &Wanted,
        popup: &str,
    ) -> Result<Outcome> {
        may_sell(customer, connection)?;
        let url = self.open_checkout(customer, connection, wanted, popup).await?;
        Ok(Outcome::GoTo { url })
    }
}

/// Whether exactly this upgrade waits for its payment.
fn waits_for(held: &Held, wanted: &Wanted) -> bool {
    let waiting = held.view.unpaid_change.as_ref();
    held.view.may.pay
        && waiting.is_some_and(|change| change.tier == wanted.offer.tier && change.interval == wanted.offer.interval)
}
