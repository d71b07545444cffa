//! The public component that edits Stripe's customer portal.

use leptos::{form::ActionForm, prelude::*};
use model::connect::PortalConfigView;

use super::portal_config_state::{PortalConfigState, use_portal_config};
use crate::{
    community::current::use_community,
    editing::{Said, Shown, StandingForm},
    loaded_live::{latest, unchanging},
    ui::{Button, ButtonVariant, Card, Checkbox, ChoiceGroup, Field, FormFailure, Notice, Tone, failure_of},
};

const FIELDS: &[&str] = &["headline", "privacy_policy_url", "terms_of_service_url"];

/// Headline, links and features of the page on which customers manage their subscriptions at Stripe. Usable on any page
/// with a community in context.
#[component]
pub fn StorePortalConfig() -> impl IntoView {
    let state = PortalConfigState::provide();
    view! {
        <Said changes=state.changes />
        <Card title="Customer portal">
            <p class="quiet">
                "Customers manage their payment method, invoices and subscriptions on a page at Stripe. This is what it shows."
            </p>
            <StandingForm
                form=state.form
                typing=state.typing
                resource=state.config
                label="Loading the portal's configuration"
                lines=6
                let:config
            >
                {match config {
                    Some(config) => view! { <ConfigForm config /> }.into_any(),
                    None => view! { <p>"Connect a Stripe account first: the page lives there."</p> }.into_any(),
                }}
            </StandingForm>
        </Card>
    }
}

#[component]
fn ConfigForm(config: PortalConfigView) -> impl IntoView {
    let state = use_portal_config();
    let settings = config.settings;
    let failure = failure_of(state.change);
    let answer = state.change.value();
    let saved = Signal::derive(move || answer.with(|answer| answer.as_ref()?.as_ref().ok().cloned()));
    let pending = state.change.pending();
    let community = latest(use_community().view);
    let may_change = unchanging(move |_| {
        community.with(|community| matches!(community, Some(Ok(community)) if community.may.control_stripe_account))
    });
    view! {
        {(!config.accepted)
            .then(|| {
                view! {
                    <Notice tone=Tone::Warning title="Not at Stripe yet".to_owned()>
                        "Stripe has not accepted this configuration. It is kept here, and tried again once the account is ready."
                    </Notice>
                }
            })}
        <ActionForm action=state.change>
            <FormFailure failure fields=FIELDS />
            <Shown form=state.form fingerprint=config.shown failure saved />
            <input type="hidden" name="community" value=state.community />
            <Field
                name="headline"
                label="Headline"
                hint="At most 60 characters, on top of the page."
                value=settings.headline
                failure
            />
            <Field
                name="privacy_policy_url"
                label="Privacy policy"
                hint="An address that starts with https://"
                value=settings.privacy_policy_url
                failure
                kind="url"
                placeholder="https://"
            />
            <Field
                name="terms_of_service_url"
                label="Terms of service"
                hint="An address that starts with https://"
                value=settings.terms_of_service_url
                failure
                kind="url"
                placeholder="https://"
            />
            <ChoiceGroup name="features" legend="Customers can" failure>
                <Checkbox name="payment_method_update" label="change their payment method" checked=settings.payment_method_update />
                <Checkbox name="invoice_history" label="see their invoices" checked=settings.invoice_history />
                <Checkbox name="customer_update" label="change their name and address" checked=settings.customer_update />
                <Checkbox name="subscription_cancel" label="cancel their subscription" checked=settings.subscription_cancel />
            </ChoiceGroup>
            {move || {
                if may_change.get() {
                    view! {
                        <div class="actions">
                            <Button submit=true variant=ButtonVariant::Primary pending>
                                "Save portal settings"
                            </Button>
                        </div>
                    }
                        .into_any()
                } else {
                    view! {
                        <p class="quiet">
                            "You can look at this. Changing it needs the privilege “control stripe account”."
                        </p>
                    }
                        .into_any()
                }
            }}
        </ActionForm>
    }
}
