//! Roles, privileges and members.

use leptos::prelude::*;

pub mod calls;

#[component]
pub fn RoleEditor() -> impl IntoView {
    view! { <section class="card"></section> }
}

#[component]
pub fn MemberList() -> impl IntoView {
    view! { <section class="card"></section> }
}
