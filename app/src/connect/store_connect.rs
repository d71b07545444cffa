//! The public component: the community's Stripe account.

use leptos::prelude::*;
use model::{account::AccountStatus, connect::ConnectView};

use super::{
    account_facts::AccountFacts,
    actions::ConnectActions,
    disconnect::DisconnectQuestion,
    history::FormerConnections,
    meaning::Meaning,
    requirements::Requirements,
    state::{ConnectState, use_connect},
};
use crate::{
    community::current::use_community,
    editing::Said,
    loaded_live::LoadedLive,
    popup::PopupProgress,
    stripe_is_silent::StripeIsSilent,
    ui::{Badge, Card, FormFailure, Notice, Tone, Waiting, failure_of},
};

/// Whether the store can take payments, what Stripe wants, and the way to connect, pause and disconnect. Usable on any
/// page with a community in context; clerks only look.
#[component]
pub fn StoreConnect() -> impl IntoView {
    let state = ConnectState::provide();
    view! {
        <Said changes=state.changes />
        <Card title="Stripe account">
            <LoadedLive resource=state.view label="Loading the Stripe account" lines=4 let:account>
                <Account account />
            </LoadedLive>
            <Checking />
            <PopupProgress popup=state.popup />
            <FormFailure failure=failure_of(state.pause) />
            <FormFailure failure=failure_of(state.resume) />
            <FormFailure failure=failure_of(state.onboarding_in_tab) />
            <FormFailure failure=failure_of(state.existing_in_tab) />
        </Card>
    }
}

#[component]
fn Account(account: ConnectView) -> impl IntoView {
    let fee = account.platform_fee.as_deref().map_or_else(
        || "The platform takes no fee.".to_owned(),
        |fee| format!("The platform keeps {fee} % of every payment; Stripe's own fees come on top."),
    );
    let view = StoredValue::new(account.clone());
    let status = account.status;
    let (tone, label, reachable) = (tone(&status), status.label(), status.is_linked());
    view! {
        <div class="stack-tight">
            <p class="row">
                <span class="visually-hidden">"Status: "</span>
                <Badge tone>{label}</Badge>
            </p>
            <p>{status.explanation()}</p>
        </div>
        <StripeIsSilent silent=account.stripe_is_silent>
            "What you see here may be a little old, and changes may not go through. Memberships stay as they are; try again later."
        </StripeIsSilent>
        {(account.tiers_elsewhere > 0)
            .then(|| {
                let href = ["/c/", &use_community().slug.get_untracked(), "/manage/plans"].concat();
                let what = if account.tiers_elsewhere == 1 {
                    "A tier that you sell is not on this account yet, so nobody can subscribe to it. ".to_owned()
                } else {
                    format!(
                        "{} tiers that you sell are not on this account yet, so nobody can subscribe to them. ",
                        account.tiers_elsewhere
                    )
                };
                view! {
                    <Notice tone=Tone::Warning>
                        {what} <a href=href>"Look at your plans"</a> "."
                    </Notice>
                }
            })}
        <Meaning view />
        {account
            .snapshot
            .clone()
            .map(|snapshot| {
                view! {
                    {reachable.then(|| view! { <Requirements snapshot=snapshot.clone() /> })}
                    <AccountFacts snapshot reachable dashboard_url=account.dashboard_url.clone() />
                }
            })}
        <p class="small quiet">{fee}</p>
        {if account.may_control {
            view! {
                <ConnectActions view />
                <DisconnectQuestion view />
            }
                .into_any()
        } else {
            view! {
                <p class="quiet">
                    "You can look at this. Changing it needs the privilege “control stripe account”."
                </p>
            }
                .into_any()
        }}
        <FormerConnections history=account.history />
    }
}

/// Stripe is being asked; or could not be.
#[component]
fn Checking() -> impl IntoView {
    let state = use_connect();
    let pending = state.refresh.pending();
    let denied = state.was_denied();
    view! {
        {move || {
            pending
                .get()
                .then(|| {
                    view! {
                        <Waiting
                            text="Checking with Stripe…"
                            slow="Stripe takes longer than usual to answer. You can leave this page; nothing is lost."
                        />
                    }
                })
        }}
        <FormFailure failure=state.refresh_failure() by_itself=true />
        {move || {
            denied
                .get()
                .then(|| view! { <Notice>"Nothing was connected: access was not allowed at Stripe."</Notice> })
        }}
    }
}

fn tone(status: &AccountStatus) -> Tone {
    match status {
        AccountStatus::Unlinked => Tone::Neutral,
        AccountStatus::Disconnected | AccountStatus::Rejected | AccountStatus::Restricted => Tone::Danger,
        AccountStatus::Incomplete | AccountStatus::Paused | AccountStatus::Ready { due_soon: Some(_) } => Tone::Warning,
        AccountStatus::Ready { due_soon: None } => Tone::Success,
    }
}
