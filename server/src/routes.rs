//! Routes that are no pages: one file each.

pub mod came_back;
pub mod client_address;
pub mod connect_return;
pub mod dev_clock;
pub mod dev_mailbox;
pub mod events;
pub mod health;
pub mod onboarding;
pub mod origin;
pub mod popup_return;
pub mod problem_page;
pub mod refused_form;
mod signed_in;
pub mod slug_case;
pub mod webhook;
