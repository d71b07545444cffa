//! The parts of the manage area, and the built-in privilege each asks for. What a server function allows is decided
//! there again; this only keeps people from pages that would refuse them.

use model::{community::MayDo, privilege::BuiltInPrivilege};

/// A page of the manage area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Store,
    Plans,
    Roles,
    Members,
    Posts,
    Settings,
}

impl Part {
    pub const ALL: [Self; 6] = [
        Self::Store,
        Self::Plans,
        Self::Roles,
        Self::Members,
        Self::Posts,
        Self::Settings,
    ];

    pub const fn label(self) -> &'static str {
        match self {
            Self::Store => "Store",
            Self::Plans => "Plans",
            Self::Roles => "Roles",
            Self::Members => "Members",
            Self::Posts => "Posts",
            Self::Settings => "Settings",
        }
    }

    /// Its address in the community named `slug`.
    pub fn path(self, slug: &str) -> String {
        let page = match self {
            Self::Store => "store",
            Self::Plans => "plans",
            Self::Roles => "roles",
            Self::Members => "members",
            Self::Posts => "posts",
            Self::Settings => "settings",
        };
        ["/c/", slug, "/manage/", page].concat()
    }

    pub const fn privilege(self) -> BuiltInPrivilege {
        match self {
            Self::Store | Self::Plans | Self::Posts | Self::Settings => BuiltInPrivilege::ManageStore,
            Self::Roles => BuiltInPrivilege::ManagePermissions,
            Self::Members => BuiltInPrivilege::ViewMembers,
        }
    }

    pub const fn is_allowed(self, may: MayDo) -> bool {
        match self.privilege() {
            BuiltInPrivilege::ControlStripeAccount => may.control_stripe_account,
            BuiltInPrivilege::ManageStore => may.manage_store,
            BuiltInPrivilege::ManagePermissions => may.manage_permissions,
            BuiltInPrivilege::GiveAwayFreebies => may.give_away_freebies,
            BuiltInPrivilege::ViewMembers => may.view_members,
        }
    }
}
