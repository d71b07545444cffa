//! One tier: its prices, what its role carries, who has it, and what can be done with it.

use leptos::{form::ActionForm, prelude::*};
use model::planning::{PlanningView, TierView};

use super::{
    moving::MoveOne,
    state::{forms, use_planning},
    tier_edit::TierEdit,
    tier_privileges::TierPrivileges,
    tier_question::DeactivateTierQuestion,
};
use crate::{
    editing::OpenLink,
    ui::{Badge, Button, ButtonVariant, Notice, Price, Tone},
};

#[component]
pub fn TierCard(
    planning: StoredValue<PlanningView>,
    tier: TierView,
    /// Its plan is: nothing of it is sold, whatever the tier's own switch says.
    archived: bool,
) -> impl IntoView {
    let state = use_planning();
    let currency = planning.with_value(|planning| planning.currency);
    let id = tier.id;
    let tier = StoredValue::new(tier);
    let editing = state.form.is_open(forms::EDIT_TIER, id);
    let choosing = state.form.is_open(forms::TIER_PRIVILEGES, id);
    let deactivating = state.form.is_open(forms::DEACTIVATE_TIER, id);
    let wide = move || editing.get() || choosing.get();
    view! {
        <li class="tier" class:tier-wide=wide>
            {move || {
                if editing.get() {
                    view! { <TierEdit tier currency /> }.into_any()
                } else if choosing.get() {
                    view! { <TierPrivileges planning tier /> }.into_any()
                } else {
                    view! { <TierFacts planning tier archived /> }.into_any()
                }
            }}
            {move || (!archived && deactivating.get()).then(|| view! { <DeactivateTierQuestion tier /> })}
        </li>
    }
}

#[component]
fn TierFacts(planning: StoredValue<PlanningView>, tier: StoredValue<TierView>, archived: bool) -> impl IntoView {
    let facts = tier.get_value();
    let privileges: Vec<String> = planning.with_value(|planning| {
        let carried = |id| planning.privileges.iter().find(move |privilege| privilege.id == id);
        let labels = facts.privileges.iter().filter_map(|id| carried(*id));
        labels.map(|privilege| privilege.label.clone()).collect()
    });
    let subscribers = match facts.subscribers {
        0 => "no subscribers".to_owned(),
        1 => "1 subscriber".to_owned(),
        many => format!("{many} subscribers"),
    };
    let not_paying = match facts.not_paying {
        0 => String::new(),
        some => format!(", {some} of them unpaid or paused"),
    };
    let prices = facts
        .prices
        .iter()
        .map(|price| view! { <Price amount=price.amount per=price.interval /> })
        .collect_view();
    let carries = if privileges.is_empty() {
        view! { <p class="small quiet">"Its role carries no privilege yet."</p> }.into_any()
    } else {
        let items = privileges
            .into_iter()
            .map(|label| view! { <li dir="auto">{label}</li> })
            .collect_view();
        view! { <ul class="privilege-list small">{items}</ul> }.into_any()
    };
    view! {
        <div class="row row-between">
            <h3 dir="auto">{facts.label.clone()}</h3>
            {(!facts.active && !archived).then(|| view! { <Badge>"not sold"</Badge> })}
        </div>
        <p class="row">{prices}</p>
        {(!facts.description.is_empty()).then(|| view! { <p class="quiet" dir="auto">{facts.description.clone()}</p> })}
        {carries}
        <p class="small quiet">{subscribers}{not_paying}</p>
        {(!archived).then(|| view! { <TierTrouble planning tier /> })}
        <TierActions tier archived />
    }
}

/// What keeps the tier from being sold, beside its own switch.
#[component]
fn TierTrouble(planning: StoredValue<PlanningView>, tier: StoredValue<TierView>) -> impl IntoView {
    let (broken, is_here) = tier.with_value(|tier| (tier.broken, tier.on_current_account));
    if broken {
        return view! {
            <Notice tone=Tone::Danger>
                "Its product was deleted at Stripe, so nobody can subscribe to it. Add a new tier in its place."
            </Notice>
        }
        .into_any();
    }
    if tier.with_value(|tier| tier.waits_for_stripe && planning.with_value(|planning| planning.status.is_linked())) {
        return view! {
            <Notice tone=Tone::Warning>
                "Stripe has not answered yet, so nobody can subscribe at the new price. This happens by itself as soon as it does."
            </Notice>
        }
        .into_any();
    }
    if is_here {
        return ().into_any();
    }
    if planning.with_value(|planning| planning.status.is_linked()) {
        return view! { <MoveOne tier /> }.into_any();
    }
    view! {
        <p class="small quiet">
            "It is on a Stripe account that is not connected any more. Connect an account to sell it again."
        </p>
    }
    .into_any()
}

#[component]
fn TierActions(tier: StoredValue<TierView>, archived: bool) -> impl IntoView {
    let state = use_planning();
    let (id, label, active) = tier.with_value(|tier| (tier.id, tier.label.clone(), tier.active));
    let (edit, privileges) = (format!("Edit {label}"), format!("Privileges of {label}"));
    let selling = if archived {
        ().into_any()
    } else if active {
        view! {
            <OpenLink
                form=state.form
                name=forms::DEACTIVATE_TIER
                id=id.to_string()
                variant=ButtonVariant::Quiet
                label=format!("Stop selling {label}")
            >
                "Stop selling"
            </OpenLink>
        }
        .into_any()
    } else {
        view! {
            <ActionForm action=state.reactivate_tier>
                <input type="hidden" name="community" value=state.community />
                <input type="hidden" name="tier_id" value=id.to_string() />
                <Button
                    submit=true
                    variant=ButtonVariant::Quiet
                    pending=state.reactivate_tier.pending()
                    attr:aria-label=format!("Sell {label} again")
                >
                    "Sell again"
                </Button>
            </ActionForm>
        }
        .into_any()
    };
    view! {
        <div class="actions">
            <OpenLink form=state.form name=forms::EDIT_TIER id=id.to_string() label=edit>
                "Edit"
            </OpenLink>
            <OpenLink form=state.form name=forms::TIER_PRIVILEGES id=id.to_string() label=privileges>
                "Privileges"
            </OpenLink>
            {selling}
        </div>
    }
}
