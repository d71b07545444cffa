//! One plan: what the customer has on it, and its tiers side by side.

use leptos::prelude::*;
use model::catalog::CatalogPlan;

use super::{
    plans::Drawing,
    state::{first_interval, use_catalog},
    tier_card::TierCard,
};

#[component]
pub fn PlanSection(plan: CatalogPlan, drawing: Drawing) -> impl IntoView {
    let state = use_catalog();
    let first = first_interval(std::slice::from_ref(&plan));
    let interval = Memo::new(move |_| state.asked_interval.get().unwrap_or(first));
    let title_id = ["plan-", &plan.id.to_string()].concat();
    let yours = plan.yours.as_ref().map(drawing.yours);
    let cards = plan
        .tiers
        .iter()
        .map(|tier| view! { <TierCard plan=plan.clone() tier=tier.clone() interval=interval.into() button=drawing.button.clone() /> })
        .collect_view();
    view! {
        <section class="stack catalog-plan" aria-labelledby=title_id.clone()>
            <div class="stack-tight">
                <h3 class="catalog-plan-title" dir="auto" id=title_id.clone()>
                    {plan.label.clone()}
                </h3>
                {yours}
            </div>
            <ul class="grid catalog-tiers">{cards}</ul>
        </section>
    }
}
