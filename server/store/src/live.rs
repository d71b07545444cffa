//! Tells waiting pages that something of a community changed; they ask again what it is now.
//!
//! Within one process by a channel. Several processes: the event stream's own polling finds the change a little later.

use model::id::{CommunityId, UserId};
use tokio::sync::broadcast;

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
