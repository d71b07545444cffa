//! Two subscriptions of one customer on one plan: the later one stays (`model::surplus`). What has to go is decided in the
//! transaction that sees it, and done by a job.

use model::{
    attention::AttentionKind,
    letter::{self, LetterKind},
    subscription::SubscriptionStatus,
    surplus::{self, Standing, Surplus},
};
use sea_orm::{ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, Set};

use super::{Owner, WindingUp};
use crate::{
    Store,
    connect::Connection,
    entity::{Scoped, subscription, user},
    error::{Error, Result},
    letters::MerchantLetter,
};

impl Store {
    pub(super) async fn end_surplus(
        &self,
        transaction: &DatabaseTransaction,
        connection: &Connection,
        owner: Owner,
    ) -> Result<()> {
        let over = SubscriptionStatus::ALL
            .into_iter()
            .filter(|status| status.is_over())
            .map(SubscriptionStatus::as_str);
        let rows = subscription::Entity::within(connection.community)
            .filter(subscription::Column::ConnectionId.eq(connection.id.0))
            .filter(subscription::Column::UserId.eq(owner.user.0))
            .filter(subscription::Column::PlanId.eq(owner.plan.0))
            .filter(subscription::Column::Status.is_not_in(over))
            .all(transaction)
            .await?;
        if rows.len() < 2 {
            return Ok(());
        }
        let standing = rows.iter().map(standing).collect::<Result<Vec<_>>>()?;
        let Some(kept) = surplus::kept(&standing).map(|kept| kept.id.to_owned()) else {
            return Ok(());
        };
        for (row, verdict) in rows.iter().zip(surplus::surplus(&standing)) {
            let Some(verdict) = verdict else { continue };
            let ending = WindingUp {
                community: connection.community.0,
                connection: connection.id.0,
                account: connection.account.clone(),
                subscription: row.stripe_id.clone(),
                credit: verdict == Surplus::PaidTwice,
                replaced_by: Some(row.replaced_by.clone().unwrap_or_else(|| kept.clone())),
                elsewhere: false,
                unless_paid: false,
            };
            if row.replaced_by.is_some() {
                self.enqueue_winding_up_again(transaction, &ending).await?;
                continue;
            }
            self.replace(transaction, connection, row, &kept, verdict).await?;
            self.enqueue_winding_up(transaction, &ending).await?;
        }
        Ok(())
    }

    /// Notes that it gives way; when it was paid for, both sides are told.
    async fn replace(
        &self,
        transaction: &DatabaseTransaction,
        connection: &Connection,
        row: &subscription::Model,
        kept: &str,
        verdict: Surplus,
    ) -> Result<()> {
        let mut changed = row.clone().into_active_model();
        changed.replaced_by = Set(Some(kept.to_owned()));
        changed.update(transaction).await?;
        if verdict == Surplus::Unpaid {
            return Ok(());
        }
        let due = letter::surplus(LetterKind::PaidTwice, &row.stripe_id);
        self.write_letter(transaction, row, &due).await?;
        let member = user::Entity::find_by_id(row.user_id).one(transaction).await?;
        let letter = MerchantLetter::PaidTwice {
            member: member.as_ref().map_or("A customer", |user| &user.email),
        };
        let key = format!("paid_twice_merchant:{}", row.stripe_id);
        self.write_to_merchants(transaction, connection.community, &key, &letter)
            .await?;
        self.note_attention(
            transaction,
            connection,
            AttentionKind::PaidTwice,
            &row.stripe_id,
            Some(row),
        )
        .await?;
        let detail = format!("{} gave way to {kept}", row.stripe_id);
        self.audit(
            transaction,
            connection.community,
            None,
            "second subscription ended",
            &detail,
        )
        .await
    }
}

pub(super) fn standing(row: &subscription::Model) -> Result<Standing<'_>> {
    let status = SubscriptionStatus::parse(&row.status)
        .ok_or_else(|| Error::inconsistent(format!("subscription {}: status {}", row.id, row.status)))?;
    Ok(Standing {
        id: &row.stripe_id,
        created: row.stripe_created,
        status,
        is_empty: row.item_count == 0,
    })
}
