//! Two subscriptions of one customer on one plan, on two Stripe accounts of the community: the one on the account that is
//! connected now stays. The other one, on a former account, goes on there until somebody ends it. A job tries to: where the
//! account is still in reach it is ended as a surplus one is (`surplus.rs`), else both sides are told.

use model::{
    attention::AttentionKind,
    id::{CommunityId, PlanId, UserId},
    letter::{self, LetterKind},
    subscription::SubscriptionStatus,
    surplus,
};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter};

use super::{Done, Owner, WindingUp, facts_of, surplus::standing};
use crate::{
    Store,
    attention::Note,
    connect::Connection,
    entity::{Scoped, attention, connection, subscription, user},
    error::Result,
    letters::{Elsewhere, MerchantLetter},
};

impl Store {
    /// Enqueues the end of what this customer pays on former accounts for a plan that they have on the current one.
    pub(super) async fn end_elsewhere(
        &self,
        transaction: &DatabaseTransaction,
        community: CommunityId,
        owner: Owner,
    ) -> Result<()> {
        let rows = subscription::Entity::within(community)
            .filter(subscription::Column::UserId.eq(owner.user.0))
            .filter(subscription::Column::PlanId.eq(owner.plan.0))
            .filter(subscription::Column::Status.is_in(live()))
            .all(transaction)
            .await?;
        if rows.len() < 2 {
            return Ok(());
        }
        let connections = connection::Entity::within(community).all(transaction).await?;
        let Some(current) = connections.iter().find(|link| link.current) else {
            return Ok(());
        };
        let (here, elsewhere): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.connection_id == current.id);
        let here = here.into_iter().map(standing).collect::<Result<Vec<_>>>()?;
        let Some(kept) = surplus::kept(&here) else {
            return Ok(());
        };
        for row in elsewhere {
            // One that is set to end, or empty, charges nothing more.
            if row.item_count == 0 || facts_of(row)?.ends_at().is_some() || is_told(transaction, row).await? {
                continue;
            }
            let Some(former) = connections.iter().find(|link| link.id == row.connection_id) else {
                continue;
            };
            let ending = WindingUp {
                community: community.0,
                connection: former.id,
                account: former.account.clone(),
                subscription: row.stripe_id.clone(),
                credit: true,
                replaced_by: Some(kept.id.to_owned()),
                elsewhere: true,
                unless_paid: false,
            };
            self.enqueue_winding_up_again(transaction, &ending).await?;
        }
        Ok(())
    }

    /// The account of `id` is out of reach: whoever can end it there is told, and who may pay for it.
    pub(super) async fn tell_of_charges_elsewhere(&self, connection: &Connection, id: &str, done: &Done) -> Result<()> {
        let Some(seen) = self.subscription_row(connection, id).await? else {
            return self.finish(done).await;
        };
        let transaction = self.database().begin().await?;
        self.alone_with(&transaction, UserId(seen.user_id), PlanId(seen.plan_id))
            .await?;
        let note = Note::about(AttentionKind::ChargedElsewhere, id, Some(&seen));
        self.note(&transaction, connection, note).await?;
        let due = letter::surplus(LetterKind::ChargedElsewhere, id);
        self.write_letter(&transaction, &seen, &due).await?;
        let member = email_of(&transaction, &seen).await?;
        let letter = MerchantLetter::ChargedElsewhere(&Elsewhere {
            member: &member,
            account: &connection.account,
            subscription: id,
        });
        let key = format!("charged_elsewhere_merchant:{id}");
        self.write_to_merchants(&transaction, connection.community, &key, &letter)
            .await?;
        done.write(&transaction).await?;
        transaction.commit().await?;
        self.jobs_arrived();
        self.live().tell(connection.community, Some(UserId(seen.user_id)));
        Ok(())
    }

    /// It was in reach, and is ended.
    pub(super) async fn tell_of_the_end_elsewhere(
        &self,
        transaction: &DatabaseTransaction,
        connection: &Connection,
        row: &subscription::Model,
    ) -> Result<()> {
        let due = letter::surplus(LetterKind::PaidTwiceElsewhere, &row.stripe_id);
        self.write_letter(transaction, row, &due).await?;
        let member = email_of(transaction, row).await?;
        let letter = MerchantLetter::PaidTwiceElsewhere(&Elsewhere {
            member: &member,
            account: &connection.account,
            subscription: &row.stripe_id,
        });
        let key = format!("paid_twice_elsewhere_merchant:{}", row.stripe_id);
        self.write_to_merchants(transaction, connection.community, &key, &letter)
            .await
    }
}

fn live() -> impl Iterator<Item = &'static str> {
    let live = SubscriptionStatus::ALL.into_iter().filter(|status| status.is_live());
    live.map(SubscriptionStatus::as_str)
}

/// Whether the merchant has it in the list of what needs attention, or had it there.
async fn is_told(db: &impl ConnectionTrait, row: &subscription::Model) -> Result<bool> {
    let noted = attention::Entity::within(CommunityId(row.community_id))
        .filter(attention::Column::ConnectionId.eq(row.connection_id))
        .filter(attention::Column::Kind.eq(AttentionKind::ChargedElsewhere.as_str()))
        .filter(attention::Column::Subject.eq(&row.stripe_id))
        .count(db)
        .await?;
    Ok(noted > 0)
}

async fn email_of(db: &impl ConnectionTrait, row: &subscription::Model) -> Result<String> {
    let user = user::Entity::find_by_id(row.user_id).one(db).await?;
    Ok(user.map_or_else(|| "A customer".to_owned(), |user| user.email))
}
