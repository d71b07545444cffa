//! What is sold, as a customer sees it: plans and their tiers, and buying one.
//!
//! [`StoreSubscriptionCatalog`] can stand on any page with a community in context. [`purchase::Purchase`] (the popup to
//! Stripe, and what came of it) and [`switch::Switch`] (the preview of a change) are used by the membership page as well.

use leptos::prelude::*;

pub mod calls;
mod customer;
mod customer_button;
mod customer_state;
mod customer_wording;
mod interval_switch;
mod plan;
mod plans;
pub mod purchase;
pub mod purchase_progress;
mod state;
pub mod switch;
pub mod switch_wording;
mod tier_card;
mod visitor;

pub use self::customer::preload;
use self::{customer::customer_catalog, state::CatalogState, visitor::VisitorCatalog};
use crate::{
    loaded_live::{latest, unchanging},
    split_file::part_away,
    ui::Loading,
};

/// Everything for sale, readable by anybody, and the way to buy it.
#[component]
pub fn StoreSubscriptionCatalog() -> impl IntoView {
    let state = CatalogState::provide();
    let content = move || {
        let community = latest(state.community.view);
        let signed_in = unchanging(move |_| {
            let community = community.get()?;
            Some(community.is_ok_and(|community| community.signed_in))
        });
        move || {
            signed_in.get().map(|signed_in| {
                if signed_in {
                    let customer = async { customer_catalog().await.unwrap_or_else(part_away) };
                    Suspend::new(customer).into_any()
                } else {
                    view! { <VisitorCatalog /> }.into_any()
                }
            })
        }
    };
    view! {
        <div class="catalog stack">
            <Transition fallback=|| view! { <Loading label="Loading memberships" lines=6 /> }>{content()}</Transition>
        </div>
    }
}
