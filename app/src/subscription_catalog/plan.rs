//! One plan: what the customer has on it, and its tiers side by side.

use leptos::prelude::*;
use model::catalog::CatalogPlan;

use super::{
    plans::OfferButton,
    state::{first_interval, use_catalog},
    tier_card::TierCard,
};
use crate::membership::wording;

#[component]
pub fn PlanSection(plan: CatalogPlan, button: OfferButton) -> impl IntoView {
    let state = use_catalog();
    let first = first_interval(std::slice::from_ref(&plan));
    let interval = Memo::new(move |_| state.asked_interval.get().unwrap_or(first));
    let membership = move || ["/c/", &state.community.slug.get(), "/membership"].concat();
    let title_id = ["plan-", &plan.id.to_string()].concat();
    let yours = plan.yours.as_ref().map(|yours| {
        view! {
            <p>
                "You are on " <strong>{yours.tier_label.clone()}</strong> ". " {wording::standing(yours)} " "
                <a href=membership>"Your membership"</a>
            </p>
        }
    });
    let cards = plan
        .tiers
        .iter()
        .map(|tier| view! { <TierCard plan=plan.clone() tier=tier.clone() interval=interval.into() button=button.clone() /> })
        .collect_view();
    view! {
        <section class="stack catalog-plan" aria-labelledby=title_id.clone()>
            <div class="stack-tight">
                <h3 class="catalog-plan-title" id=title_id.clone()>
                    {plan.label.clone()}
                </h3>
                {yours}
            </div>
            <ul class="grid catalog-tiers">{cards}</ul>
        </section>
    }
}
