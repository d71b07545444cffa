//! The question before a tier is taken out of the shop window.

use leptos::{form::ActionForm, prelude::*};
use model::planning::TierView;

use super::state::use_planning;
use crate::{
    editing::{FormButtons, Question},
    ui::{FormFailure, failure_of},
};

#[component]
pub fn DeactivateTierQuestion(tier: StoredValue<TierView>) -> impl IntoView {
    let state = use_planning();
    let (id, label, subscribers) = tier.with_value(|tier| (tier.id, tier.label.clone(), tier.subscribers));
    view! {
        <Question form=state.form title=format!("Stop selling {label}?")>
            <p>
                "Nobody new can subscribe to this tier. " {kept(subscribers)} " You can sell it again at any time."
            </p>
            <ActionForm action=state.deactivate_tier>
                <FormFailure failure=failure_of(state.deactivate_tier) />
                <input type="hidden" name="community" value=state.community />
                <input type="hidden" name="tier_id" value=id.to_string() />
                <FormButtons
                    form=state.form
                    submit="Stop selling it"
                    cancel="Keep selling it"
                    danger=true
                    pending=state.deactivate_tier.pending()
                />
            </ActionForm>
        </Question>
    }
}

/// What happens to those who have it.
pub fn kept(subscribers: u64) -> String {
    match subscribers {
        0 => "It has no subscribers.".to_owned(),
        1 => "Its one subscriber keeps it, at the price they have.".to_owned(),
        many => format!("Its {many} subscribers keep it, at the price they have."),
    }
}
