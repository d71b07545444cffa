//! What can be done about a tier at an interval, by the person looking. Every button has the tier in its name.

use leptos::{ev::MouseEvent, prelude::*, server_fn::ServerFn};
use model::{
    catalog::{CatalogPlan, CatalogPrice, CatalogTier, TierAction},
    date,
};

use super::{
    calls::SubscribeInTab,
    customer_state::use_customer,
    customer_wording::{Begins, Press, press},
    purchase::About,
    purchase_progress::PurchaseProgress,
    switch::SwitchOutcome,
    visitor::NotAvailable,
};
use crate::{
    community::current::use_community,
    membership::{Change, ChangeForm},
    ui::{Button, ButtonLink, ButtonVariant},
};

/// The button, and what is going on with a purchase of this tier.
#[component]
pub fn CustomerButton(plan: CatalogPlan, tier: CatalogTier, price: CatalogPrice) -> impl IntoView {
    let purchase = use_customer().purchase;
    let id = tier.id;
    let yours = plan.yours.as_ref();
    let holds = yours.is_some_and(|yours| yours.tier == Some(id) && yours.role_until.is_some());
    view! {
        <ActionButton plan tier price />
        <PurchaseProgress purchase about=move |about| about.tier == Some(id) holds />
    }
}

#[component]
fn ActionButton(plan: CatalogPlan, tier: CatalogTier, price: CatalogPrice) -> impl IntoView {
    let state = use_customer();
    let slug = use_community().slug.get_untracked();
    if let Some(press) = press(price.action, plan.yours.as_ref(), tier.id, price.interval) {
        return view! { <WishButton plan tier price press /> }.into_any();
    }
    let is_yours = plan.yours.as_ref().is_some_and(|yours| yours.tier == Some(tier.id));
    match price.action {
        TierAction::Unavailable if !is_yours => view! { <NotAvailable /> }.into_any(),
        TierAction::Yours | TierAction::Unavailable => {
            let membership = ["/c/", &slug, "/membership"].concat();
            let owes = plan
                .yours
                .as_ref()
                .is_some_and(|yours| yours.may.pay && yours.unpaid_change.is_none());
            let (verb, variant) = if owes {
                ("Pay", ButtonVariant::Primary)
            } else {
                ("Manage", ButtonVariant::Secondary)
            };
            view! {
                <ButtonLink href=membership variant>
                    {verb} {hidden(" your ", &tier.label, " membership")}
                </ButtonLink>
            }
            .into_any()
        }
        TierAction::Renew => {
            let ends = plan
                .yours
                .as_ref()
                .and_then(|yours| yours.ends_at)
                .map(|at| view! { <p class="small">"Ends on " {date::day(at)} "."</p> });
            let changes = state.changes;
            let renew = plan
                .yours
                .clone()
                .map(|subscription| view! { <ChangeForm changes subscription change=Change::Renew /> });
            view! {
                {ends}
                {renew}
            }
            .into_any()
        }
        TierAction::Coming => {
            let at = plan
                .yours
                .as_ref()
                .and_then(|yours| yours.pending.as_ref())
                .map(|pending| view! { <p class="small">"Changes to this on " {date::day(pending.at)} "."</p> });
            let changes = state.changes;
            let undo = plan
                .yours
                .clone()
                .map(|subscription| view! { <ChangeForm changes subscription change=Change::DropPending /> });
            view! {
                {at}
                {undo}
            }
            .into_any()
        }
        // The session ended while the page was open: it is drawn anew as soon as it learns of it. The rest is wishes.
        _ => view! { <NotAvailable /> }.into_any(),
    }
}

/// A form that goes to Stripe's page without JavaScript, or to the same question on the membership page
/// (see `membership/switch_question.rs`); with it, a popup or a dialog.
#[component]
fn WishButton(plan: CatalogPlan, tier: CatalogTier, price: CatalogPrice, press: Press) -> impl IntoView {
    let state = use_customer();
    let slug = use_community().slug;
    let (tier_id, interval) = (tier.id, price.interval);
    let Press {
        verb,
        joined_by,
        begins,
        goes_on,
        note,
    } = press;
    let about = About {
        plan: plan.id,
        tier: Some(tier_id),
        label: tier.label.clone(),
    };
    let purchase = state.purchase;
    let click = move |event: MouseEvent| {
        event.prevent_default();
        match begins {
            Begins::Preview => state.switch.preview(about.clone(), interval),
            Begins::Popup => state.switch.open_popup(about.clone(), interval),
        }
        if goes_on {
            state.switch.then_go_on();
        }
    };
    let pending = Signal::derive(move || {
        purchase.is_busy_with(|about| about.tier == Some(tier_id)) || state.switch.is_previewing(tier_id, interval)
    });
    let variant = match price.action {
        TierAction::Downgrade | TierAction::Switch => ButtonVariant::Secondary,
        _ => ButtonVariant::Primary,
    };
    view! {
        {note.map(|note| view! { <p class="small">{note}</p> })}
        <form method="post" action=SubscribeInTab::url()>
            <input type="hidden" name="community" value=slug />
            <input type="hidden" name="tier" value=tier_id.to_string() />
            <input type="hidden" name="interval" value=interval.as_str() />
            <Button variant submit=true pending on_click=Callback::new(click)>
                {verb} {hidden(joined_by, &tier.label, "")}
            </Button>
        </form>
        <SwitchOutcome switch=state.switch tier=tier_id interval />
    }
}

/// The end of a button's name for those who do not see which card it is in.
fn hidden(before: &str, label: &str, after: &str) -> impl IntoView + use<> {
    view! { <span class="visually-hidden">{[before, label, after].concat()}</span> }
}
