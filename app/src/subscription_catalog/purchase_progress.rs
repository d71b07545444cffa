//! What is going on with a purchase, near the button that began it.

use leptos::prelude::*;

use super::purchase::{About, Progress, Purchase};
use crate::{
    popup::PopupProgress,
    ui::{Button, Notice, TakesFocus, Tone, Waiting},
};

/// `<PurchaseProgress purchase about=move |about| about.tier == Some(id) holds />`; nothing when it is about something else.
#[component]
pub fn PurchaseProgress(
    purchase: Purchase,
    /// Whether a purchase belongs here.
    about: impl Fn(&About) -> bool + Send + Sync + 'static,
    /// What is bought here gives its role now: thanks stand only beside that.
    holds: bool,
) -> impl IntoView {
    let here = Memo::new(move |_| purchase.about.with(|current| current.as_ref().is_some_and(&about)));
    move || {
        if !here.get() {
            return ().into_any();
        }
        match purchase.progress.get() {
            Progress::Idle => view! { <PopupProgress popup=purchase.popup /> }.into_any(),
            Progress::Confirming => view! {
                <div class="popup-progress">
                    <Waiting
                        text="Confirming with Stripe…"
                        slow="This takes longer than usual. You can leave this page: when Stripe confirms it, it shows up here by itself. You will not be charged twice."
                        slow_after=20
                    />
                </div>
            }
            .into_any(),
            Progress::Done { as_wanted: false } => view! {
                <Notice tone=Tone::Info title="You hold another tier of this plan">
                    "Something else was bought meanwhile, perhaps in another tab. Nothing was charged here."
                </Notice>
            }
            .into_any(),
            Progress::Done { as_wanted: true } if !holds => ().into_any(),
            Progress::Done { as_wanted: true } => {
                let label = purchase
                    .about
                    .with_untracked(|about| about.as_ref().map(|about| about.label.clone()))
                    .unwrap_or_default();
                view! {
                    <TakesFocus when_lost=true>
                        <Notice tone=Tone::Success title="Thank you!">
                            {["You have ", &label, " now. What it opens is open to you."].concat()}
                        </Notice>
                    </TakesFocus>
                }
                .into_any()
            }
            Progress::Unknown(failure) => view! {
                <Notice tone=Tone::Warning title="We could not check what came of it.">
                    <p>{failure.to_string()}</p>
                    <div class="actions">
                        <Button on_click=Callback::new(move |_| purchase.ask_again())>"Check again"</Button>
                    </div>
                </Notice>
            }
            .into_any(),
        }
    }
}
