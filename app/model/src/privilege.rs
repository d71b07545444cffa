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

    pub fn parse(label: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|privilege| privilege.label() == label)
    }
}
