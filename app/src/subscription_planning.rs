//! What is sold, as a merchant edits it: plans, their tiers, prices, and what each tier's role carries.

pub mod calls;
mod leading;
mod moving;
mod new_plan;
mod new_tier;
mod plan_card;
mod plan_question;
mod plan_rename;
mod state;
mod store_subscription_planning;
mod tier_card;
mod tier_edit;
mod tier_fields;
mod tier_privileges;
mod tier_question;

pub use state::PlanningState;
pub use store_subscription_planning::StoreSubscriptionPlanning;
