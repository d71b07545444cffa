//! One subscription: what it is, what comes next, and only what can be done about it.

use leptos::{ev::MouseEvent, prelude::*, server_fn::ServerFn};
use model::membership::SubscriptionView;

use super::{change::Change, state::MembershipState, wording};
use crate::{
    subscription_catalog::{
        calls::{CancelSubscription, DropPendingChange, RenewSubscription, pay_open_invoice},
        purchase::About,
        purchase_progress::PurchaseProgress,
    },
    ui::{Badge, Button, ButtonVariant, Price},
};

#[component]
pub fn SubscriptionCard(subscription: SubscriptionView) -> impl IntoView {
    let state = MembershipState::of_context();
    let plan = subscription.plan;
    let (word, tone) = wording::badge(&subscription);
    let price = subscription.price.map(|(amount, per)| view! { <Price amount per /> });
    let title_id = ["subscription-", &subscription.id.to_string()].concat();
    view! {
        <section class="card" aria-labelledby=title_id.clone()>
            <header class="card-head">
                <div>
                    <p class="small quiet">{subscription.plan_label.clone()}</p>
                    <h2 id=title_id.clone()>{subscription.tier_label.clone()}</h2>
                </div>
                <div class="row">{price} <Badge tone=tone>{word}</Badge></div>
            </header>
            <p>{wording::standing(&subscription)}</p>
            <PurchaseProgress purchase=state.payment about=move |about| about.plan == plan />
            <Actions subscription />
        </section>
    }
}

/// Forms, so that they work without JavaScript; with it, a dialog asks first.
#[component]
fn Actions(subscription: SubscriptionView) -> impl IntoView {
    let slug = MembershipState::of_context().community.slug;
    let plan = subscription.plan.to_string();
    let catalog = move || ["/c/", &slug.get(), "#plan-", &plan].concat();
    let form = |shown: bool, change: Change| {
        let subscription = subscription.clone();
        shown.then(|| view! { <ChangeForm subscription change /> })
    };
    view! {
        <div class="actions">
            {subscription.may.pay.then(|| view! { <PayButton subscription=subscription.clone() /> })}
            {form(subscription.may.renew, Change::Renew)} {form(subscription.may.drop_change, Change::DropPending)}
            <a class="button" href=catalog>
                "Change tier"
            </a> {form(subscription.may.cancel, Change::Cancel)}
        </div>
    }
}

#[component]
fn ChangeForm(subscription: SubscriptionView, change: Change) -> impl IntoView {
    let state = MembershipState::of_context();
    let verb = wording::verb(change, &subscription);
    let (url, variant) = match change {
        Change::Cancel => (CancelSubscription::url(), ButtonVariant::Quiet),
        Change::Renew => (RenewSubscription::url(), ButtonVariant::Primary),
        Change::DropPending => (DropPendingChange::url(), ButtonVariant::Secondary),
    };
    let plan = subscription.plan.to_string();
    let ask = move |event: MouseEvent| {
        event.prevent_default();
        state.changes.ask(change, subscription.clone());
    };
    view! {
        <form method="post" action=url>
            <input type="hidden" name="community" value=state.community.slug />
            <input type="hidden" name="plan" value=plan />
            <Button variant submit=true on:click=ask>
                {verb}
            </Button>
        </form>
    }
}

/// Opens the page to pay the open invoice on, in a popup.
#[component]
fn PayButton(subscription: SubscriptionView) -> impl IntoView {
    let state = MembershipState::of_context();
    let plan = subscription.plan;
    let about = About {
        plan,
        tier: None,
        label: subscription.tier_label,
    };
    let pay = move |_| {
        let community = state.community.slug.get_untracked();
        state.payment.open(about.clone(), async move {
            Ok(pay_open_invoice(community, plan).await?.url)
        });
    };
    let pending = Signal::derive(move || state.payment.is_busy_with(|about| about.plan == plan));
    view! {
        <Button variant=ButtonVariant::Primary pending on:click=pay>
            "Pay now"
        </Button>
    }
}
