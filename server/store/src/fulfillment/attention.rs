//! What a reading leaves to the merchant: noted while it is so, once for each thing.

use model::attention::{AttentionKind, ELSEWHERE};
use sea_orm::DatabaseTransaction;

use super::{Done, Reading};
use crate::{Store, attention::Note, connect::Connection, entity::subscription, error::Result, stripe::PAID_TWICE};

impl Store {
    pub(super) async fn write_attention(
        &self,
        transaction: &DatabaseTransaction,
        connection: &Connection,
        reading: &Reading,
        row: &subscription::Model,
    ) -> Result<()> {
        let is_over = reading.subscription.status.is_over();
        let is_empty = row.item_count == 0;
        for (kind, holds) in [
            (AttentionKind::ZeroItems, !is_over && is_empty),
            (
                AttentionKind::UnknownPrice,
                !is_over && !is_empty && row.tier_id.is_none(),
            ),
            (AttentionKind::Missing, false),
            // It could be read: its account is in reach.
            (AttentionKind::ChargedElsewhere, false),
        ] {
            if holds {
                self.note_attention(transaction, connection, kind, &row.stripe_id, Some(row))
                    .await?;
            } else {
                self.unnote(transaction, connection, kind, &row.stripe_id).await?;
            }
        }
        if let Some(how) = reading.subscription.metadata.get(PAID_TWICE) {
            let note = Note {
                standing: Some(ELSEWHERE.to_owned()).filter(|elsewhere| elsewhere == how),
                ..Note::about(AttentionKind::PaidTwice, &row.stripe_id, Some(row))
            };
            self.note(transaction, connection, note).await?;
            if how == ELSEWHERE {
                self.tell_of_the_end_elsewhere(transaction, connection, row).await?;
            }
        }
        for invoice in &reading.paid_for_nothing {
            let note = Note {
                amount: Some((invoice.paid, invoice.currency.clone())),
                since: invoice.paid_at,
                ..Note::about(AttentionKind::PaidForNothing, &invoice.id, Some(row))
            };
            self.note(transaction, connection, note).await?;
        }
        Ok(())
    }

    pub(super) async fn note_attention(
        &self,
        transaction: &DatabaseTransaction,
        connection: &Connection,
        kind: AttentionKind,
        subject: &str,
        row: Option<&subscription::Model>,
    ) -> Result<()> {
        self.note(transaction, connection, Note::about(kind, subject, row))
            .await
    }

    /// Stripe does not find it (any more). Nothing of ours is deleted for that: what was paid for lasts to its end.
    pub(super) async fn missing_at_stripe(
        &self,
        connection: &Connection,
        known: Option<subscription::Model>,
        done: &Done,
    ) -> Result<()> {
        let Some(row) = known else {
            return self.finish(&done.not_ours("Stripe does not find it")).await;
        };
        let transaction = self.database().begin().await?;
        self.note_attention(
            &transaction,
            connection,
            AttentionKind::Missing,
            &row.stripe_id,
            Some(&row),
        )
        .await?;
        done.write(&transaction).await?;
        transaction.commit().await?;
        self.live().tell(connection.community, None);
        Ok(())
    }
}
