//! Ending a subscription now: cancelled, then its open invoices voided, because Stripe alone only stops collecting. A job,
//! so that a crash in between, or an answer that was lost, is made up for.

use model::{
    attention::ELSEWHERE,
    id::{CommunityId, ConnectionId},
    subscription::SubscriptionStatus,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Done, reading::counts};
use crate::{
    Store,
    connect::Connection,
    error::{Error, Result},
    stripe::InvoiceState,
};

/// What has to end.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct WindingUp {
    pub community: Uuid,
    pub connection: Uuid,
    /// `acct_…`
    pub account: String,
    /// `sub_…`
    pub subscription: String,
    /// It was paid for as well as the one that stays: its unused time is credited, as far as it was paid.
    pub credit: bool,
    /// The later subscription on the same plan that stays.
    #[serde(default)]
    pub replaced_by: Option<String>,
    /// The one that stays is on the account that is connected now; this one is not.
    #[serde(default)]
    pub elsewhere: bool,
    /// Whoever wants it to end wants so because it is not paid: it goes on if it is by then.
    #[serde(default)]
    pub unless_paid: bool,
}

impl WindingUp {
    pub(crate) fn subject(&self) -> String {
        format!("{}/{}", self.account, self.subscription)
    }

    /// The same subscription was to end for two reasons: what is promised by either is kept.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            credit: self.credit || other.credit,
            replaced_by: self.replaced_by.or(other.replaced_by),
            elsewhere: self.elsewhere && other.elsewhere,
            unless_paid: self.unless_paid && other.unless_paid,
            ..self
        }
    }
}

impl Store {
    /// Does it, reads what it came to, and ends the job.
    pub(crate) async fn wind_up(&self, ending: &WindingUp, done: &Done) -> Result<()> {
        let community = CommunityId(ending.community);
        let connection = self.connection(community, ConnectionId(ending.connection)).await?;
        if ending.elsewhere && connection.current {
            // The account was connected again meanwhile: which one stays is another question now.
            return self.sync(&connection, &ending.subscription, done).await;
        }
        match self.end_at_stripe(&connection, ending).await {
            // Nothing is left to end.
            Err(Error::Stripe(error)) if error.is_missing() => {}
            Err(Error::Stripe(error)) if error.is_account_gone() && ending.elsewhere => {
                return self
                    .tell_of_charges_elsewhere(&connection, &ending.subscription, done)
                    .await;
            }
            other => other?,
        }
        self.sync(&connection, &ending.subscription, done).await
    }

    async fn end_at_stripe(&self, connection: &Connection, ending: &WindingUp) -> Result<()> {
        let stripe = self.on(connection);
        let id = &ending.subscription;
        let answer = stripe.subscription(id).await;
        let now = self.noticing(connection, answer).await?;
        if ending.unless_paid && matches!(now.status, SubscriptionStatus::Active | SubscriptionStatus::Trialing) {
            return Ok(());
        }
        let answer = stripe.invoices_of(id).await;
        let invoices = self.noticing(connection, answer).await?;
        let owes = invoices
            .iter()
            .find(|invoice| counts(&now, invoice))
            .is_some_and(|newest| newest.state != InvoiceState::Paid);
        // It may have been paid since this was decided.
        let paid_twice = ending.credit || (ending.replaced_by.is_some() && now.status.is_live());
        // Time that was never paid for is not credited: its invoice is voided instead.
        let credit = paid_twice && !owes;
        if let Some(by) = &ending.replaced_by
            && !now.status.is_over()
        {
            let key = format!("replaced:{id}");
            let paid_twice = paid_twice.then_some(if ending.elsewhere { ELSEWHERE } else { "true" });
            let answer = stripe.mark_replaced(&key, id, by, paid_twice).await;
            self.noticing(connection, answer).await?;
        }
        let answer = stripe.cancel_now(&format!("wind_up:{id}"), id, credit).await;
        self.noticing(connection, answer).await?;
        let answer = stripe.invoices_of(id).await;
        for invoice in self.noticing(connection, answer).await? {
            let mut state = invoice.state;
            if state == InvoiceState::Draft {
                let answer = stripe
                    .finalize_invoice(&format!("finalize:{}", invoice.id), &invoice.id)
                    .await;
                state = self.noticing(connection, answer).await?.state;
            }
            if state == InvoiceState::Open {
                let answer = stripe.void_invoice(&format!("void:{}", invoice.id), &invoice.id).await;
                self.noticing(connection, answer).await?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_for_two_reasons_keeps_the_promises_of_both() {
        let ending = |credit, replaced_by: Option<&str>| WindingUp {
            community: Uuid::nil(),
            connection: Uuid::nil(),
            account: "acct_1".into(),
            subscription: "sub_1".into(),
            credit,
            replaced_by: replaced_by.map(str::to_owned),
            elsewhere: false,
            unless_paid: false,
        };
        let (by_merchant, surplus) = (ending(false, None), ending(true, Some("sub_2")));
        for both in [by_merchant.clone().and(surplus.clone()), surplus.and(by_merchant)] {
            assert_eq!((both.credit, both.replaced_by.as_deref()), (true, Some("sub_2")));
        }
    }
}
