//! What the merchant has to look at: flagged subscriptions, refunds, disputes, broken tiers.

pub mod calls;
