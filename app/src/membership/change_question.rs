//! The question before a change, where the address asks it: that is how it is asked without JavaScript.

use leptos::{form::ActionForm, prelude::*};
use model::membership::SubscriptionView;

use super::{change::Change, state::MembershipState, wording};
use crate::{
    editing::{FormButtons, Question},
    ui::FormFailure,
};

/// Says what the change will do, and does it; nothing while the address asks for none of what can be done.
#[component]
pub fn ChangeQuestion(subscription: SubscriptionView) -> impl IntoView {
    let may = subscription.may;
    [
        (may.cancel, Change::Cancel),
        (may.renew, Change::Renew),
        (may.drop_change, Change::DropPending),
    ]
    .into_iter()
    .filter(|(allowed, _)| *allowed)
    .map(|(_, change)| view! { <Asked subscription=subscription.clone() change /> })
    .collect_view()
}

#[component]
fn Asked(subscription: SubscriptionView, change: Change) -> impl IntoView {
    let changes = MembershipState::of_context().changes;
    let asked = changes.form.is_open(change.form(), subscription.plan);
    move || {
        asked.get().then(|| {
            let about = subscription.clone();
            // What is said afterwards is about this.
            Effect::new(move || changes.asked.set(Some((change, about.clone()))));
            let title = wording::question(change, &subscription);
            let explanation = wording::explanation(change, &subscription);
            let subscription = subscription.clone();
            view! {
                <Question form=changes.form title>
                    <p>{explanation}</p>
                    <FormFailure failure=changes.failure() />
                    <Answer subscription change />
                </Question>
            }
        })
    }
}

#[component]
fn Answer(subscription: SubscriptionView, change: Change) -> impl IntoView {
    let state = MembershipState::of_context();
    let changes = state.changes;
    let plan = subscription.plan.to_string();
    let fields = view! {
        <input type="hidden" name="community" value=state.community.slug />
        <input type="hidden" name="plan" value=plan />
        {(change == Change::Cancel)
            .then(|| {
                let at_once = subscription.status.is_cancelled_at_once();
                view! { <input type="hidden" name="at_once" value=at_once.to_string() /> }
            })}
        <FormButtons
            form=changes.form
            submit=wording::verb(change, &subscription)
            cancel=wording::leave(change, subscription.status)
            danger=change == Change::Cancel
            pending=changes.pending()
        />
    };
    match change {
        Change::Cancel => view! { <ActionForm action=changes.cancel>{fields}</ActionForm> }.into_any(),
        Change::Renew => view! { <ActionForm action=changes.renew>{fields}</ActionForm> }.into_any(),
        Change::DropPending => view! { <ActionForm action=changes.drop_pending>{fields}</ActionForm> }.into_any(),
    }
}
