//! What time alone does: a role's window closes without an event (grace is over, a renewal's events never came), and what
//! will end soon is announced.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    Store,
    entity::{grant, subscription},
    error::Result,
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
        for grant in soon {
            self.look_at(&grant).await?;
        }
        self.jobs_arrived();
        Ok(())
    }

    async fn look_at(&self, seen: &grant::Model) -> Result<()> {
        let transaction = self.database().begin().await?;
        let Some(grant) = grant::Entity::find_by_id(seen.id).one(&transaction).await? else {
            return Ok(());
        };
        let Some(id) = grant.subscription_id else { return Ok(()) };
        let Some(row) = subscription::Entity::find_by_id(id).one(&transaction).await? else {
            return Ok(());
        };
        if grant.ends_at.is_some_and(|end| end <= self.now()) {
            let (community, user) = (grant.community_id, grant.user_id);
            self.end_grant(&transaction, &row, grant).await?;
            transaction.commit().await?;
            self.live()
                .tell(model::id::CommunityId(community), Some(model::id::UserId(user)));
        } else {
            self.write_letters(&transaction, &row, grant.ends_at).await?;
            transaction.commit().await?;
        }
        Ok(())
    }
}
