//! What the payment method's card reads and calls: the popup at Stripe, and what came of it.

use std::time::Duration;

use leptos::prelude::*;
use model::card::CardState;

use super::calls::{DisconnectPaymentMethod, LoadCardState, UpdatePaymentMethodInTab, update_payment_method};
use crate::{
    community::current::CommunityState,
    editing::{Changes, OpenForm, use_open_form},
    error::Failure,
    popup::{Popup, PopupState, Settled, use_popup},
};

/// Names the popup; the server puts it into the return address.
const POPUP: &str = "card";
/// How often the server is asked while the card is being put to use; live events ask sooner.
const ASK_EVERY: Duration = Duration::from_secs(3);

/// Where saving a card stands after the popup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// Nothing is under way.
    Idle,
    /// It is being found out, or put to use.
    Saving,
    Saved,
    /// Saved, but the open payment was refused with it.
    Refused,
    /// The server could not be asked.
    Unknown(Failure),
}

/// A handle that can be copied into closures.
#[derive(Clone, Copy)]
pub struct PaymentMethod {
    pub community: CommunityState,
    pub popup: Popup,
    pub progress: RwSignal<Progress>,
    pub disconnect: ServerAction<DisconnectPaymentMethod>,
    /// Only for what went wrong with it: without JavaScript it is a plain form.
    pub in_tab: ServerAction<UpdatePaymentMethodInTab>,
    pub form: OpenForm,
    pub changes: Changes,
    /// What was due when the page was opened, and is paid with the card (`€9.00 for Gold`).
    pub owed: StoredValue<Vec<String>>,
    asking: Asking,
}

#[derive(Clone, Copy)]
struct Asking {
    community: CommunityState,
    answer: ServerAction<LoadCardState>,
    /// The window went to Stripe. Before that, the answer would be about an earlier one.
    went: StoredValue<bool>,
}

impl Asking {
    fn ask(self) {
        if self.went.try_get_value() == Some(true)
            && let Some(community) = self.community.slug.try_get_untracked()
        {
            self.answer.dispatch(LoadCardState { community });
        }
    }
}

impl PaymentMethod {
    pub fn new(community: CommunityState) -> Self {
        let asking = Asking {
            community,
            answer: ServerAction::new(),
            went: StoredValue::new(false),
        };
        let form = use_open_form();
        let progress = RwSignal::new(Progress::Idle);
        let popup = use_popup(POPUP, move |settled| {
            if settled == Settled::Returned {
                progress.set(Progress::Saving);
            }
            asking.ask();
        });
        let method = Self {
            community,
            popup,
            progress,
            disconnect: ServerAction::new(),
            in_tab: ServerAction::new(),
            form,
            changes: Changes::new(form),
            owed: StoredValue::new(Vec::new()),
            asking,
        };
        method.changes.follow(
            method.disconnect,
            "Disconnected: no payment method is saved any more.",
            move || {
                method.progress.set(Progress::Idle);
                community.touch();
            },
        );
        method.follow_answers();
        method.ask_while_saving();
        method
    }

    /// Opens Stripe's page to save a card on; call it in the click itself.
    pub fn update(self, owed: Vec<String>) {
        if !self.popup.is_busy().get_untracked() {
            self.owed.set_value(owed);
            self.progress.set(Progress::Idle);
            self.community.begins();
            self.asking.went.set_value(false);
        }
        let community = self.community.slug.get_untracked();
        let went = self.asking.went;
        self.popup.open(async move {
            let url = update_payment_method(community, POPUP.to_owned()).await?.url;
            went.try_set_value(true);
            Ok(url)
        });
    }

    /// Asks the server once more.
    pub fn ask_again(self) {
        self.progress.set(Progress::Saving);
        self.asking.ask();
    }

    /// A window is on its way or open, or its outcome not known yet.
    pub fn is_busy(self) -> Signal<bool> {
        let busy = self.popup.is_busy();
        Signal::derive(move || busy.get() || self.progress.with(|progress| *progress == Progress::Saving))
    }

    fn follow_answers(self) {
        Effect::new(move || {
            let Some(answer) = self.asking.answer.value().get() else {
                return;
            };
            // The window may have been opened once more meanwhile: then this is about an earlier one.
            if self.popup.is_busy().get_untracked() {
                return;
            }
            let saved = match answer {
                Ok(CardState::Nothing) => Progress::Idle,
                Ok(CardState::Saving) => Progress::Saving,
                Ok(CardState::Saved) => Progress::Saved,
                Ok(CardState::SavedButRefused) => Progress::Refused,
                Err(Failure::Unreachable) if self.progress.get_untracked() == Progress::Saving => return,
                Err(failure) => Progress::Unknown(failure),
            };
            let is_over = matches!(saved, Progress::Saved | Progress::Refused);
            self.progress.set(saved);
            if is_over {
                self.popup.forget();
                self.community.touch();
            }
        });
    }

    /// By the clock, and with every change the server tells of.
    fn ask_while_saving(self) {
        Effect::new(move || {
            if self.progress.get() != Progress::Saving {
                return;
            }
            let timer = set_interval_with_handle(move || self.asking.ask(), ASK_EVERY);
            on_cleanup(move || {
                if let Ok(timer) = timer {
                    timer.clear();
                }
            });
        });
        // The window may still be at Stripe though it looks closed.
        let revision = self.community.revision();
        Effect::new(move |before: Option<u32>| {
            let now = revision.get();
            let looks_closed = || {
                let state = self.popup.state();
                state.with_untracked(|state| *state == PopupState::ClosedByHand)
            };
            let open = self.progress.get_untracked() == Progress::Saving || looks_closed();
            if before.is_some_and(|before| before != now) && open {
                self.asking.ask();
            }
            now
        });
    }
}
