//! The form that chooses what a tier's role carries.

use leptos::{form::ActionForm, prelude::*};
use model::planning::{PlanningView, TierView};

use super::state::use_planning;
use crate::{
    editing::{FormButtons, FormPanel, Shown, ticked},
    ui::{Checkbox, ChoiceGroup, FormFailure, failure_of},
};

#[component]
pub fn TierPrivileges(planning: StoredValue<PlanningView>, tier: StoredValue<TierView>) -> impl IntoView {
    let state = use_planning();
    let failure = failure_of(state.set_privileges);
    let tier = tier.get_value();
    let ticked = ticked("privileges[]", failure);
    let choices = planning
        .with_value(|planning| planning.privileges.clone())
        .into_iter()
        .map(|privilege| {
            let value = privilege.id.to_string();
            let checked = match &ticked {
                Some(ticked) => ticked.contains(&value),
                None => tier.privileges.contains(&privilege.id),
            };
            view! { <Checkbox name="privileges[]" value label=privilege.label checked /> }
        })
        .collect_view();
    let roles_page = Signal::derive(move || ["/c/", &state.community.get(), "/manage/roles"].concat());
    view! {
        <FormPanel title=format!("Privileges of {}", tier.label)>
            <ActionForm action=state.set_privileges>
                <FormFailure failure fields=&["privileges"] />
                <Shown form=state.form fingerprint=tier.privileges_shown failure />
                <input type="hidden" name="community" value=state.community />
                <input type="hidden" name="tier_id" value=tier.id.to_string() />
                <ChoiceGroup
                    name="privileges"
                    legend="Who holds this tier can"
                    hint="Applies at once, to everybody who holds the tier."
                    failure
                >
                    {choices}
                </ChoiceGroup>
                <p class="small">
                    <a href=roles_page>"Make a new privilege on the roles page"</a>
                </p>
                <FormButtons form=state.form submit="Save privileges" pending=state.set_privileges.pending() />
            </ActionForm>
        </FormPanel>
    }
}
