//! The form that changes a tier.

use leptos::{form::ActionForm, prelude::*};
use model::{money::Currency, planning::TierView};

use super::{
    state::use_planning,
    tier_fields::{FIELDS, TierFields, tier_failure},
};
use crate::{
    editing::{FormButtons, FormPanel, Shown},
    ui::{FormFailure, failure_of},
};

#[component]
pub fn TierEdit(tier: StoredValue<TierView>, currency: Currency) -> impl IntoView {
    let state = use_planning();
    let failure = tier_failure(failure_of(state.edit_tier));
    let tier = tier.get_value();
    view! {
        <FormPanel title=format!("Edit {}", tier.label)>
            <ActionForm action=state.edit_tier>
                <FormFailure failure fields=FIELDS />
                <Shown form=state.form fingerprint=tier.shown.clone() failure />
                <input type="hidden" name="community" value=state.community />
                <input type="hidden" name="tier_id" value=tier.id.to_string() />
                <TierFields currency failure tier />
                <FormButtons form=state.form submit="Save tier" pending=state.edit_tier.pending() />
            </ActionForm>
        </FormPanel>
    }
}
