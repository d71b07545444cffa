//! A community's settings.

use leptos::{form::ActionForm, prelude::*};
use model::community::SettingsView;

use super::{
    create::currencies,
    settings_state::{SettingsState, use_settings},
};
use crate::{
    editing::{Said, Shown, StandingForm},
    ui::{AreaField, Button, ButtonVariant, Card, Field, FormFailure, SelectField, failure_of},
};

const FIELDS: &[&str] = &["name", "description", "currency", "grace_days"];

/// Name, description, currency (until something is priced) and grace days.
#[component]
pub fn CommunitySettings() -> impl IntoView {
    let state = SettingsState::provide();
    view! {
        <Said changes=state.changes />
        <Card>
            <StandingForm
                form=state.form
                typing=state.typing
                resource=state.settings
                label="Loading settings"
                lines=6
                let:settings
            >
                <SettingsForm settings />
            </StandingForm>
        </Card>
    }
}

#[component]
fn SettingsForm(settings: SettingsView) -> impl IntoView {
    let state = use_settings();
    let failure = failure_of(state.change);
    let pending = state.change.pending();
    let answer = state.change.value();
    let saved = Signal::derive(move || answer.with(|answer| answer.as_ref()?.as_ref().ok().cloned()));
    let code = settings.currency.code();
    let currency = if settings.currency_fixed {
        view! {
            // A disabled select is not sent.
            <input type="hidden" name="currency" value=code />
            <SelectField
                name="currency_shown"
                label="Currency"
                hint="Fixed, because something has a price in it already."
                options=vec![(code.to_owned(), code.to_uppercase())]
                value=code.to_owned()
                disabled=true
            />
        }
        .into_any()
    } else {
        view! {
            <SelectField
                name="currency"
                label="Currency"
                hint="What you sell in. It is fixed once something has a price."
                options=currencies()
                value=code.to_owned()
                failure
            />
        }
        .into_any()
    };
    view! {
        <ActionForm action=state.change>
            <FormFailure failure fields=FIELDS />
            <Shown form=state.form fingerprint=settings.shown failure saved />
            <input type="hidden" name="community" value=state.community />
            <Field name="name" label="Name" value=settings.name failure required=true autocomplete="off" />
            <div class="field">
                <span class="field-label">"Address"</span>
                <span class="quiet">{format!("/c/{}", settings.slug)}</span>
            </div>
            <AreaField
                name="description"
                label="Description"
                hint="Shown on the community's page and in the list of communities."
                value=settings.description
                failure
                rows=3
            />
            {currency}
            <Field
                name="grace_days"
                label="Grace days"
                hint="How long members keep their role after a failed payment: 0 to 30 days. Your settings at Stripe decide how often a payment is tried again and what comes after. When Stripe gives up before the grace days are over and ends, pauses or marks the subscription unpaid, the role ends then."
                value=settings.grace_days.to_string()
                failure
                required=true
                inputmode="numeric"
                suffix="days"
            />
            <div class="actions">
                <Button submit=true variant=ButtonVariant::Primary pending>
                    "Save settings"
                </Button>
            </div>
        </ActionForm>
    }
}
