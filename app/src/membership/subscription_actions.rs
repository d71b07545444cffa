//! What can be done about a subscription: a button for each thing that would not be refused.

use leptos::{ev::MouseEvent, prelude::*, server_fn::ServerFn};
use model::membership::{Actions, SubscriptionView};

use super::{change::Change, change_form::ChangeForm, state::MembershipState};
use crate::{
    subscription_catalog::{
        calls::{PayOpenInvoiceInTab, SubscribeInTab, pay_open_invoice},
        purchase::About,
    },
    ui::{Button, ButtonVariant},
};

/// Forms, so that they work without JavaScript. Nothing when nothing can be done.
#[component]
pub fn SubscriptionActions(subscription: SubscriptionView) -> impl IntoView {
    let MembershipState { community, changes, .. } = MembershipState::of_context();
    let slug = community.slug;
    let plan = subscription.plan.to_string();
    let catalog = move || ["/c/", &slug.get(), "#plan-", &plan].concat();
    let form = |shown: bool, change: Change| {
        let subscription = subscription.clone();
        shown.then(|| view! { <ChangeForm changes subscription change /> })
    };
    let may = subscription.may;
    let change = match subscription.status {
        _ if subscription.on_former_account => Some("See memberships"),
        _ if !may.change => None,
        status if status.is_over() => Some("Subscribe again"),
        _ => Some("Change tier"),
    };
    let change = change.map(|text| {
        view! {
            <a class="button" href=catalog>
                {text}
            </a>
        }
    });
    (may != Actions::default() || change.is_some()).then(|| {
        view! {
            <div class="actions">
                {may.pay.then(|| view! { <PayButton subscription=subscription.clone() /> })}
                {may.resume.then(|| view! { <ResumeForm subscription=subscription.clone() /> })}
                {form(may.renew, Change::Renew)} {form(may.drop_change, Change::DropPending)} {change}
                {form(may.cancel, Change::Cancel)}
            </div>
        }
    })
}

/// Goes on after a pause: what that costs is shown first, or an open payment is gone to.
#[component]
fn ResumeForm(subscription: SubscriptionView) -> impl IntoView {
    let state = MembershipState::of_context();
    // Without a tier it is flagged, and there is nothing to ask for.
    subscription.tier.zip(subscription.price).map(|(tier, (_, interval))| {
        let about = About {
            plan: subscription.plan,
            tier: Some(tier),
            label: subscription.tier_label.clone(),
        };
        let ask = move |event: MouseEvent| {
            event.prevent_default();
            state.switch.preview(about.clone(), interval);
        };
        let pending = Signal::derive(move || state.switch.is_previewing(tier, interval));
        view! {
            <form method="post" action=SubscribeInTab::url()>
                <input type="hidden" name="community" value=state.community.slug />
                <input type="hidden" name="tier" value=tier.to_string() />
                <input type="hidden" name="interval" value=interval.as_str() />
                <Button variant=ButtonVariant::Primary submit=true pending on_click=Callback::new(ask)>
                    {["Resume ", &subscription.tier_label].concat()}
                </Button>
            </form>
        }
    })
}

/// Opens the page to pay the open invoice on, in a popup; without JavaScript in the same tab.
#[component]
fn PayButton(subscription: SubscriptionView) -> impl IntoView {
    let state = MembershipState::of_context();
    let plan = subscription.plan;
    // An upgrade that waits for its payment is what is paid for.
    let label = subscription
        .unpaid_change
        .map_or(subscription.tier_label, |upgrade| upgrade.tier_label);
    let about = About {
        plan,
        tier: None,
        label,
    };
    let pay = move |event: MouseEvent| {
        event.prevent_default();
        let community = state.community.slug.get_untracked();
        state.payment.open(about.clone(), async move {
            Ok(pay_open_invoice(community, plan).await?.url)
        });
    };
    let pending = Signal::derive(move || state.payment.is_busy_with(|about| about.plan == plan));
    view! {
        <form method="post" action=PayOpenInvoiceInTab::url()>
            <input type="hidden" name="community" value=state.community.slug />
            <input type="hidden" name="plan" value=plan.to_string() />
            <Button variant=ButtonVariant::Primary submit=true pending on_click=Callback::new(pay)>
                "Pay now"
            </Button>
        </form>
    }
}
