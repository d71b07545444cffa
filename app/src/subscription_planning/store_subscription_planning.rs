//! The public component: plans and their tiers.

use leptos::prelude::*;
use model::planning::{MOST_PLANS, PlanningView};

use super::{
    leading::{ConnectFirst, NotForSaleYet},
    moving::{MoveAll, MoveProgress},
    new_plan::NewPlan,
    plan_card::PlanCard,
    state::{PlanningState, forms, use_planning},
};
use crate::{
    editing::{LoadedUnlessEditing, OpenLink, Said},
    ui::{ButtonVariant, EmptyState, FormFailure, failure_of},
};

/// What a merchant or clerk sells: plans with tiers, priced by month and by year. Usable on any page with a community in
/// context.
#[component]
pub fn StoreSubscriptionPlanning() -> impl IntoView {
    let state = PlanningState::provide();
    view! {
        <FormFailure failure=failure_of(state.restore_plan) />
        <FormFailure failure=failure_of(state.reactivate_tier) />
        <FormFailure failure=failure_of(state.moving.one) />
        <MoveProgress />
        <Said changes=state.changes />
        <LoadedUnlessEditing
            resource=state.planning
            editing=state.form.is_any_open()
            label="Loading plans"
            lines=6
            let:planning
        >
            <Plans planning />
        </LoadedUnlessEditing>
    }
}

#[component]
fn Plans(planning: PlanningView) -> impl IntoView {
    let state = use_planning();
    let linked = planning.status.is_linked();
    if !linked && planning.plans.is_empty() {
        return view! { <ConnectFirst community=state.community /> }.into_any();
    }
    let planning = StoredValue::new(planning);
    let opening = state.form.is_open(forms::NEW_PLAN, "");
    let count = planning.with_value(|planning| planning.plans.len());
    let top = move || {
        if opening.get() {
            return view! { <NewPlan planning /> }.into_any();
        }
        if count == 0 {
            return view! {
                <EmptyState
                    title="Create your first plan"
                    text="A plan is what people subscribe to. It has tiers, of which each person holds one: “Silver” and “Gold”, say."
                >
                    <OpenLink form=state.form name=forms::NEW_PLAN variant=ButtonVariant::Primary>
                        "Create your first plan"
                    </OpenLink>
                </EmptyState>
            }
            .into_any();
        }
        if count >= MOST_PLANS {
            return view! { <p class="quiet">{format!("{count} plans: that is the most a community can have.")}</p> }
                .into_any();
        }
        view! {
            <div class="row row-between">
                <p class="quiet">{format!("{count} of at most {MOST_PLANS} plans.")}</p>
                <OpenLink form=state.form name=forms::NEW_PLAN variant=ButtonVariant::Primary>
                    "New plan"
                </OpenLink>
            </div>
        }
        .into_any()
    };
    let (archived, current): (Vec<_>, Vec<_>) = planning
        .with_value(|planning| planning.plans.clone())
        .into_iter()
        .partition(|plan| plan.archived);
    let card = move |plan| view! { <PlanCard planning plan /> };
    view! {
        <NotForSaleYet community=state.community status=planning.with_value(|planning| planning.status.clone()) />
        <MoveAll planning />
        {top}
        {current.into_iter().map(card).collect_view()}
        {(!archived.is_empty())
            .then(|| {
                view! {
                    <h2>"Archived plans"</h2>
                    {archived.into_iter().map(card).collect_view()}
                }
            })}
    }
    .into_any()
}
