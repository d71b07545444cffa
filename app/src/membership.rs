//! What a customer holds in a community: each subscription's true state, and changing it.
//!
//! [`Membership`] is the membership page's content; [`Changes`] and its dialog are used by the catalog as well.

use leptos::prelude::*;
use model::{Problem, membership::MembershipView};

mod change;
mod change_dialog;
mod change_form;
mod change_question;
mod other_roles;
mod state;
mod subscription_actions;
mod subscription_card;
mod switch_question;
pub mod wording;

#[cfg(feature = "ssr")]
pub use self::switch_question::switch_path;
pub use self::{
    change::{Change, Changes},
    change_dialog::ChangeDialog,
    change_form::ChangeForm,
    state::MembershipState,
};
use self::{other_roles::OtherRoles, subscription_card::SubscriptionCard, switch_question::SwitchQuestion};
use crate::{
    editing::Said,
    error::Failure,
    loaded_live::latest,
    payment_method::PaymentMethodCard,
    session::sign_in_path,
    stripe_is_silent::StripeIsSilent,
    subscription_catalog::switch::{SwitchDialog, SwitchDone},
    ui::{ButtonLink, ButtonVariant, EmptyState, Failed, FormFailure, Loading, Notice, Tone, failure_of},
};

/// Subscriptions and roles of the person looking, in the community in context.
#[component]
pub fn Membership() -> impl IntoView {
    let state = MembershipState::provide();
    let content = move || {
        let latest = latest(state.view);
        move || {
            latest.get().map(|result| match result {
                Ok(view) => view! { <Held view /> }.into_any(),
                Err(Failure::Problem(Problem::SignInNeeded)) => view! { <SignedOut /> }.into_any(),
                Err(failure) => {
                    let on_retry = Callback::new(move |()| state.view.refetch());
                    view! { <Failed failure on_retry /> }.into_any()
                }
            })
        }
    };
    // What was done, or not, is said above everything else: there it is seen on a small screen as well.
    view! {
        <FormFailure failure=failure_of(state.pay_in_tab) />
        <FormFailure failure=failure_of(state.resume_in_tab) />
        <SwitchDone switch=state.switch />
        <ChangeDialog changes=state.changes />
        <SwitchDialog switch=state.switch />
        <SwitchQuestion />
        <Said changes=state.payment_method.changes />
        <Transition fallback=|| view! { <Loading label="Loading your membership" lines=5 /> }>{content()}</Transition>
    }
}

#[component]
fn SignedOut() -> impl IntoView {
    let slug = MembershipState::of_context().community.slug;
    let href = move || sign_in_path(&["/c/", &slug.get(), "/membership"].concat());
    view! {
        <EmptyState title="Sign in to see your membership" text="What you hold here is shown to you alone.">
            <ButtonLink href=Signal::derive(href) variant=ButtonVariant::Primary>
                "Sign in"
            </ButtonLink>
        </EmptyState>
    }
}

#[component]
fn Held(view: MembershipView) -> impl IntoView {
    let state = MembershipState::of_context();
    let slug = state.community.slug;
    let home = Signal::derive(move || ["/c/", &slug.get(), "#memberships"].concat());
    let trouble = view.trouble.map(|trouble| {
        let (title, text) = wording::trouble(trouble);
        view! {
            <Notice tone=Tone::Warning title=title>
                {text}
            </Notice>
        }
    });
    let silent = view! {
        <StripeIsSilent silent=view.stripe_is_silent>
            "What you see here may be a little old, and changes may not go through. What you hold stays yours; try again later."
        </StripeIsSilent>
    };
    let cards = view.cards.clone();
    let card = (view.may_update_card || view.may_disconnect_card).then(|| {
        let subscriptions = view.subscriptions.clone();
        view! { <PaymentMethodCard
            method=state.payment_method
            cards=view.cards
            subscriptions
            may_update=view.may_update_card
        /> }
    });
    let subscriptions = if view.subscriptions.is_empty() {
        let text = if view.joined {
            "You have joined this community, and hold no paid membership."
        } else {
            "You have not joined this community yet."
        };
        if view.sells {
            view! {
                <EmptyState title="No membership yet" text=text>
                    <ButtonLink href=home>"See memberships"</ButtonLink>
                </EmptyState>
            }
            .into_any()
        } else {
            view! { <EmptyState title="No membership yet" text=text /> }.into_any()
        }
    } else {
        view.subscriptions
            .into_iter()
            .map(|subscription| view! { <SubscriptionCard subscription cards=cards.clone() /> })
            .collect_view()
            .into_any()
    };
    view! { {silent} {trouble} {subscriptions} {card} <OtherRoles roles=view.other_roles /> }
}
