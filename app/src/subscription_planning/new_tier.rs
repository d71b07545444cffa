//! The form that adds a tier to a plan.

use leptos::{form::ActionForm, prelude::*};
use model::{money::Currency, planning::PlanView};

use super::{
    state::use_planning,
    tier_fields::{FIELDS, TierFields, tier_failure},
};
use crate::{
    editing::{FormButtons, FormPanel},
    ui::{FormFailure, failure_of},
};

#[component]
pub fn NewTier(plan: StoredValue<PlanView>, currency: Currency) -> impl IntoView {
    let state = use_planning();
    let failure = tier_failure(failure_of(state.add_tier));
    let (id, label) = plan.with_value(|plan| (plan.id, plan.label.clone()));
    view! {
        <FormPanel title=format!("New tier of {label}")>
            <ActionForm action=state.add_tier>
                <FormFailure failure fields=FIELDS />
                <input type="hidden" name="community" value=state.community />
                <input type="hidden" name="plan" value=id.to_string() />
                <TierFields currency failure />
                <FormButtons form=state.form submit="Add tier" pending=state.add_tier.pending() />
            </ActionForm>
        </FormPanel>
    }
}
