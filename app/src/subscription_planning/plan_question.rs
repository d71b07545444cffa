//! The question before a plan is archived.

use leptos::{form::ActionForm, prelude::*};
use model::planning::PlanView;

use super::{state::use_planning, tier_question::kept};
use crate::{
    editing::{FormButtons, Question},
    ui::{FormFailure, failure_of},
};

#[component]
pub fn ArchivePlanQuestion(plan: StoredValue<PlanView>) -> impl IntoView {
    let state = use_planning();
    let plan = plan.get_value();
    let subscribers = plan.tiers.iter().map(|tier| tier.subscribers).sum();
    view! {
        <Question form=state.form title=format!("Archive {}?", plan.label)>
            <p>
                "The plan leaves the catalog and nobody new can subscribe. " {kept(subscribers)}
                " You can restore it at any time."
            </p>
            <ActionForm action=state.archive_plan>
                <FormFailure failure=failure_of(state.archive_plan) />
                <input type="hidden" name="community" value=state.community />
                <input type="hidden" name="plan" value=plan.id.to_string() />
                <FormButtons
                    form=state.form
                    submit="Archive plan"
                    cancel="Keep selling it"
                    danger=true
                    pending=state.archive_plan.pending()
                />
            </ActionForm>
        </Question>
    }
}
