//! Every situation (`STATES.md` of the design): a module for each table, a test for each status, named after it.
//!
//! `cargo xtask cells` lists them all and fails when one is missing.

mod account;
mod buy;
mod cancel;
mod checkout_completed_setup;
mod checkout_completed_subscription;
mod disconnect_card;
mod invoice_paid;
mod invoice_payment_failed;
mod renew;
mod situation;
mod update_card;
#[path = "../service/world.rs"]
#[expect(dead_code, reason = "shared with the service tests, which use more of it")]
mod world;
mod worth;
