//! A user's hold on a role.

use serde::{Deserialize, Serialize};

use crate::{Timestamp, id::SubscriptionId};

/// Why somebody holds a role. Fulfilment touches only what a subscription gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum GrantSource {
    Subscription(SubscriptionId),
    Gift,
    Owner,
}

/// `[starts_at, ends_at)`, or open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    pub starts_at: Timestamp,
    pub ends_at: Option<Timestamp>,
}

impl Window {
    pub fn contains(&self, at: Timestamp) -> bool {
        self.starts_at <= at && self.ends_at.is_none_or(|end| at < end)
    }
}
