//! What is shown while a popup is open, and how it ended if that needs words.

use leptos::{html, prelude::*};

use super::{Popup, PopupState};
use crate::ui::{Button, ButtonLink, ButtonVariant, FormFailure, Notice, Waiting, take_focus};

/// `<PopupProgress popup />`, near the button that opens the popup. What comes after a return is the feature's to show.
#[component]
pub fn PopupProgress(
    popup: Popup,
    /// Whose window it is.
    #[prop(default = "Stripe")]
    to: &'static str,
) -> impl IntoView {
    let state = popup.state();
    let node = NodeRef::<html::Div>::new();
    let give_up = move || {
        let press = move |_| {
            popup.give_up();
            // This button is gone; what opened the window stands near.
            take_focus(node);
        };
        view! {
            <Button variant=ButtonVariant::Quiet on_click=Callback::new(press)>
                "Give up"
            </Button>
        }
    };
    let progress = move || {
        match state.get() {
        PopupState::Idle | PopupState::Returned(_) => ().into_any(),
        PopupState::Opening => view! {
            <div class="popup-progress">
                <Waiting text=["Opening ", to, "…"].concat() />
            </div>
        }
        .into_any(),
        PopupState::Open => view! {
            <div class="popup-progress">
                <Waiting text=["Continue in the ", to, " window. This page notices when you are done."].concat() />
                <div class="actions">
                    <Button on_click=Callback::new(move |_| popup.focus())>"Bring the window to the front"</Button>
                    {give_up()}
                </div>
            </div>
        }
        .into_any(),
        PopupState::Blocked { url } => view! {
            <div class="popup-progress" role="status">
                <p>"Your browser did not open a window. Continue in this tab; you will be led back here."</p>
                <div class="actions">
                    <ButtonLink href=url variant=ButtonVariant::Primary attr:rel="external">
                        {["Continue to ", to].concat()}
                    </ButtonLink>
                    {give_up()}
                </div>
            </div>
        }
        .into_any(),
        PopupState::ClosedByHand => view! {
            <Notice>
                {[
                    "The ",
                    to,
                    " window is closed, or out of this page's sight. What you finish there shows up here by itself; otherwise nothing has changed.",
                ]
                    .concat()}
            </Notice>
        }
        .into_any(),
        PopupState::Failed(failure) => view! {
            <FormFailure failure=Some(failure) />
        }
        .into_any(),
    }
    };
    view! {
        <div class="popup-place" tabindex="-1" node_ref=node>
            {progress}
        </div>
    }
}
