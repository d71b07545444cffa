//! What the planning page shows and takes: plans, tiers and prices as the clerk sees them.

use serde::{Deserialize, Serialize};

use crate::{
    account::AccountStatus,
    fingerprint::Fingerprint,
    id::{PlanId, PriceId, PrivilegeId, RoleId, TierId},
    interval::Interval,
    money::{Currency, Money},
};

/// At most this many plans in a community.
pub const MOST_PLANS: usize = 20;
/// At most this many tiers in a plan.
pub const MOST_TIERS: usize = 12;
/// Characters of a tier's description.
pub const LONGEST_DESCRIPTION: usize = 500;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanningView {
    pub status: AccountStatus,
    pub currency: Currency,
    /// Every privilege a tier's role may have.
    pub privileges: Vec<PrivilegeChoice>,
    pub plans: Vec<PlanView>,
}

impl PlanningView {
    /// Something here changes by itself as soon as Stripe answers.
    pub fn waits_for_stripe(&self) -> bool {
        self.plans
            .iter()
            .flat_map(|plan| &plan.tiers)
            .any(|tier| tier.waits_for_stripe)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanView {
    pub id: PlanId,
    pub label: String,
    pub archived: bool,
    pub tiers: Vec<TierView>,
    /// Of its name.
    pub shown: Fingerprint,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "facts, each independent of the others")]
pub struct TierView {
    pub id: TierId,
    pub label: String,
    pub description: String,
    pub active: bool,
    /// Its Stripe Product is gone.
    pub broken: bool,
    /// A price of it is not at Stripe yet, which did not answer: it is sold as soon as it is.
    pub waits_for_stripe: bool,
    /// It has a Product on the account that is connected now.
    pub on_current_account: bool,
    pub role: RoleId,
    pub privileges: Vec<PrivilegeId>,
    pub prices: Vec<PriceView>,
    /// Live subscriptions on it.
    pub subscribers: u64,
    /// Of them: unpaid or paused, so that nothing is charged and the role is not held.
    pub not_paying: u64,
    /// Of label, description and prices.
    pub shown: Fingerprint,
    /// Of what its role carries of the privileges it may have.
    pub privileges_shown: Fingerprint,
}

impl TierView {
    pub fn price(&self, interval: Interval) -> Option<&PriceView> {
        self.prices.iter().find(|price| price.interval == interval)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceView {
    pub id: PriceId,
    pub interval: Interval,
    pub amount: Money,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrivilegeChoice {
    pub id: PrivilegeId,
    pub label: String,
}

/// A tier as typed into the form. Prices as text: exact parsing happens on the server, and what was typed stays.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TierDraft {
    pub label: String,
    #[serde(default)]
    pub description: String,
    /// Empty: not sold by month.
    #[serde(default)]
    pub monthly: String,
    /// Empty: not sold by year.
    #[serde(default)]
    pub yearly: String,
}
