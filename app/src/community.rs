//! A community itself: which one a page is about, the list of them, making one, its settings.

pub mod calls;
mod create;
pub mod current;
pub mod latest_notice;
mod list;
mod settings;
mod settings_state;

pub use self::{create::CreateCommunity, list::CommunityList, settings::CommunitySettings};
