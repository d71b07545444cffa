//! What the connect page shows, and the portal's configuration.

use serde::{Deserialize, Serialize};

use crate::{
    Timestamp,
    account::{AccountSnapshot, AccountStatus},
    fingerprint::Fingerprint,
};

/// The community's Stripe account, for a merchant or clerk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "facts, each independent of the others")]
pub struct ConnectView {
    pub status: AccountStatus,
    /// Stripe does not answer for this account right now: what is shown may be old, and changes may not go through.
    pub stripe_is_silent: bool,
    pub snapshot: Option<AccountSnapshot>,
    /// Where the account's Stripe dashboard is.
    pub dashboard_url: Option<String>,
    /// The looking user may change it (clerks only look).
    pub may_control: bool,
    /// Disconnecting revokes access at Stripe (OAuth); else it only ends on our side.
    pub revokes_at_stripe: bool,
    /// An existing account can be connected (OAuth) besides making a new one.
    pub can_connect_existing: bool,
    /// The platform's fee in percent with two decimals, as `5` or `2.5`; `None` when there is none.
    pub platform_fee: Option<String>,
    /// The account was deleted at Stripe: it can never be connected again.
    pub deleted: bool,
    /// Somebody has a subscription that is not over.
    pub has_subscribers: bool,
    /// Tiers for sale that are not on this account, but on one before: nobody can subscribe to them.
    pub tiers_elsewhere: usize,
    /// Former connections, newest first.
    pub history: Vec<FormerConnection>,
}

impl ConnectView {
    /// The same account can be connected again, and everything comes back with it.
    pub fn comes_back(&self) -> bool {
        let had_one = match self.status {
            AccountStatus::Disconnected => true,
            AccountStatus::Unlinked => !self.history.is_empty(),
            _ => false,
        };
        had_one && self.can_connect_existing && !self.deleted
    }

    /// There is something to fill in at Stripe. (While nothing is, Stripe is looking at the account.)
    pub fn asks_for_something(&self) -> bool {
        self.snapshot.as_ref().is_none_or(AccountSnapshot::asks_for_something)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormerConnection {
    pub account: String,
    #[serde(with = "chrono::serde::ts_seconds")]
    pub linked_at: Timestamp,
    #[serde(with = "chrono::serde::ts_seconds")]
    pub ended_at: Timestamp,
    pub reason: String,
}

/// Stripe's customer portal as the merchant configures it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "Stripe's portal has a switch for each feature"
)]
pub struct PortalSettings {
    /// At most 60 characters.
    pub headline: String,
    /// https addresses, or empty.
    pub privacy_policy_url: String,
    pub terms_of_service_url: String,
    pub customer_update: bool,
    pub invoice_history: bool,
    pub payment_method_update: bool,
    pub subscription_cancel: bool,
}

/// The same as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalConfigView {
    pub settings: PortalSettings,
    /// Stripe has accepted it; else it is tried again once the account is ready.
    pub accepted: bool,
    pub shown: Fingerprint,
}
