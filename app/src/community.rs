//! A community itself: which one a page is about, the list of them, making one, its settings.

pub mod calls;
mod create;
mod list;
mod settings;
mod settings_state;
mod slug;

pub use create::CreateCommunity;
pub use list::CommunityList;
pub use settings::CommunitySettings;
pub use slug::{CommunitySlug, events_address, use_community_slug};
