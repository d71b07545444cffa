//! The question before the account is disconnected.

use leptos::{form::ActionForm, prelude::*};
use model::connect::ConnectView;

use super::state::use_connect;
use crate::{
    editing::{FormButtons, Question},
    ui::{FormFailure, failure_of},
};

/// The form's name in the address.
pub const DISCONNECT: &str = "disconnect";

/// Says what disconnecting means, while it is asked for.
#[component]
pub fn DisconnectQuestion(view: StoredValue<ConnectView>) -> impl IntoView {
    let state = use_connect();
    let open = state.form.is_open(DISCONNECT, "");
    move || {
        let asked = open.get() && view.with_value(|view| view.status.is_linked());
        let at_stripe = if view.with_value(|view| view.revokes_at_stripe) {
            "This store's access to the account is revoked at Stripe."
        } else {
            "The connection ends here only. To take this store's access away at Stripe as well, remove it from the \
             connected platforms in your Stripe dashboard."
        };
        asked.then(|| {
            view! {
                <Question form=state.form title="Disconnect the Stripe account?">
                    <p>
                        "The store closes. Members keep what they paid for until it ends; after that nothing renews here."
                    </p>
                    <p>{at_stripe}</p>
                    <p>
                        "Subscriptions that run in your Stripe account stay there: cancel them in your dashboard if they must not be charged again."
                    </p>
                    <ActionForm action=state.disconnect>
                        <FormFailure failure=failure_of(state.disconnect) />
                        <input type="hidden" name="community" value=state.community />
                        <FormButtons
                            form=state.form
                            submit="Disconnect the account"
                            cancel="Keep it connected"
                            danger=true
                            pending=state.disconnect.pending()
                        />
                    </ActionForm>
                </Question>
            }
        })
    }
}
