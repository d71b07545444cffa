//! The catalog of somebody who is signed in. The browser loads its code only for them: most people who look are
//! visitors (see `pages/lazy.rs`).

// What `#[lazy]` writes declares the split file's import and export.
#![cfg_attr(feature = "split", allow(unsafe_code))]

use std::sync::Arc;

use leptos::prelude::*;
use model::membership::SubscriptionView;

use super::{
    customer_button::CustomerButton,
    customer_state::CustomerState,
    plans::{Drawing, Offer, Plans},
    switch::{SwitchDialog, SwitchDone},
};
use crate::{
    community::current::use_community,
    membership::{ChangeDialog, wording},
    split_file::Missing,
    ui::{FormFailure, failure_of},
};

#[cfg(feature = "split")]
#[leptos::wasm_split::wasm_split(customer_catalog, wasm_split_path = leptos::wasm_split, preload(preload_customer_catalog), fallible)]
#[allow(
    clippy::unnecessary_wraps,
    reason = "not `expect`: the macro repeats it on the function that loads, which can fail"
)]
pub fn customer_catalog() -> Result<AnyView, Missing> {
    Ok(view! { <CustomerCatalog /> }.into_any())
}

#[cfg(not(feature = "split"))]
pub async fn customer_catalog() -> Result<AnyView, Missing> {
    leptos::prefetch_lazy_fn_on_server("customer_catalog");
    Ok(view! { <CustomerCatalog /> }.into_any())
}

/// Loads the code ahead: see [`crate::pages`].
pub async fn preload() {
    #[cfg(all(feature = "split", feature = "hydrate"))]
    crate::split_file::loaded(preload_customer_catalog).await;
}

#[component]
fn CustomerCatalog() -> impl IntoView {
    let state = CustomerState::provide();
    let button = |Offer { plan, tier, price }| view! { <CustomerButton plan tier price /> }.into_any();
    let drawing = Drawing {
        button: Arc::new(button),
        yours,
    };
    view! {
        <FormFailure failure=failure_of(state.in_tab) />
        <SwitchDone switch=state.switch />
        <Plans drawing />
        <SwitchDialog switch=state.switch />
        <ChangeDialog changes=state.changes />
    }
}

/// What the customer has on a plan, and the way to it.
fn yours(subscription: &SubscriptionView) -> AnyView {
    let slug = use_community().slug;
    let membership = move || ["/c/", &slug.get(), "/membership"].concat();
    let holds = subscription.role_until.is_some();
    let label = subscription.tier_label.clone();
    let on = (!label.is_empty()).then(|| {
        let lead = if holds { "You are on " } else { "Your membership here: " };
        view! { {lead} <strong>{label}</strong> ". " }
    });
    let standing = if subscription.on_former_account {
        wording::formerly(subscription)
    } else {
        wording::standing(subscription)
    };
    view! {
        <p>
            {on} {standing} " "
            <a href=membership>"Your membership"</a>
        </p>
    }
    .into_any()
}
