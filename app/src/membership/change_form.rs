//! The button that asks for a change of a running subscription.

use leptos::{ev::MouseEvent, prelude::*};
use model::membership::SubscriptionView;

use super::{
    change::{Change, Changes},
    wording,
};
use crate::ui::{Button, ButtonVariant};

/// With JavaScript the dialog of `changes` asks first; without, the form leads to the same question on the membership page
/// (see `change_question`).
#[component]
pub fn ChangeForm(changes: Changes, subscription: SubscriptionView, change: Change) -> impl IntoView {
    let verb = wording::verb(change, &subscription);
    let variant = match change {
        Change::Cancel => ButtonVariant::Quiet,
        Change::Renew => ButtonVariant::Primary,
        Change::DropPending => ButtonVariant::Secondary,
    };
    let page = move || ["/c/", &changes.community.slug.get(), "/membership"].concat();
    let plan = subscription.plan.to_string();
    let ask = move |event: MouseEvent| {
        event.prevent_default();
        changes.ask(change, subscription.clone());
    };
    view! {
        <form method="get" action=page>
            <input type="hidden" name="form" value=change.form() />
            <input type="hidden" name="id" value=plan />
            <Button variant submit=true on_click=Callback::new(ask)>
                {verb}
            </Button>
        </form>
    }
}
