//! What time alone does: a role's window closes without an event (grace is over, a renewal's events never came), and what
//! will end soon is announced.

use model::{
    Timestamp,
    id::{CommunityId, ConnectionId, PlanId, UserId},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::Done;
use crate::{
    Store,
    entity::{grant, subscription},
    error::{Error, Result},
};

impl Store {
    /// Writes the letters that are due by now, and clears the grants of subscriptions whose window has closed. Called by
    /// the worker from time to time; access itself ends at the exact moment without it.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    pub async fn look_ahead(&self) -> Result<()> {
        let now = self.now();
        let soon = grant::Entity::find()
            .filter(grant::Column::SubscriptionId.is_not_null())
            .filter(grant::Column::EndsAt.lte(now + model::letter::NOTICE))
            .all(self.database().read())
            .await?;
        let mut outcome = Ok(());
        for grant in soon {
            // One that cannot be looked at keeps nobody else's waiting.
            outcome = outcome.and(self.look_at(&grant).await);
        }
        self.jobs_arrived();
        outcome
    }

    async fn look_at(&self, seen: &grant::Model) -> Result<()> {
        if is_over(seen, self.now()) && !self.is_as_stripe_says(seen).await? {
            return Ok(());
        }
        let Some(whose) = subscription_of(self.database().read(), seen).await? else {
            return Ok(());
        };
        let transaction = self.database().begin().await?;
        self.alone_with(&transaction, UserId(whose.user_id), PlanId(whose.plan_id))
            .await?;
        let Some(grant) = grant::Entity::find_by_id(seen.id).one(&transaction).await? else {
            return Ok(());
        };
        let Some(row) = subscription_of(&transaction, &grant).await? else {
            return Ok(());
        };
        if is_over(&grant, self.now()) {
            let (community, user) = (grant.community_id, grant.user_id);
            self.end_grant(&transaction, &row, grant).await?;
            transaction.commit().await?;
            self.live().tell(CommunityId(community), Some(UserId(user)));
        } else {
            self.write_letters(&transaction, &row, grant.ends_at).await?;
            transaction.commit().await?;
        }
        Ok(())
    }

    /// Reads the subscription behind the grant once more: its renewal's events may be late, or lost, and nobody shall be
    /// told that a membership ended which goes on. Whether anything may be said of its end: not while Stripe does not
    /// answer. An account that is out of reach tells nothing more, and then the time alone decides.
    async fn is_as_stripe_says(&self, grant: &grant::Model) -> Result<bool> {
        let Some(row) = subscription_of(self.database().read(), grant).await? else {
            return Ok(false);
        };
        let community = CommunityId(row.community_id);
        let connection = self.connection(community, ConnectionId(row.connection_id)).await?;
        match self.sync(&connection, &row.stripe_id, &Done::nothing()).await {
            Ok(()) => Ok(true),
            Err(Error::Stripe(error)) if error.is_account_gone() => Ok(true),
            Err(Error::Stripe(error)) => {
                tracing::info!(%error, subscription = row.stripe_id, "its end is looked at again later");
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }
}

fn is_over(grant: &grant::Model, now: Timestamp) -> bool {
    grant.ends_at.is_some_and(|end| end <= now)
}

async fn subscription_of(db: &impl ConnectionTrait, grant: &grant::Model) -> Result<Option<subscription::Model>> {
    let Some(id) = grant.subscription_id else {
        return Ok(None);
    };
    Ok(subscription::Entity::find_by_id(id).one(db).await?)
}
