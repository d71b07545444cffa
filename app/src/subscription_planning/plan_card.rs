//! One plan: its tiers, and what can be done with it.

use leptos::{form::ActionForm, prelude::*};
use model::planning::{MOST_TIERS, PlanView, PlanningView};

use super::{
    new_tier::NewTier,
    plan_question::ArchivePlanQuestion,
    plan_rename::PlanRename,
    state::{forms, use_planning},
    tier_card::TierCard,
};
use crate::{
    editing::OpenLink,
    ui::{Badge, Button, ButtonVariant},
};

#[component]
pub fn PlanCard(planning: StoredValue<PlanningView>, plan: PlanView) -> impl IntoView {
    let state = use_planning();
    let currency = planning.with_value(|planning| planning.currency);
    let (id, label, archived) = (plan.id, plan.label.clone(), plan.archived);
    let is_full = plan.tiers.len() >= MOST_TIERS;
    let tiers = plan
        .tiers
        .iter()
        .cloned()
        .map(|tier| view! { <TierCard planning tier archived /> })
        .collect_view();
    let plan = StoredValue::new(plan);
    let renaming = state.form.is_open(forms::RENAME_PLAN, id);
    let adding = state.form.is_open(forms::ADD_TIER, id);
    let archiving = state.form.is_open(forms::ARCHIVE_PLAN, id);
    view! {
        <section class="card" aria-label=label.clone()>
            <header class="card-head">
                <div class="row">
                    <h2 dir="auto">{label.clone()}</h2>
                    {archived.then(|| view! { <Badge>"archived"</Badge> })}
                </div>
                <PlanActions plan />
            </header>
            {move || renaming.get().then(|| view! { <PlanRename plan /> })}
            {move || archiving.get().then(|| view! { <ArchivePlanQuestion plan /> })}
            <ul class="grid tier-grid">{tiers}</ul>
            {move || (!archived && adding.get()).then(|| view! { <NewTier plan currency /> })}
            {if archived {
                view! { <p class="small quiet">"Nothing of it is sold. Restore the plan to sell its tiers, or to add one."</p> }
                    .into_any()
            } else if is_full {
                view! { <p class="small quiet">{format!("{MOST_TIERS} tiers: that is the most a plan can have.")}</p> }
                    .into_any()
            } else {
                let add = format!("Add a tier to {label}");
                (move || {
                    (!adding.get())
                        .then(|| {
                            view! {
                                <div class="actions">
                                    <OpenLink form=state.form name=forms::ADD_TIER id=id.to_string() label=add.clone()>
                                        "Add a tier"
                                    </OpenLink>
                                </div>
                            }
                        })
                })
                    .into_any()
            }}
        </section>
    }
}

/// Renaming, and archiving or restoring.
#[component]
fn PlanActions(plan: StoredValue<PlanView>) -> impl IntoView {
    let state = use_planning();
    let (id, label, archived) = plan.with_value(|plan| (plan.id, plan.label.clone(), plan.archived));
    let rename = format!("Rename {label}");
    let archive_or_restore = if archived {
        view! {
            <ActionForm action=state.restore_plan>
                <input type="hidden" name="community" value=state.community />
                <input type="hidden" name="plan" value=id.to_string() />
                <Button submit=true pending=state.restore_plan.pending() attr:aria-label=format!("Restore {label}")>
                    "Restore"
                </Button>
            </ActionForm>
        }
        .into_any()
    } else {
        view! {
            <OpenLink
                form=state.form
                name=forms::ARCHIVE_PLAN
                id=id.to_string()
                variant=ButtonVariant::Quiet
                label=format!("Archive {label}")
            >
                "Archive"
            </OpenLink>
        }
        .into_any()
    };
    view! {
        <div class="actions">
            <OpenLink
                form=state.form
                name=forms::RENAME_PLAN
                id=id.to_string()
                variant=ButtonVariant::Quiet
                label=rename
            >
                "Rename"
            </OpenLink>
            {archive_or_restore}
        </div>
    }
}
