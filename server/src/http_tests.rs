//! The server as HTTP clients see it.

mod bad_requests;
mod came_back;
mod pages;
mod site;
#[cfg(feature = "fake-stripe")]
mod time_travel;
mod webhook_route;
mod without_script;
mod wrong_actor;
