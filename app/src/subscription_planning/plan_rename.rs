//! The form that renames a plan.

use leptos::{form::ActionForm, prelude::*};
use model::planning::PlanView;

use super::state::use_planning;
use crate::{
    editing::{FormButtons, FormPanel, Shown},
    ui::{Field, FormFailure, failure_of},
};

#[component]
pub fn PlanRename(plan: StoredValue<PlanView>) -> impl IntoView {
    let state = use_planning();
    let failure = failure_of(state.rename_plan);
    let plan = plan.get_value();
    view! {
        <FormPanel title=format!("Rename {}", plan.label)>
            <ActionForm action=state.rename_plan>
                <FormFailure failure fields=&["plan_label"] />
                <Shown form=state.form fingerprint=plan.shown failure />
                <input type="hidden" name="community" value=state.community />
                <input type="hidden" name="plan" value=plan.id.to_string() />
                <Field name="plan_label" label="Plan name" value=plan.label failure required=true />
                <FormButtons form=state.form submit="Save name" pending=state.rename_plan.pending() />
            </ActionForm>
        </FormPanel>
    }
}
