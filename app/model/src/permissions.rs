//! What the permissions page shows: privileges, roles, and who holds them.

use serde::{Deserialize, Serialize};

use crate::{
    Timestamp,
    fingerprint::Fingerprint,
    grant::GrantSource,
    id::{GrantId, PrivilegeId, RoleId, UserId},
    money::Money,
    privilege::BuiltInPrivilege,
};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermissionsView {
    pub privileges: Vec<PrivilegeView>,
    pub roles: Vec<RoleView>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrivilegeView {
    pub id: PrivilegeId,
    pub label: String,
    pub built_in: bool,
    /// Who looks may put it on roles and take it off: nobody hands out built-in ones that they lack.
    pub yours: bool,
    /// Of its name.
    pub shown: Fingerprint,
}

impl PrivilegeView {
    /// What a built-in one lets somebody do; of the merchant's own only they know.
    pub fn help(&self) -> Option<&'static str> {
        let built_in = BuiltInPrivilege::parse(&self.label).filter(|_| self.built_in);
        built_in.map(BuiltInPrivilege::help)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleView {
    pub id: RoleId,
    pub label: String,
    pub kind: RoleKind,
    pub privileges: Vec<PrivilegeId>,
    /// Of its name.
    pub shown: Fingerprint,
    /// Of what it carries.
    pub privileges_shown: Fingerprint,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RoleKind {
    Owner,
    Member,
    Visitor,
    /// Made with a tier.
    Tier,
    Custom,
}

impl RoleKind {
    pub const ALL: [Self; 5] = [Self::Owner, Self::Member, Self::Visitor, Self::Tier, Self::Custom];

    /// Also its key in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Member => "member",
            Self::Visitor => "visitor",
            Self::Tier => "tier",
            Self::Custom => "custom",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// A page of the members list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MembersView {
    pub members: Vec<MemberView>,
    pub total: u64,
    /// Everybody whose payment is due: who keeps their role for the community's grace days, the first to lose it first, then
    /// who lost it; on every page.
    pub owing: Vec<OwingMember>,
    /// Roles that who looks can give away (tiers' and custom ones), were they a giver.
    pub giveable: Vec<RoleView>,
    pub may_give: bool,
}

/// A member whose payment is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwingMember {
    pub user: UserId,
    pub email: String,
    pub role_label: String,
    /// Until when they keep the role; nothing when they lost it.
    #[serde(with = "chrono::serde::ts_seconds_option")]
    pub until: Option<Timestamp>,
    pub due: Option<Money>,
    /// When Stripe asks the bank again by itself.
    #[serde(with = "chrono::serde::ts_seconds_option")]
    pub next_attempt: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberView {
    pub user: UserId,
    pub email: String,
    #[serde(with = "chrono::serde::ts_seconds")]
    pub joined_at: Timestamp,
    pub grants: Vec<GrantView>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantView {
    pub id: GrantId,
    pub role: RoleId,
    pub role_label: String,
    pub source: GrantSource,
    #[serde(with = "chrono::serde::ts_seconds")]
    pub starts_at: Timestamp,
    /// As people are told it (`entitlement::told_end`).
    #[serde(with = "chrono::serde::ts_seconds_option")]
    pub ends_at: Option<Timestamp>,
}
