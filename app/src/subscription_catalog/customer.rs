//! The catalog of somebody who is signed in. The browser loads its code only for them: most people who look are
//! visitors (see `pages/lazy.rs`).

// What `#[lazy]` writes declares the split file's import and export.
#![cfg_attr(feature = "split", allow(unsafe_code))]

use std::sync::Arc;

use leptos::prelude::*;

use super::{
    customer_button::CustomerButton,
    customer_state::CustomerState,
    plans::{Offer, Plans},
    switch::{SwitchDialog, SwitchDone},
};
use crate::{
    membership::ChangeDialog,
    ui::{FormFailure, failure_of},
};

#[cfg_attr(any(feature = "ssr", feature = "split"), leptos::lazy)]
pub async fn customer_catalog() -> AnyView {
    view! { <CustomerCatalog /> }.into_any()
}

/// Loads the code ahead: see [`crate::pages`].
pub async fn preload() {
    #[cfg(all(feature = "split", feature = "hydrate"))]
    __preload_customer_catalog().await;
}

#[component]
fn CustomerCatalog() -> impl IntoView {
    let state = CustomerState::provide();
    let button = |Offer { plan, tier, price }| view! { <CustomerButton plan tier price /> }.into_any();
    view! {
        <FormFailure failure=failure_of(state.in_tab) />
        <SwitchDone />
        <Plans button=Arc::new(button) />
        <SwitchDialog />
        <ChangeDialog changes=state.changes />
    }
}
