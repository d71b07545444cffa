//! The newest invoice that waits: where it can be paid.

use model::{Refusal, subscription::SubscriptionStatus};

use super::{Held, Shopping};
use crate::{
    connect::Connection,
    error::{Error, Result},
    fulfillment::Done,
    stripe::InvoiceState,
};

impl Shopping<'_> {
    /// The hosted page of the newest open invoice of what was just read; a draft is finalised first.
    ///
    /// # Errors
    /// `Refusal::NothingPending` when no payment is open by now; what Stripe says.
    pub(super) async fn payable(&self, connection: &Connection, held: Held) -> Result<String> {
        if matches!(
            held.facts.status,
            SubscriptionStatus::PastDue | SubscriptionStatus::Unpaid
        ) {
            // Its card was refused: whoever pays with another one means that one from now on. Stripe takes no such change
            // while the first payment is open; and where an upgrade waits, the card was good enough until now.
            let key = format!("keep_card:{}:{}", held.row.id, held.row.revision);
            let answer = self
                .0
                .on(connection)
                .keep_card_that_pays(&key, &held.row.stripe_id)
                .await;
            match self.0.noticing(connection, answer).await {
                // The payment matters more.
                Err(Error::Stripe(error)) if error.is_definite() && !error.is_account_gone() => {
                    tracing::warn!(%error, subscription = held.row.stripe_id, "the card that pays is not kept");
                }
                other => other?,
            }
        }
        if let Some(url) = held.row.pay_url {
            return Ok(url);
        }
        let draft = crate::letters::open_invoice(&held.row)?.ok_or(Refusal::NothingPending)?;
        let key = format!("finalize:{}", draft.id);
        let answer = self.0.on(connection).finalize_invoice(&key, &draft.id).await;
        let invoice = self.0.noticing(connection, answer).await?;
        self.0.sync(connection, &held.row.stripe_id, &Done::nothing()).await?;
        invoice
            .hosted_url
            .filter(|_| invoice.state == InvoiceState::Open)
            .ok_or_else(|| Refusal::NothingPending.into())
    }
}
