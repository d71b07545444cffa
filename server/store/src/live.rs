//! Tells waiting pages that something of a community changed; they ask again what it is now.
//!
//! Within one process by a channel. Several processes: the event stream's own polling finds the change a little later.

use model::{
    Timestamp,
    id::{CommunityId, UserId},
    privilege::BuiltInPrivilege,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use tokio::sync::broadcast;

use crate::{
    Store,
    actor::Visitor,
    entity::{Scoped, community, connection, grant, membership, subscription},
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
    /// Whether a page of this visitor wants to know. What happens to one customer concerns whoever manages as well: lists of
    /// members and numbers of subscribers show it.
    pub fn concerns(&self, change: Change) -> bool {
        let me = self.user.as_ref().map(|user| user.user);
        let mine = change.user.is_none() || change.user == me;
        change.community == self.community.id && (mine || self.sees_customers())
    }

    fn sees_customers(&self) -> bool {
        self.may(BuiltInPrivilege::ViewMembers) || self.may(BuiltInPrivilege::ManageStore)
    }
}

impl Store {
    /// A text that is another one when something changed for this visitor, whichever process changed it, or time alone (a
    /// role's window has closed).
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn mark(&self, visitor: &Visitor) -> Result<String> {
        let read = self.database().read();
        let community = visitor.community.id;
        let row = community::Entity::find_by_id(community.0).one(read).await?;
        let connection = connection::Entity::within(community)
            .filter(connection::Column::Current.eq(true))
            .one(read)
            .await?
            .map(|row| (row.id, row.read_at, row.disconnected));
        let mut mark = format!("{row:?} {connection:?}");
        if let Some(user) = &visitor.user {
            let revisions: Vec<i64> = subscription::Entity::within(community)
                .filter(subscription::Column::UserId.eq(user.user.0))
                .select_only()
                .column(subscription::Column::Revision)
                .into_tuple()
                .all(read)
                .await?;
            let mut roles = self.granted_roles(community, user.user, self.now()).await?;
            roles.sort_unstable();
            mark = format!("{mark} {revisions:?} {roles:?}");
        }
        if visitor.sees_customers() {
            let newest: Option<Timestamp> = subscription::Entity::within(community)
                .order_by_desc(subscription::Column::UpdatedAt)
                .select_only()
                .column(subscription::Column::UpdatedAt)
                .into_tuple()
                .one(read)
                .await?;
            let grants = grant::Entity::within(community).count(read).await?;
            let members = membership::Entity::within(community).count(read).await?;
            mark = format!("{mark} {newest:?} {grants} {members}");
        }
        Ok(mark)
    }
}
