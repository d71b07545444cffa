//! A tenant as its pages show it.

use serde::{Deserialize, Serialize};

use crate::{fingerprint::Fingerprint, id::CommunityId, money::Currency, slug::Slug};

/// A community and what the person looking may do in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommunityView {
    pub id: CommunityId,
    pub slug: Slug,
    pub name: String,
    pub description: String,
    pub currency: Currency,
    /// Signed in.
    pub signed_in: bool,
    /// Signed in and joined.
    pub joined: bool,
    pub is_owner: bool,
    pub may: MayDo,
}

/// Which parts of the manage area to show. What a server function allows is decided there again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "one for each built-in privilege")]
pub struct MayDo {
    pub control_stripe_account: bool,
    pub manage_store: bool,
    pub manage_permissions: bool,
    pub give_away_freebies: bool,
    pub view_members: bool,
}

impl MayDo {
    pub const fn anything(self) -> bool {
        self.control_stripe_account
            || self.manage_store
            || self.manage_permissions
            || self.give_away_freebies
            || self.view_members
    }
}

/// A line in a list of communities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommunityListing {
    pub slug: Slug,
    pub name: String,
    pub description: String,
    pub manages: bool,
}

/// The home page: what is here, and what of it is yours.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Home {
    pub yours: Vec<CommunityListing>,
    pub others: Vec<CommunityListing>,
}

/// What the settings page edits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsView {
    pub name: String,
    pub slug: Slug,
    pub description: String,
    pub currency: Currency,
    /// The currency cannot change once something is priced.
    pub currency_fixed: bool,
    /// 0–30.
    pub grace_days: u8,
    pub shown: Fingerprint,
}
