//! What pays for the memberships here, and changing it.

use leptos::{ev::MouseEvent, prelude::*, server_fn::ServerFn};
use model::{card::Card as SavedCard, membership::SubscriptionView};

use super::{
    calls::UpdatePaymentMethodInTab,
    disconnect::{DISCONNECT, DisconnectCard},
    progress::CardProgress,
    state::PaymentMethod,
    wording,
};
use crate::{
    editing::OpenLink,
    ui::{Badge, Button, ButtonVariant, Card, FormFailure, Icon, IconName, Tone, failure_of},
};

/// The saved cards, and which of them pays; adding or replacing one in a popup; disconnecting them.
#[component]
pub fn PaymentMethodCard(
    method: PaymentMethod,
    cards: Vec<SavedCard>,
    /// What disconnecting would mean something for.
    subscriptions: Vec<SubscriptionView>,
    /// The account takes new ones.
    may_update: bool,
) -> impl IntoView {
    let has_one = !cards.is_empty();
    let verb = if has_one {
        "Update payment method"
    } else {
        "Add a payment method"
    };
    let stays_due = wording::stays_due(&subscriptions)
        .into_iter()
        .filter(|_| may_update)
        .map(|text| view! { <p>{text}</p> })
        .collect_view();
    let owed = wording::owed(&subscriptions);
    let pays = wording::pays_at_once(&owed)
        .filter(|_| may_update)
        .map(|text| view! { <p>{text}</p> });
    let unpaid = (!has_one)
        .then(|| wording::cannot_be_paid(&subscriptions))
        .into_iter()
        .flatten()
        .map(|text| view! { <p>{text}</p> })
        .collect_view();
    let press = move |event: MouseEvent| {
        event.prevent_default();
        method.update(owed.clone());
    };
    view! {
        <Card title="Payment method".to_owned()>
            <SavedCards cards subscriptions=subscriptions.clone() />
            {unpaid}
            {pays}
            {stays_due}
            <CardProgress method />
            <FormFailure failure=failure_of(method.in_tab) />
            <div class="actions">
                {may_update
                    .then(|| {
                        view! {
                            <form method="post" action=UpdatePaymentMethodInTab::url()>
                                <input type="hidden" name="community" value=method.community.slug />
                                <Button submit=true pending=method.is_busy() on_click=Callback::new(press)>
                                    {verb}
                                </Button>
                            </form>
                        }
                    })}
                {has_one
                    .then(|| {
                        view! {
                            <OpenLink
                                form=method.form
                                name=DISCONNECT
                                variant=ButtonVariant::Quiet
                                label="Disconnect the payment method".to_owned()
                            >
                                "Disconnect"
                            </OpenLink>
                        }
                    })}
            </div>
            {has_one.then(|| view! { <DisconnectCard method subscriptions /> })}
        </Card>
    }
}

#[component]
fn SavedCards(cards: Vec<SavedCard>, subscriptions: Vec<SubscriptionView>) -> impl IntoView {
    if cards.is_empty() {
        return view! {
            <p class="quiet">"No payment method is saved. What you add here pays for your memberships in this community."</p>
        }
        .into_any();
    }
    let lines = cards
        .iter()
        .map(|card| {
            let pays = wording::pays(card, &cards, &subscriptions);
            let pays = pays.map(|text| view! { <Badge tone=Tone::Success>{text}</Badge> });
            view! {
                <li class="row">
                    <Icon name=IconName::Card />
                    <strong>{card.to_string()}</strong>
                    <span class="quiet">{wording::expires(card)}</span>
                    {pays}
                </li>
            }
        })
        .collect_view();
    let unpaid = wording::paid_by_none(&cards, &subscriptions).map(|text| view! { <p>{text}</p> });
    view! {
        <ul class="list">{lines}</ul>
        {unpaid}
    }
    .into_any()
}
