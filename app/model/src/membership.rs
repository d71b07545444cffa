//! What the membership page shows: each subscription's true state in plain words.

use serde::{Deserialize, Serialize};

use crate::{
    Timestamp,
    id::{PlanId, SubscriptionId, TierId},
    interval::Interval,
    money::Money,
    subscription::SubscriptionStatus,
};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MembershipView {
    pub joined: bool,
    pub subscriptions: Vec<SubscriptionView>,
    /// Roles held now that are not a subscription's.
    pub other_roles: Vec<HeldRole>,
    /// A portal can be opened: there is a Stripe customer, and the account works.
    pub portal: bool,
    /// The merchant's Stripe account is disconnected: nothing renews.
    pub nothing_renews: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldRole {
    pub label: String,
    pub ends_at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscriptionView {
    pub id: SubscriptionId,
    pub plan: PlanId,
    pub plan_label: String,
    /// `None`: flagged, the merchant is told.
    pub tier: Option<TierId>,
    pub tier_label: String,
    pub status: SubscriptionStatus,
    pub price: Option<(Money, Interval)>,
    pub period_end: Timestamp,
    pub trial_end: Option<Timestamp>,
    /// When it ends, if it is set to.
    pub ends_at: Option<Timestamp>,
    /// A change that waits for the period's end.
    pub pending: Option<PendingChange>,
    /// Until when the role lasts by this subscription, if it gives one now.
    pub role_until: Option<Timestamp>,
    pub may_cancel: bool,
    pub may_renew: bool,
    /// A payment is open: the page to pay it on can be asked for.
    pub may_pay: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingChange {
    pub tier: TierId,
    pub tier_label: String,
    pub interval: Interval,
    pub amount: Option<Money>,
    pub at: Timestamp,
}

/// What became of a purchase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PurchaseState {
    /// Nothing is under way: the checkout was left, or has expired. It can be tried again.
    Nothing,
    /// Stripe says it is paid; the subscription is about to arrive here.
    Confirming,
    /// The role is there.
    Done,
}
