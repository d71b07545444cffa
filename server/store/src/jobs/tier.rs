//! The job that brings a tier at Stripe in line with our rows, should whoever changed it not come to the end of that: Stripe
//! does not answer, or the process vanishes. Mostly it is forgotten before it is due.

use chrono::Duration;
use model::id::{CommunityId, ConnectionId, TierId};
use sea_orm::EntityTrait;

use super::{COMPLETE_TIER, Done, TierJob};
use crate::{
    Store,
    connect::Connection,
    entity::job,
    error::{Error, Result},
};

/// By then whoever changed it is done, or gone.
const DUE: Duration = Duration::minutes(1);

impl Store {
    /// [`Store::complete_tier`], now; while Stripe does not answer, later.
    ///
    /// # Errors
    /// `Problem::NotFound`; what Stripe says when it refuses.
    pub(crate) async fn complete_tier_now_or_later(&self, connection: &Connection, tier: TierId) -> Result<()> {
        let job = TierJob {
            community: connection.community.0,
            connection: connection.id.0,
            tier: tier.0,
        };
        let subject = format!("{}/tier/{tier}", connection.account);
        let transaction = self.database().begin().await?;
        let own = self
            .enqueue_for(&transaction, self.now() + DUE, COMPLETE_TIER, subject, &job)
            .await?;
        transaction.commit().await?;
        let outcome = self.complete_tier(connection, tier).await;
        if let Err(Error::Stripe(error)) = &outcome
            && error.is_unavailable()
        {
            tracing::info!(%error, %tier, "it is completed later");
            return Ok(());
        }
        // It is done, or refused for good; a failure of ours is made up for by the job. Others' jobs are theirs to end.
        let is_decided = match &outcome {
            Ok(()) | Err(Error::Problem(_)) => true,
            Err(Error::Stripe(error)) => error.is_definite(),
            Err(_) => false,
        };
        if is_decided {
            job::Entity::delete_by_id(own).exec(self.database().write()).await?;
        }
        outcome
    }

    /// The job.
    pub(crate) async fn complete_tier_later(&self, job: &TierJob, done: &Done) -> Result<()> {
        let community = CommunityId(job.community);
        let connection = self.connection(community, ConnectionId(job.connection)).await?;
        match self.complete_tier(&connection, TierId(job.tier)).await {
            // Nothing is sold on an account that is out of reach; a reconnection offers it again.
            Err(Error::Stripe(error)) if error.is_account_gone() => {}
            other => other?,
        }
        self.finish(done).await?;
        self.live().tell(community, None);
        Ok(())
    }
}
