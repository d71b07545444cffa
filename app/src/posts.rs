//! Posts and their paywall.

pub mod calls;
mod editor;
mod list;
mod manage;
mod manage_state;
mod read;

pub use self::{list::PostList, manage::PostEditor, read::PostView};
