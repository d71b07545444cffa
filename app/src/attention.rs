//! What the merchant has to look at: flagged subscriptions, refunds, disputes, broken tiers.

pub mod calls;
mod end_role;
mod line;
mod list;
mod standing;
mod state;

pub use self::list::NeedsAttention;
