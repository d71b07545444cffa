//! Letters: written once for their key in the transaction that gives the reason, sent by a job.
//!
//! Which are due about a subscription is decided by `model::letter`; called by fulfilment whenever it wrote a projection,
//! and by the worker for what no event announces ([`Store::look_ahead`]). Those about disputes and the Stripe account
//! (`model::merchant_letter`) are written where such a change is kept ([`Store::write_to_merchants`]).

use model::{
    Timestamp,
    entitlement::told_end,
    letter::{Due, Facts, LetterKind, NOTICE, OpenInvoice},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, Set,
    sea_query::OnConflict,
};
use uuid::Uuid;

use crate::{
    Store,
    entity::{community, customer, letter, subscription, tier, user},
    error::{Error, Result},
    fulfillment::{Done, facts_of},
    mail::Letter,
};

mod account;
mod merchant_wording;
mod to_merchants;
mod wording;

use wording::{About, Words};

pub(crate) use merchant_wording::{Disputed, Elsewhere, MerchantLetter};

impl Store {
    /// What `row` gives reason for now; `role_ends_at` is the end of the role's window, while it gives one.
    pub(crate) async fn write_letters(
        &self,
        db: &impl ConnectionTrait,
        row: &subscription::Model,
        role_ends_at: Option<Timestamp>,
    ) -> Result<()> {
        let (facts, now) = (facts_of(row)?, self.now());
        let invoice = open_invoice(row)?;
        let lost = match role_ends_at {
            // Asked only when it can be about to end: this is read often.
            Some(end) if end - NOTICE <= now => self.account_of(db, row).await?.lost,
            _ => None,
        };
        let renews = facts.ends_at().is_none()
            && lost.is_none()
            && matches!(
                facts.status,
                model::subscription::SubscriptionStatus::Active | model::subscription::SubscriptionStatus::Trialing
            );
        let facts = Facts {
            subscription: &row.stripe_id,
            status: facts.status,
            role_ends_at,
            renews,
            invoice: invoice.as_ref(),
        };
        for due in model::letter::due(&facts, now) {
            // Who goes on by another subscription loses nothing.
            let goes_on = due.kind == LetterKind::AboutToEnd && lost.is_some() && self.goes_on(db, row).await?;
            if !goes_on {
                self.write_letter(db, row, &due).await?;
            }
        }
        Ok(())
    }

    /// Writes one, unless it was written before, and enqueues its sending.
    pub(crate) async fn write_letter(
        &self,
        db: &impl ConnectionTrait,
        row: &subscription::Model,
        due: &Due,
    ) -> Result<()> {
        if self.is_written(db, row.community_id, &due.key).await? {
            return Ok(());
        }
        let Some(community) = community::Entity::find_by_id(row.community_id).one(db).await? else {
            return Ok(());
        };
        let Some(recipient) = user::Entity::find_by_id(row.user_id).one(db).await? else {
            return Ok(());
        };
        let tier = match row.tier_id {
            Some(id) => tier::Entity::find_by_id(id).one(db).await?.map(|tier| tier.label),
            None => None,
        };
        let facts = facts_of(row)?;
        let told = |end| Some(told_end(facts.status, row.period_end, end)).filter(|told| *told > self.now());
        let role_ends_at = self.role_end(db, row).await?;
        let about = About {
            community: community.name,
            tier: tier.unwrap_or_else(|| "membership".to_owned()),
            invoice: open_invoice(row)?,
            is_given: self.is_given(db, row, role_ends_at).await?,
            role_ends_at: role_ends_at.map(|end| told(end).unwrap_or(end)),
            status: facts.status,
            is_cancelled: facts.ends_at().is_some(),
            account: self.account_of(db, row).await?,
            has_method: has_method(db, row).await?,
            page: format!("{}/c/{}/membership", self.public_url(), community.slug),
            catalog: format!("{}/c/{}", self.public_url(), community.slug),
        };
        let words = wording::words(due.kind, &about);
        self.keep_letter(db, row.community_id, due.key.clone(), recipient.email, &words)
            .await
    }

    /// A letter with this key was written.
    pub(crate) async fn is_written(&self, db: &impl ConnectionTrait, community: Uuid, key: &str) -> Result<bool> {
        let known = letter::Entity::find()
            .filter(letter::Column::CommunityId.eq(community))
            .filter(letter::Column::Key.eq(key))
            .one(db)
            .await?;
        Ok(known.is_some())
    }

    /// Keeps it once for its key, and enqueues its sending.
    async fn keep_letter(
        &self,
        db: &impl ConnectionTrait,
        community: Uuid,
        key: String,
        recipient: String,
        words: &Words,
    ) -> Result<()> {
        let now = self.now();
        let id = self.randomness().id(now);
        let written = letter::Model {
            id,
            community_id: community,
            key,
            recipient,
            subject: words.subject.clone(),
            text: words.text(),
            html: words.html(),
            written_at: now,
            sent_at: None,
        };
        let inserted = letter::Entity::insert(written.into_active_model())
            .on_conflict(
                OnConflict::columns([letter::Column::CommunityId, letter::Column::Key])
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(db)
            .await?;
        if inserted > 0 {
            self.enqueue_letter(db, id).await?;
        }
        Ok(())
    }

    async fn role_end(&self, db: &impl ConnectionTrait, row: &subscription::Model) -> Result<Option<Timestamp>> {
        let grant = crate::entity::grant::Entity::find()
            .filter(crate::entity::grant::Column::SubscriptionId.eq(row.id))
            .one(db)
            .await?;
        Ok(grant.and_then(|grant| grant.ends_at))
    }

    /// Sends a written letter. A crash between sending and noting it sends it twice, which is better than never.
    pub(crate) async fn send_letter(&self, id: Uuid, done: &Done) -> Result<()> {
        let row = letter::Entity::find_by_id(id).one(self.database().write()).await?;
        let Some(row) = row.filter(|row| row.sent_at.is_none()) else {
            return self.finish(done).await;
        };
        let now = self.now();
        self.mailer()
            .send(Letter {
                to: row.recipient.clone(),
                subject: row.subject.clone(),
                text: row.text.clone(),
                html: row.html.clone(),
                sent_at: now,
            })
            .await?;
        let transaction = self.database().begin().await?;
        let mut row = row.into_active_model();
        row.sent_at = Set(Some(now));
        row.update(&transaction).await?;
        done.write(&transaction).await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// A payment method is saved at Stripe by whom it is for.
async fn has_method(db: &impl ConnectionTrait, row: &subscription::Model) -> Result<bool> {
    let customers = customer::Entity::find()
        .filter(customer::Column::ConnectionId.eq(row.connection_id))
        .filter(customer::Column::UserId.eq(row.user_id))
        .all(db)
        .await?;
    for customer in customers {
        if !crate::cards::saved(&customer)?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The stored open invoice of a subscription.
pub(crate) fn open_invoice(row: &subscription::Model) -> Result<Option<OpenInvoice>> {
    let stored = row.open_invoice.clone();
    stored
        .map(read_invoice)
        .transpose()
        .map_err(|error| Error::inconsistent(format!("subscription {}: open invoice: {error}", row.id)))
}

fn read_invoice(mut stored: serde_json::Value) -> Result<OpenInvoice, serde_json::Error> {
    if let Some(at) = stored.get_mut("next_attempt")
        && let Some(Ok(moment)) = at.as_str().map(str::parse::<Timestamp>)
    {
        // As it was written before moments were kept in seconds.
        *at = moment.timestamp().into();
    }
    serde_json::from_value(stored)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invoice_from_before_moments_were_kept_in_seconds_is_read() {
        let stored = |at: serde_json::Value| {
            serde_json::json!({
                "id": "in_1", "amount": { "minor": 900, "currency": "eur" }, "attempts": 1, "trouble": null,
                "next_attempt": at,
            })
        };
        let now = read_invoice(stored(1_804_082_700.into())).expect("read");
        assert_eq!(now.next_attempt.map(|at| at.timestamp()), Some(1_804_082_700));
        assert_eq!(read_invoice(stored("2027-03-03T14:05:00Z".into())).expect("read"), now);
        let without = read_invoice(stored(serde_json::Value::Null)).expect("read");
        assert_eq!(without.next_attempt, None);
    }
}
