//! What the shop window shows: plans and tiers for sale, and what the person looking holds of them.

use serde::{Deserialize, Serialize};

use crate::{
    id::{PlanId, TierId},
    interval::Interval,
    membership::SubscriptionView,
    money::Money,
};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogView {
    pub shop: ShopState,
    pub plans: Vec<CatalogPlan>,
    /// Stripe does not answer for this account right now: buying may not go through.
    pub stripe_is_silent: bool,
}

/// What the shop says to customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ShopState {
    Open,
    /// No new sales; members may still switch.
    Paused,
    /// No Stripe account was ever connected, or it is being changed for another.
    NotYet,
    /// The account cannot take payments (STATES.md, section 4).
    Closed,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogPlan {
    pub id: PlanId,
    pub label: String,
    pub tiers: Vec<CatalogTier>,
    /// What the customer has on this plan, if it is not over; also on a former account, while they hold its role.
    pub yours: Option<SubscriptionView>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogTier {
    pub id: TierId,
    pub label: String,
    pub description: String,
    /// Names of the privileges its role carries.
    pub privileges: Vec<String>,
    pub prices: Vec<CatalogPrice>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogPrice {
    pub interval: Interval,
    pub amount: Money,
    /// What pressing the button would do.
    pub action: TierAction,
}

/// The button of a tier at an interval, for the person looking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TierAction {
    /// Leads through sign-in and back to this tier.
    SignIn,
    Subscribe,
    /// The first payment is not finished.
    FinishPayment,
    Upgrade,
    Downgrade,
    /// During a trial.
    Switch,
    /// This is it.
    Yours,
    /// This is it, and it is set to end.
    Renew,
    /// Changes to this at the period's end already.
    Coming,
    /// The shop is closed, or takes no new sales.
    Unavailable,
}
