//! fake-stripe from outside, over HTTP. Built with the feature `validate`: an answer or an event that differs from Stripe's
//! description fails the test that caused it.

mod account;
mod async_stripe;
mod cancelling;
mod catalog;
mod checkout;
mod clocks;
mod connection;
mod disputes;
mod edges;
mod faults;
mod idempotency;
mod invoices;
mod lists;
mod month;
mod next_period;
mod no_items;
mod pausing;
mod payment_methods;
mod persistence;
mod planned_ends;
mod portal;
mod prorations;
mod refunds;
mod renewal;
mod schedules;
mod state;
mod strictness;
mod support;
mod time_used;
mod uncovered;
mod upgrades;
mod webhooks;
