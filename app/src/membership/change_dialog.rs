//! The dialog that says what a change will do, and when, before it is done; and the notice afterwards.

use leptos::prelude::*;
use model::membership::SubscriptionView;

use super::{
    change::{Change, Changes},
    wording,
};
use crate::ui::{Button, ButtonVariant, Dialog, FormFailure, Notice, TakesFocus, Tone};

/// `<ChangeDialog changes />`, once on a page that uses these `changes`.
#[component]
pub fn ChangeDialog(changes: Changes) -> impl IntoView {
    let text = move |of: fn(Change, &SubscriptionView) -> String| {
        Signal::derive(move || {
            changes
                .asked
                .with(|asked| asked.as_ref().map(|(change, subscription)| of(*change, subscription)))
                .unwrap_or_default()
        })
    };
    let (title, explanation) = (text(wording::question), text(wording::explanation));
    let (keep, verb) = (
        text(|change, subscription| wording::leave(change, subscription.status).into()),
        text(wording::verb),
    );
    let is_cancel = Memo::new(move |_| changes.asked.with(|asked| matches!(asked, Some((Change::Cancel, _)))));
    let pending = changes.pending();
    let confirm = move || {
        let variant = if is_cancel.get() {
            ButtonVariant::Danger
        } else {
            ButtonVariant::Primary
        };
        view! {
            <Button variant pending on_click=Callback::new(move |_| changes.confirm())>
                {verb}
            </Button>
        }
    };
    view! {
        <Dialog open=changes.open title>
            <p class="dialog-text">{explanation}</p>
            <FormFailure failure=changes.failure() />
            <div class="actions actions-end">
                <Button on_click=Callback::new(move |_| changes.open.set(false))>{keep}</Button>
                {confirm}
            </div>
        </Dialog>
        {move || {
            changes
                .done
                .get()
                .map(|text| {
                    view! {
                        <TakesFocus>
                            <Notice tone=Tone::Success>{text}</Notice>
                        </TakesFocus>
                    }
                })
        }}
    }
}
