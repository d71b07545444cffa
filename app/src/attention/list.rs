//! The merchant's list: each thing with what happened, whom it is about, and what can be done.

use leptos::prelude::*;
use model::attention::AttentionPage;

use super::{
    line::AttentionLine,
    standing::{InGraceCount, StoppedAccount},
    state::AttentionState,
};
use crate::{
    editing::{Said, provide_refusal},
    loaded_live::LoadedLive,
    ui::{Card, FormFailure, Icon, IconName, failure_of},
};

/// On the store page. When nothing is the matter, a line says so.
#[component]
pub fn NeedsAttention() -> impl IntoView {
    provide_refusal();
    let state = AttentionState::provide();
    view! {
        <FormFailure failure=failure_of(state.dismiss) />
        <Said changes=state.changes />
        <LoadedLive resource=state.list label="Loading what needs attention" lines=2 let:list>
            <Listed page=list />
        </LoadedLive>
    }
}

#[component]
fn Listed(page: AttentionPage) -> impl IntoView {
    if page.is_empty() && page.stripe_asks {
        return view! {
            <p class="quiet">
                <Icon name=IconName::Info />
                " Stripe asks for something about your account: see below. No payment or subscription needs your attention."
            </p>
        }
        .into_any();
    }
    if page.is_empty() {
        return view! {
            <p class="quiet">
                <Icon name=IconName::Check />
                " No payment or subscription needs your attention."
            </p>
        }
        .into_any();
    }
    let account = page.account.map(|status| view! { <StoppedAccount status /> });
    let in_grace =
        (page.in_grace > 0).then(|| view! { <InGraceCount count=page.in_grace may_view=page.may_view_members /> });
    let lines = page
        .notices
        .into_iter()
        .map(|notice| view! { <AttentionLine notice /> })
        .collect_view();
    view! {
        <Card title="Needs attention".to_owned()>
            <ul class="list">{account} {in_grace} {lines}</ul>
        </Card>
    }
    .into_any()
}
