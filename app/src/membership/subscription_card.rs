//! One subscription: what it is, what comes next, and only what can be done about it.

use leptos::prelude::*;
use model::{card::Card, membership::SubscriptionView};

use super::{
    change_question::ChangeQuestion, state::MembershipState, subscription_actions::SubscriptionActions, wording,
};
use crate::{
    subscription_catalog::{purchase_progress::PurchaseProgress, switch::SwitchOutcome},
    ui::{Badge, Notice, Price},
};

#[component]
pub fn SubscriptionCard(
    subscription: SubscriptionView,
    /// What is saved to pay with.
    cards: Vec<Card>,
) -> impl IntoView {
    let state = MembershipState::of_context();
    let plan = subscription.plan;
    let holds = subscription.role_until.is_some();
    let (word, tone) = wording::badge(&subscription);
    let price = subscription.price.map(|(amount, per)| view! { <Price amount per /> });
    let title = if subscription.tier_label.is_empty() {
        "Unknown tier".to_owned()
    } else {
        subscription.tier_label.clone()
    };
    let due = wording::due(&subscription, &cards);
    let standing = due
        .as_ref()
        .is_none_or(|due| !due.says_it_all)
        .then(|| view! { <p>{wording::standing(&subscription)}</p> });
    let banner = due.map(|due| {
        let sentences = due
            .sentences
            .into_iter()
            .map(|text| view! { <p>{text}</p> })
            .collect_view();
        view! {
            <Notice tone=due.tone title=due.title>
                {sentences}
            </Notice>
        }
    });
    let resumed = subscription
        .tier
        .zip(subscription.price)
        .map(|(tier, (_, interval))| view! { <SwitchOutcome switch=state.switch tier interval /> });
    let title_id = ["subscription-", &subscription.id.to_string()].concat();
    view! {
        <section class="card" aria-labelledby=title_id.clone()>
            <header class="card-head">
                <div>
                    <p class="small quiet" dir="auto">{subscription.plan_label.clone()}</p>
                    <h2 id=title_id.clone() dir="auto">{title}</h2>
                </div>
                <div class="row">{price} <Badge tone=tone>{word}</Badge></div>
            </header>
            {banner}
            {standing}
            <PurchaseProgress purchase=state.payment about=move |about| about.plan == plan holds />
            {resumed}
            <SubscriptionActions subscription=subscription.clone() />
            <ChangeQuestion subscription />
        </section>
    }
}
