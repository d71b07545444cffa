//! One tier: its price, what it opens, and the button.

use leptos::{html, prelude::*};
use model::{
    catalog::{CatalogPlan, CatalogTier, TierAction},
    interval::Interval,
    membership::SubscriptionView,
};

use super::{
    plans::{Offer, OfferButton},
    state::{price_at, use_catalog},
};
use crate::ui::{Badge, Icon, IconName, Price, Tone};

#[component]
pub fn TierCard(
    plan: CatalogPlan,
    tier: CatalogTier,
    interval: Signal<Interval>,
    button: OfferButton,
) -> impl IntoView {
    let state = use_catalog();
    let id = tier.id;
    // What is not over, and paid for or about to be; what is on a former account has to be bought anew.
    let held = plan
        .yours
        .clone()
        .filter(|yours| yours.tier == Some(id) && !yours.status.is_over() && !yours.on_former_account);
    let yours = held.is_some();
    let asked = move || state.asked_tier.get() == Some(id);
    let node = NodeRef::<html::Li>::new();
    Effect::new(move || {
        if let (Some(card), true) = (node.get(), asked()) {
            card.scroll_into_view();
        }
    });
    let privileges = (!tier.privileges.is_empty()).then(|| {
        let line = |privilege: String| {
            view! {
                <li>
                    <Icon name=IconName::Check />
                    <span dir="auto">{privilege}</span>
                </li>
            }
        };
        view! {
            <div class="stack-tight">
                <p class="small quiet">"What you get"</p>
                <ul class="privileges">{tier.privileges.iter().cloned().map(line).collect_view()}</ul>
            </div>
        }
    });
    let description = (!tier.description.is_empty())
        .then(|| view! { <p class="quiet catalog-tier-description" dir="auto">{tier.description.clone()}</p> });
    let label = tier.label.clone();
    let seller = state.community.name();
    let offer = move || {
        let price = price_at(&tier, interval.get())?;
        let badge = match price.action {
            TierAction::Coming => Some(view! { <Badge tone=Tone::Info>"Coming"</Badge> }.into_any()),
            _ if is_paid_by(held.as_ref(), price.interval) => {
                let (tone, word) = if held.as_ref().is_some_and(|yours| yours.role_until.is_some()) {
                    (Tone::Success, "Your tier")
                } else {
                    (Tone::Warning, "Not active")
                };
                Some(view! { <Badge tone>{word}</Badge> }.into_any())
            }
            _ => None,
        };
        // Who subscribed before a price changed keeps theirs.
        let kept = held
            .as_ref()
            .and_then(|yours| yours.price)
            .filter(|(amount, per)| *per == price.interval && *amount != price.amount);
        let others = kept.map(|_| {
            view! { <p class="small quiet">{format!("Your price stays. New members pay {}.", price.amount)}</p> }
        });
        // Shown at the interval it has, among others at the one that is asked for.
        let other = interval.get() != price.interval && sold_by(&plan, interval.get());
        let only = other.then(|| {
            view! { <p class="small quiet">{["Only by the ", price.interval.as_str()].concat()}</p> }
        });
        let amount = kept.map_or(price.amount, |(amount, _)| amount);
        let begins_anew = matches!(price.action, TierAction::Subscribe | TierAction::SignIn);
        let terms = begins_anew.then(|| {
            let per = price.interval.as_str();
            let text = move || {
                let seller = seller.get();
                [
                    "Renews every ",
                    per,
                    " until you cancel. Sold by ",
                    &seller,
                    " through Stripe.",
                ]
                .concat()
            };
            view! { <p class="small quiet">{text}</p> }
        });
        let (plan, tier) = (plan.clone(), tier.clone());
        Some(view! {
            <p class="row price-large">
                <Price amount per=price.interval /> {badge}
            </p>
            {only}
            {others}
            {button(Offer { plan, tier, price })}
            {terms}
        })
    };
    view! {
        <li
            node_ref=node
            id=["tier-", &id.to_string()].concat()
            class="card catalog-tier"
            class:card-current=move || yours || asked()
        >
            <h4 class="catalog-tier-label" dir="auto">{label}</h4>
            <div class="stack catalog-tier-offer">{offer}</div>
            {description}
            {privileges}
        </li>
    }
}

/// Whether any of its tiers can be paid for at this interval.
fn sold_by(plan: &CatalogPlan, interval: Interval) -> bool {
    let mut prices = plan.tiers.iter().flat_map(|tier| &tier.prices);
    prices.any(|price| price.interval == interval)
}

/// Whether it is held, and paid for at this interval.
fn is_paid_by(held: Option<&SubscriptionView>, interval: Interval) -> bool {
    held.is_some_and(|held| held.price.is_none_or(|(_, per)| per == interval))
}
