//! Posts: what a paywall stands before.

use serde::{Deserialize, Serialize};

use crate::{
    Timestamp,
    fingerprint::Fingerprint,
    id::{PostId, PrivilegeId},
    planning::PrivilegeChoice,
};

/// Characters of a teaser.
pub const LONGEST_TEASER: usize = 400;
/// Characters of a body (Markdown).
pub const LONGEST_BODY: usize = 60_000;

/// A line in the list of posts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostListing {
    pub id: PostId,
    pub title: String,
    pub teaser: String,
    #[serde(with = "chrono::serde::ts_seconds")]
    pub published_at: Timestamp,
    /// The person looking cannot open it.
    pub locked: bool,
    /// The privilege it needs, if any.
    pub privilege: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostView {
    pub id: PostId,
    pub title: String,
    pub teaser: String,
    #[serde(with = "chrono::serde::ts_seconds")]
    pub published_at: Timestamp,
    pub body: PostBody,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PostBody {
    /// Sanitised HTML.
    Open { html: String },
    /// Needs `privilege`; these tiers open it.
    Locked {
        privilege: String,
        tiers: Vec<OpeningTier>,
        signed_in: bool,
    },
}

/// A tier whose role has the privilege.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpeningTier {
    pub plan_label: String,
    pub tier_label: String,
}

/// The posts page of the manage area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostsView {
    pub posts: Vec<PostListing>,
    pub privileges: Vec<PrivilegeChoice>,
}

/// A post as typed into the form.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PostDraft {
    pub title: String,
    #[serde(default)]
    pub teaser: String,
    /// Markdown.
    #[serde(default)]
    pub body: String,
    /// An id, or empty for everybody.
    #[serde(default)]
    pub privilege: String,
}

/// A post to edit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostSource {
    pub id: PostId,
    pub title: String,
    pub teaser: String,
    pub body: String,
    pub privilege: Option<PrivilegeId>,
    pub shown: Fingerprint,
}
