//! The form that makes a plan with its first tier.

use leptos::{form::ActionForm, prelude::*};
use model::planning::PlanningView;

use super::{
    state::use_planning,
    tier_fields::{FIELDS, TierFields, tier_failure},
};
use crate::{
    editing::{FormButtons, FormPanel},
    ui::{Field, FormFailure, failure_of},
};

#[component]
pub fn NewPlan(planning: StoredValue<PlanningView>) -> impl IntoView {
    let state = use_planning();
    let failure = tier_failure(failure_of(state.create_plan));
    let currency = planning.with_value(|planning| planning.currency);
    view! {
        <FormPanel title="New plan" below_page_title=true>
            <ActionForm action=state.create_plan>
                <FormFailure failure fields=FIELDS />
                <input type="hidden" name="community" value=state.community />
                <Field
                    name="plan_label"
                    label="Plan name"
                    hint="What people subscribe to, for example “Membership”."
                    failure
                    required=true
                />
                <fieldset class="form-part">
                    <legend>"Its first tier"</legend>
                    <TierFields currency failure />
                </fieldset>
                <FormButtons form=state.form submit="Create plan" pending=state.create_plan.pending() />
            </ActionForm>
        </FormPanel>
    }
}
