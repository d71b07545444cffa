//! Posts and their paywall.

use leptos::prelude::*;

pub mod calls;
mod list;
mod read;

pub use self::{list::PostList, read::PostView};

#[component]
pub fn PostEditor() -> impl IntoView {
    view! { <section class="card"></section> }
}
