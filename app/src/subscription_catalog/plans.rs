//! All plans for sale, whoever looks.

use std::sync::Arc;

use leptos::prelude::*;
use model::{
    catalog::{CatalogPlan, CatalogPrice, CatalogTier, CatalogView, ShopState},
    membership::SubscriptionView,
};

use super::{interval_switch::IntervalSwitch, plan::PlanSection, state::use_catalog};
use crate::{
    loaded_live::LoadedLive,
    stripe_is_silent::StripeIsSilent,
    ui::{ButtonLink, EmptyState, Notice, Tone},
};

/// A tier at one of its prices.
pub struct Offer {
    pub plan: CatalogPlan,
    pub tier: CatalogTier,
    pub price: CatalogPrice,
}

/// What stands under a price: visitors are led to sign-in, customers can buy.
pub type OfferButton = Arc<dyn Fn(Offer) -> AnyView + Send + Sync>;

/// What depends on who looks. What customers see is in a file of its own for the browser, so it is handed in.
#[derive(Clone)]
pub struct Drawing {
    pub button: OfferButton,
    /// What the person has on a plan.
    pub yours: fn(&SubscriptionView) -> AnyView,
}

#[component]
pub fn Plans(drawing: Drawing) -> impl IntoView {
    let catalog = use_catalog().catalog;
    view! {
        <LoadedLive resource=catalog label="Loading memberships" lines=6 let:catalog>
            <Listed catalog drawing=drawing.clone() />
        </LoadedLive>
    }
}

#[component]
fn Listed(catalog: CatalogView, drawing: Drawing) -> impl IntoView {
    let CatalogView {
        shop,
        plans,
        stripe_is_silent,
    } = catalog;
    if plans.is_empty() {
        let community = use_catalog().community;
        let manages = matches!(community.view.get_untracked(), Some(Ok(community)) if community.may.manage_store);
        if manages && shop != ShopState::Closed {
            let (text, part, go) = if shop == ShopState::NotYet {
                (
                    "Visitors see this until you connect Stripe and make a plan.",
                    "store",
                    "Go to your store",
                )
            } else {
                (
                    "Visitors see this until you make a plan and sell it.",
                    "plans",
                    "Go to your plans",
                )
            };
            let href = ["/c/", &community.slug.get_untracked(), "/manage/", part].concat();
            return view! {
                <EmptyState title="No memberships yet" text>
                    <ButtonLink href>{go}</ButtonLink>
                </EmptyState>
            }
            .into_any();
        }
        let (title, text) = match shop {
            ShopState::NotYet => (
                "No memberships yet",
                "This store is not open yet. Come back later, or read what is open to everybody.",
            ),
            ShopState::Closed => (
                "This store is closed at the moment",
                "Nothing can be bought here. What you hold stays yours.",
            ),
            ShopState::Open | ShopState::Paused => (
                "No memberships yet",
                "Nothing is sold here so far. Come back later, or read what is open to everybody.",
            ),
        };
        return view! { <EmptyState title text /> }.into_any();
    }
    let notice = match shop {
        ShopState::Open => None,
        ShopState::Paused => {
            Some("This store takes no new sales at the moment. Members keep what they have, and can still change it.")
        }
        ShopState::NotYet => Some("This store is not open yet: nothing can be bought here right now."),
        ShopState::Closed => {
            Some("This store is closed at the moment: nothing can be bought here. What you hold stays yours.")
        }
    };
    view! {
        {notice.map(|text| view! { <Notice tone=Tone::Info>{text}</Notice> })}
        <StripeIsSilent silent=stripe_is_silent>
            "Buying and changing memberships may not go through right now. Nothing is charged twice; try again later."
        </StripeIsSilent>
        <IntervalSwitch plans=&plans />
        {plans.into_iter().map(|plan| view! { <PlanSection plan drawing=drawing.clone() /> }).collect_view()}
    }
    .into_any()
}
