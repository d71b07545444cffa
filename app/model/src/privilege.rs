//! Built-in privileges: the ones the store's own services ask for.

use serde::{Deserialize, Serialize};

/// A permission every community has from the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum BuiltInPrivilege {
    ControlStripeAccount,
    ManageStore,
    ManagePermissions,
    GiveAwayFreebies,
    ViewMembers,
}

impl BuiltInPrivilege {
    pub const ALL: [Self; 5] = [
        Self::ControlStripeAccount,
        Self::ManageStore,
        Self::ManagePermissions,
        Self::GiveAwayFreebies,
        Self::ViewMembers,
    ];

    /// The privilege's name, also its key in the database.
    pub const fn label(self) -> &'static str {
        match self {
            Self::ControlStripeAccount => "control stripe account",
            Self::ManageStore => "manage store",
            Self::ManagePermissions => "manage permissions",
            Self::GiveAwayFreebies => "give away freebies",
            Self::ViewMembers => "view members",
        }
    }

    /// What it lets somebody do, in a sentence.
    pub const fn help(self) -> &'static str {
        match self {
            Self::ControlStripeAccount => {
                "Connect, configure and disconnect the Stripe account, pause the store, and end what somebody paid for."
            }
            Self::ManageStore => "Plans, tiers, prices, posts and the community's settings; sees the Stripe account.",
            Self::ManagePermissions => {
                "Make and change roles and privileges. Of the built-in privileges they hand out only what they hold themselves."
            }
            Self::GiveAwayFreebies => {
                "Give roles to members for nothing, and take such gifts back. Needs “view members” as well."
            }
            Self::ViewMembers => "See who is a member, by e-mail address, and which roles they hold.",
        }
    }

    pub fn parse(label: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|privilege| privilege.label() == label)
    }
}
