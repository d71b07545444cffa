//! What is sold, as a customer sees it: plans and their tiers, and buying one.
//!
//! [`StoreSubscriptionCatalog`] can stand on any page with a community in context. [`purchase::Purchase`] (the popup to
//! Stripe, and what came of it) is used by the membership page as well.

use leptos::prelude::*;
use model::catalog::{CatalogView, ShopState};

pub mod calls;
mod interval_switch;
mod plan;
pub mod purchase;
pub mod purchase_progress;
mod state;
mod switch;
mod switch_wording;
mod tier_button;
mod tier_card;

use self::{
    interval_switch::IntervalSwitch,
    plan::PlanSection,
    state::CatalogState,
    switch::{SwitchDialog, SwitchDone},
};
use crate::{
    loaded_live::LoadedLive,
    membership::ChangeDialog,
    ui::{EmptyState, FormFailure, Notice, Tone, failure_of},
};

/// Everything for sale, readable by anybody, and the way to buy it.
#[component]
pub fn StoreSubscriptionCatalog() -> impl IntoView {
    let state = CatalogState::provide();
    view! {
        <div class="catalog stack">
            <FormFailure failure=failure_of(state.in_tab) />
            <SwitchDone />
            <LoadedLive resource=state.catalog label="Loading memberships" lines=6 let:catalog>
                <Plans catalog />
            </LoadedLive>
            <SwitchDialog />
            <ChangeDialog changes=state.changes />
        </div>
    }
}

#[component]
fn Plans(catalog: CatalogView) -> impl IntoView {
    let CatalogView { shop, plans } = catalog;
    if plans.is_empty() {
        return view! {
            <EmptyState
                title="No memberships yet"
                text="Nothing is sold here so far. Come back later, or read what is open to everybody."
            />
        }
        .into_any();
    }
    let notice = match shop {
        ShopState::Open => None,
        ShopState::Paused => {
            Some("This shop takes no new sales at the moment. Members keep what they have, and can still change it.")
        }
        ShopState::Closed => Some("This shop is not open yet: nothing can be bought here right now."),
    };
    view! {
        {notice.map(|text| view! { <Notice tone=Tone::Info>{text}</Notice> })}
        <IntervalSwitch plans=&plans />
        {plans.into_iter().map(|plan| view! { <PlanSection plan /> }).collect_view()}
    }
    .into_any()
}
