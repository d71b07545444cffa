//! The newest invoice that waits: where it can be paid.

use model::Refusal;

use super::{Held, Shopping};
use crate::{connect::Connection, error::Result, fulfillment::Done, stripe::InvoiceState};

impl Shopping<'_> {
    /// The hosted page of the newest open invoice of what was just read; a draft is finalised first.
    ///
    /// # Errors
    /// `Refusal::NothingPending` when no payment is open by now; what Stripe says.
    pub(super) async fn payable(&self, connection: &Connection, held: Held) -> Result<String> {
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
