//! What can be done about a tier at an interval, by the person looking. Every button has the tier in its name.

use leptos::{ev::MouseEvent, prelude::*, server_fn::ServerFn};
use model::{
    catalog::{CatalogPlan, CatalogPrice, CatalogTier, TierAction},
    date,
};

use super::{
    calls::SubscribeInTab, customer_state::use_customer, purchase::About, purchase_progress::PurchaseProgress,
    switch::SwitchOutcome, visitor::NotAvailable,
};
use crate::{
    community::current::use_community,
    membership::Change,
    ui::{Button, ButtonLink, ButtonVariant},
};

/// The button, and what is going on with a purchase of this tier.
#[component]
pub fn CustomerButton(plan: CatalogPlan, tier: CatalogTier, price: CatalogPrice) -> impl IntoView {
    let purchase = use_customer().purchase;
    let id = tier.id;
    view! {
        <ActionButton plan tier price />
        <PurchaseProgress purchase about=move |about| about.tier == Some(id) />
    }
}

#[component]
fn ActionButton(plan: CatalogPlan, tier: CatalogTier, price: CatalogPrice) -> impl IntoView {
    let state = use_customer();
    let slug = use_community().slug.get_untracked();
    match price.action {
        TierAction::Subscribe => view! { <BuyButton plan tier price verb="Subscribe" primary=true /> }.into_any(),
        TierAction::FinishPayment => {
            view! { <BuyButton plan tier price verb="Finish payment" primary=true /> }.into_any()
        }
        TierAction::Upgrade => view! { <BuyButton plan tier price verb="Upgrade" primary=true /> }.into_any(),
        TierAction::Downgrade => view! { <BuyButton plan tier price verb="Downgrade" /> }.into_any(),
        TierAction::Switch => view! { <BuyButton plan tier price verb="Switch" /> }.into_any(),
        TierAction::Yours => {
            let membership = ["/c/", &slug, "/membership"].concat();
            view! { <ButtonLink href=membership>"Manage" {hidden_of(&tier.label)}</ButtonLink> }.into_any()
        }
        TierAction::Renew => {
            let ends = plan
                .yours
                .as_ref()
                .and_then(|yours| yours.ends_at)
                .map(|at| view! { <p class="small">"Ends on " {date::day(at)} "."</p> });
            let renew = move |_| {
                if let Some(yours) = plan.yours.clone() {
                    state.changes.ask(Change::Renew, yours);
                }
            };
            view! {
                {ends}
                <Button variant=ButtonVariant::Primary on:click=renew>
                    "Renew" {hidden_plain(&tier.label)}
                </Button>
            }
            .into_any()
        }
        TierAction::Coming => {
            let at = plan
                .yours
                .as_ref()
                .and_then(|yours| yours.pending.as_ref())
                .map(|pending| view! { <p class="small">"Changes to this on " {date::day(pending.at)} "."</p> });
            let keep = plan.yours.as_ref().map(|yours| ["Keep ", &yours.tier_label].concat());
            let undo = move |_| {
                if let Some(yours) = plan.yours.clone() {
                    state.changes.ask(Change::DropPending, yours);
                }
            };
            view! {
                {at}
                <Button on:click=undo>{keep.unwrap_or_else(|| "Take the change back".into())}</Button>
            }
            .into_any()
        }
        // The session ended while the page was open: it is drawn anew as soon as it learns of it.
        TierAction::Unavailable | TierAction::SignIn => view! { <NotAvailable /> }.into_any(),
    }
}

/// A form that goes to Stripe's page (or back here, to be confirmed) without JavaScript; with it, a popup or a dialog.
#[component]
fn BuyButton(
    plan: CatalogPlan,
    tier: CatalogTier,
    price: CatalogPrice,
    verb: &'static str,
    #[prop(optional)] primary: bool,
) -> impl IntoView {
    let state = use_customer();
    let slug = use_community().slug;
    let (tier_id, interval) = (tier.id, price.interval);
    let about = About {
        plan: plan.id,
        tier: Some(tier_id),
        label: tier.label.clone(),
    };
    let previews = matches!(
        price.action,
        TierAction::Upgrade | TierAction::Downgrade | TierAction::Switch
    );
    // What is owed is paid in a popup first, and that must open in the click.
    let owes = plan.yours.as_ref().is_some_and(|yours| yours.may.pay);
    let purchase = state.purchase;
    let press = {
        let about = about.clone();
        move |event: MouseEvent| {
            event.prevent_default();
            if previews && !owes {
                state.switch.preview(about.clone(), interval);
            } else {
                state.switch.open_popup(about.clone(), interval);
            }
        }
    };
    let pending = Signal::derive(move || {
        purchase.is_busy_with(|about| about.tier == Some(tier_id)) || state.switch.is_previewing(tier_id, interval)
    });
    let variant = if primary {
        ButtonVariant::Primary
    } else {
        ButtonVariant::Secondary
    };
    view! {
        <form method="post" action=SubscribeInTab::url()>
            <input type="hidden" name="community" value=slug />
            <input type="hidden" name="tier" value=tier_id.to_string() />
            <input type="hidden" name="interval" value=interval.as_str() />
            <Button variant submit=true pending on:click=press>
                {verb} {hidden(&tier.label)}
            </Button>
            {previews
                .then(|| {
                    view! {
                        <noscript>
                            <p class="small quiet">
                                "Changing the tier of a running membership shows a preview first, which needs JavaScript."
                            </p>
                        </noscript>
                    }
                })}
        </form>
        <SwitchOutcome tier=tier_id interval />
    }
}

/// The end of a button's name for those who do not see which card it is in.
fn hidden(label: &str) -> impl IntoView + use<> {
    view! { <span class="visually-hidden">{[" to ", label].concat()}</span> }
}

fn hidden_of(label: &str) -> impl IntoView + use<> {
    view! { <span class="visually-hidden">{[" your ", label, " membership"].concat()}</span> }
}

fn hidden_plain(label: &str) -> impl IntoView + use<> {
    view! { <span class="visually-hidden">{[" ", label].concat()}</span> }
}
