//! What is going on with saving a card, near the button that began it.

use leptos::prelude::*;
use model::Refusal;

use super::{
    state::{PaymentMethod, Progress},
    wording,
};
use crate::{
    popup::PopupProgress,
    ui::{Button, Notice, Tone, Waiting},
};

#[component]
pub fn CardProgress(method: PaymentMethod) -> impl IntoView {
    move || {
        match method.progress.get() {
        Progress::Idle => view! { <PopupProgress popup=method.popup /> }.into_any(),
        Progress::Saving => view! {
            <div class="popup-progress">
                <Waiting
                    text="Saving…"
                    slow="This takes longer than usual. You can leave this page: the card is saved at Stripe, and shows up here by itself."
                    slow_after=20
                />
            </div>
        }
        .into_any(),
        Progress::Saved => view! {
            <Notice tone=Tone::Success>{wording::saved(&method.owed.get_value())}</Notice>
        }
        .into_any(),
        Progress::Refused => view! { <Notice tone=Tone::Warning>{Refusal::CardRefused.to_string()}</Notice> }.into_any(),
        Progress::Unknown(failure) => view! {
            <Notice tone=Tone::Warning title="We could not check what came of it.".to_owned()>
                <p>{failure.to_string()}</p>
                <div class="actions">
                    <Button on_click=Callback::new(move |_| method.ask_again())>"Check again"</Button>
                </div>
            </Notice>
        }
        .into_any(),
    }
    }
}
