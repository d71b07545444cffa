//! The way to Stripe's customer portal: payment methods, invoices and receipts.

use leptos::{ev::MouseEvent, prelude::*, server_fn::ServerFn};
use model::{Problem, portal::PortalState};

use super::{calls::OpenPortalInTab, portal_state::CustomerPortal};
use crate::{
    error::Failure,
    loaded_live::latest,
    popup::{PopupProgress, PopupState},
    ui::{Button, Card, Failed, FormFailure, Icon, IconName, Loading, Notice, Tone, failure_of},
};

/// Opens the customer's pages at Stripe; usable on any page with a community in context.
#[component]
pub fn StoreCustomerPortal() -> impl IntoView {
    let portal = CustomerPortal::new();
    let content = move || {
        let latest = latest(portal.state);
        move || {
            latest.get().map(|result| match result {
                Ok(state) => view! { <Way portal state /> }.into_any(),
                // The page around it says so, and leads there.
                Err(Failure::Problem(Problem::SignInNeeded)) => ().into_any(),
                Err(failure) => {
                    let on_retry = Callback::new(move |()| portal.state.refetch());
                    view! { <Failed failure on_retry /> }.into_any()
                }
            })
        }
    };
    view! { <Transition fallback=|| view! { <Loading label="Loading billing" lines=2 /> }>{content()}</Transition> }
}

#[component]
fn Way(portal: CustomerPortal, state: PortalState) -> impl IntoView {
    let explanation = match state {
        PortalState::NoAccount => return ().into_any(),
        PortalState::Ready => {
            "Invoices, receipts and your address are kept at Stripe. What you change there shows up here by itself."
        }
        PortalState::NoCustomer => {
            "Once you have bought a membership here, your payment methods, invoices and receipts are found at Stripe."
        }
        PortalState::Unavailable => {
            "Your billing pages at Stripe cannot be opened at the moment: this community's Stripe account does not allow it."
        }
    };
    let way = (state == PortalState::Ready).then(|| view! { <OpenPortal portal /> });
    view! { <Card title="Billing"><p>{explanation}</p> {way}</Card> }.into_any()
}

/// A form that goes there in the same tab without JavaScript; with it, a popup.
#[component]
fn OpenPortal(portal: CustomerPortal) -> impl IntoView {
    let popup = portal.popup;
    let press = move |event: MouseEvent| {
        event.prevent_default();
        portal.open();
    };
    let returned = move || {
        let state = popup.state();
        state.with(|state| matches!(state, PopupState::Returned(_))).then(|| {
            view! { <Notice tone=Tone::Success>"Welcome back. What you changed at Stripe appears here within moments."</Notice> }
        })
    };
    view! {
        <FormFailure failure=failure_of(portal.in_tab) />
        <PopupProgress popup />
        {returned}
        <form method="post" action=OpenPortalInTab::url()>
            <input type="hidden" name="community" value=portal.community.slug />
            <div class="actions">
                <Button submit=true pending=popup.is_busy() on_click=Callback::new(press)>
                    <Icon name=IconName::Card />
                    "Open billing at Stripe"
                </Button>
            </div>
        </form>
    }
}
