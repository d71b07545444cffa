//! Tells waiting pages that something of a community changed; they ask again what it is now.
//!
//! Within one process by a channel. Several processes: the event stream's own polling finds the change a little later.

use model::id::{CommunityId, UserId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use tokio::sync::broadcast;

use crate::{
    Store,
    actor::Visitor,
    entity::{Scoped, community, connection, grant, subscription},
    error::Result,
};

/// Something changed: for one user, or (without one) for everybody who looks at the community.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    pub community: CommunityId,
    pub user: Option<UserId>,
}

/// The channel of changes.
#[derive(Debug, Clone)]
pub struct Live(broadcast::Sender<Change>);

impl Default for Live {
    fn default() -> Self {
        Self(broadcast::channel(256).0)
    }
}

impl Live {
    pub(crate) fn tell(&self, community: CommunityId, user: Option<UserId>) {
        // Nobody listening is fine.
        let _ = self.0.send(Change { community, user });
    }

    /// Changes from now on. A listener that lags behind is told so, and should look again.
    pub fn listen(&self) -> broadcast::Receiver<Change> {
        self.0.subscribe()
    }
}

impl Visitor {
    /// Whether a page of this visitor wants to know.
    pub fn concerns(&self, change: Change) -> bool {
        let me = self.user.as_ref().map(|user| user.user);
        change.community == self.community.id && (change.user.is_none() || change.user == me)
    }
}

impl Store {
    /// A text that is another one when something changed for this visitor, whichever process changed it.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn mark(&self, visitor: &Visitor) -> Result<String> {
        let read = self.database().read();
        let community = visitor.community.id;
        let paused = community::Entity::find_by_id(community.0)
            .one(read)
            .await?
            .map(|row| row.shop_paused);
        let connection = connection::Entity::within(community)
            .filter(connection::Column::Current.eq(true))
            .one(read)
            .await?
            .map(|row| (row.id, row.read_at, row.disconnected));
        let mut mark = format!("{paused:?} {connection:?}");
        if let Some(user) = &visitor.user {
            let revisions: Vec<i64> = subscription::Entity::within(community)
                .filter(subscription::Column::UserId.eq(user.user.0))
                .select_only()
                .column(subscription::Column::Revision)
                .into_tuple()
                .all(read)
                .await?;
            let grants: Vec<uuid::Uuid> = grant::Entity::within(community)
                .filter(grant::Column::UserId.eq(user.user.0))
                .select_only()
                .column(grant::Column::RoleId)
                .into_tuple()
                .all(read)
                .await?;
            mark = format!("{mark} {revisions:?} {grants:?}");
        }
        Ok(mark)
    }
}
