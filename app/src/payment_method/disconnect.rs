//! The question before the payment method is disconnected. It is part of the address, so that it is asked without
//! JavaScript as well.

use leptos::{form::ActionForm, prelude::*};
use model::membership::SubscriptionView;

use super::{state::PaymentMethod, wording};
use crate::{
    editing::{FormButtons, Question},
    ui::{FormFailure, failure_of},
};

/// The form's name in the address.
pub const DISCONNECT: &str = "disconnect-card";

/// Says what it means for each of `subscriptions`, while it is asked for.
#[component]
pub fn DisconnectCard(method: PaymentMethod, subscriptions: Vec<SubscriptionView>) -> impl IntoView {
    let asked = method.form.is_open(DISCONNECT, "");
    let sentences = wording::without(&subscriptions);
    move || {
        asked.get().then(|| {
            let sentences = sentences
                .clone()
                .into_iter()
                .map(|text| view! { <p>{text}</p> })
                .collect_view();
            view! {
                <Question form=method.form title="Disconnect your payment method?">
                    {sentences}
                    <p>"Stripe forgets every payment method you saved here."</p>
                    <ActionForm action=method.disconnect>
                        <FormFailure failure=failure_of(method.disconnect) />
                        <input type="hidden" name="community" value=method.community.slug />
                        <FormButtons
                            form=method.form
                            submit="Disconnect it"
                            cancel="Keep it"
                            danger=true
                            pending=method.disconnect.pending()
                        />
                    </ActionForm>
                </Question>
            }
        })
    }
}
