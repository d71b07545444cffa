//! The audit log: what was done in a community, by whom (nobody: by Stripe's events).

use model::id::{CommunityId, UserId};
use sea_orm::{ActiveModelTrait, ConnectionTrait, IntoActiveModel};

use crate::{Store, entity::audit_entry, error::Result};

impl Store {
    /// Notes it in the transaction that does it: never one without the other.
    pub(crate) async fn audit(
        &self,
        db: &impl ConnectionTrait,
        community: CommunityId,
        user: Option<UserId>,
        action: &str,
        detail: &str,
    ) -> Result<()> {
        let now = self.now();
        let entry = audit_entry::Model {
            id: self.randomness().id(now),
            community_id: community.0,
            user_id: user.map(|user| user.0),
            action: action.to_owned(),
            detail: detail.to_owned(),
            created_at: now,
        };
        entry.into_active_model().insert(db).await?;
        Ok(())
    }
}
