//! Ids as newtypes, so that a tier's id cannot be passed where a plan's is wanted. Ours are `UUIDv7`.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Problem;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $what:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = Problem;

            /// # Errors
            /// `Problem::NotFound`: an id that is none names nothing.
            fn from_str(text: &str) -> Result<Self, Problem> {
                text.parse().map(Self).map_err(|_| Problem::not_found($what))
            }
        }
    )*};
}

ids! {
    /// A person who signed in.
    UserId = "person";
    /// A tenant.
    CommunityId = "community";
    /// A named permission of one community.
    PrivilegeId = "privilege";
    /// A named set of privileges.
    RoleId = "role";
    /// A user's hold on a role for a window of time.
    GrantId = "grant";
    /// A community's link to one Stripe account.
    ConnectionId = "connection";
    /// What is subscribed to.
    PlanId = "plan";
    /// A level of a plan.
    TierId = "tier";
    /// One immutable Stripe Price of a tier.
    PriceId = "price";
    /// Our projection of one Stripe subscription.
    SubscriptionId = "subscription";
    /// A post of a community.
    PostId = "post";
    /// Something a merchant has to look at.
    AttentionId = "notice";
    /// Work that waits, or needs a person.
    JobId = "job";
}
