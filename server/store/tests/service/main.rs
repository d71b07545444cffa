//! The services with real parts: SQLite (or PostgreSQL, by `TEST_DATABASE_URL`), the real HTTP client, and fake-stripe
//! with every answer checked against Stripe's description. The clocks stand until a test moves them.

mod attention;
mod bad_input;
mod catalog;
mod connecting;
mod crash;
mod edited_meanwhile;
mod elsewhere;
mod ending_upgrade;
mod event_jobs;
mod housekeeping;
mod late_events;
mod live;
mod lost_account;
mod member;
mod members;
mod merchant_letters;
mod paid_meanwhile;
mod paywall;
mod permission;
mod planning;
mod purchase;
mod reconciling;
mod saved_card;
mod signing_in;
mod slow_jobs;
mod stripe_misbehaves;
mod switching;
mod told;
mod waiting_change;
#[expect(dead_code, reason = "shared with the cells, which use more of it")]
mod world;
