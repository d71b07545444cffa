//! What nobody needs any more is deleted.

use chrono::Duration;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use crate::{
    Store,
    entity::{letter, session, sign_in_attempt, stripe_write, webhook_event},
    error::Result,
    jobs::RECEIVED,
};

/// Stripe forgets idempotency keys after a day at the earliest; an answered write (also one that was refused) is kept much
/// longer than that, so that a clock that is wrong does no harm. One without an answer stays: whenever it is asked for
/// again, it is looked up first.
const ANSWERED_WRITES: Duration = Duration::days(30);
/// Stripe delivers an event again within 30 days at most (<https://docs.stripe.com/webhooks#retries>, and by hand from its
/// dashboard); one that was worked is known for longer than that.
const WORKED_EVENTS: Duration = Duration::days(40);
/// An attempt to sign in counts for the rate limits a while after it ended.
const ENDED_ATTEMPTS: Duration = Duration::days(1);
/// What a letter said may be asked for a while after it was sent; that it was written is known for ever, by its key.
const SENT_LETTERS: Duration = Duration::days(40);

impl Store {
    /// Deletes ended sessions and attempts to sign in, notes of writes to Stripe that were answered long ago, and events
    /// that were worked long ago, with the names and addresses in them; of letters sent long ago only the key stays. The
    /// answer is how many rows went or were emptied.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn tidy_up(&self) -> Result<u64> {
        let (now, db) = (self.now(), self.database().write());
        let sessions = session::Entity::delete_many().filter(session::Column::ExpiresAt.lt(now));
        let attempts =
            sign_in_attempt::Entity::delete_many().filter(sign_in_attempt::Column::ExpiresAt.lt(now - ENDED_ATTEMPTS));
        let writes =
            stripe_write::Entity::delete_many().filter(stripe_write::Column::AnsweredAt.lt(now - ANSWERED_WRITES));
        let events = webhook_event::Entity::delete_many()
            .filter(webhook_event::Column::ReceivedAt.lt(now - WORKED_EVENTS))
            .filter(webhook_event::Column::State.ne(RECEIVED));
        let empty = || Expr::value("");
        let letters = letter::Entity::update_many()
            .col_expr(letter::Column::Recipient, empty())
            .col_expr(letter::Column::Subject, empty())
            .col_expr(letter::Column::Text, empty())
            .col_expr(letter::Column::Html, empty())
            .filter(letter::Column::SentAt.lt(now - SENT_LETTERS))
            .filter(letter::Column::Recipient.ne(""));
        let mut gone = sessions.exec(db).await?.rows_affected;
        gone += attempts.exec(db).await?.rows_affected;
        gone += writes.exec(db).await?.rows_affected;
        gone += events.exec(db).await?.rows_affected;
        gone += letters.exec(db).await?.rows_affected;
        Ok(gone)
    }
}
