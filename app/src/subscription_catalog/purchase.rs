//! A purchase on its way: the popup at Stripe, and asking the server what came of it until it knows.

use std::{future::Future, time::Duration};

use leptos::prelude::*;
use model::{
    id::{PlanId, TierId},
    membership::PurchaseState,
};

use super::calls::LoadPurchaseState;
use crate::{
    community::current::CommunityState,
    error::Failure,
    popup::{Popup, PopupState, Settled, use_popup},
};

/// How often the server is asked while Stripe's confirmation is on its way here; live events ask sooner.
const ASK_EVERY: Duration = Duration::from_secs(3);

/// What the popup is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    pub plan: PlanId,
    /// `None`: an open invoice, whatever the tier.
    pub tier: Option<TierId>,
    /// What is bought, for the sentences about it.
    pub label: String,
}

/// Where the purchase stands after the popup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// Nothing is under way.
    Idle,
    /// It is being found out, or Stripe has it and we are about to.
    Confirming,
    /// A role of the plan is there; `as_wanted`: the one that was asked for.
    Done { as_wanted: bool },
    /// The server could not be asked.
    Unknown(Failure),
}

/// A handle that can be copied into closures.
#[derive(Clone, Copy)]
pub struct Purchase {
    /// The popup's, which the server puts into the return address.
    pub id: &'static str,
    pub popup: Popup,
    pub about: RwSignal<Option<About>>,
    pub progress: RwSignal<Progress>,
    /// The number of its being done, as `CommunityState::begins` counts.
    done: StoredValue<u32>,
    asking: Asking,
}

#[derive(Clone, Copy)]
struct Asking {
    community: CommunityState,
    about: RwSignal<Option<About>>,
    answer: ServerAction<LoadPurchaseState>,
}

impl Asking {
    fn ask(self) {
        let (Some(community), Some(Some(plan))) = (
            self.community.slug.try_get_untracked(),
            self.about
                .try_with_untracked(|about| about.as_ref().map(|about| about.plan)),
        ) else {
            return;
        };
        self.answer.dispatch(LoadPurchaseState { community, plan });
    }
}

impl Purchase {
    /// `id` names the popup: one for each place that buys.
    pub fn new(id: &'static str, community: CommunityState) -> Self {
        let about = RwSignal::new(None);
        let progress = RwSignal::new(Progress::Idle);
        let asking = Asking {
            community,
            about,
            answer: ServerAction::new(),
        };
        let popup = use_popup(id, move |settled| {
            if settled == Settled::Returned {
                progress.set(Progress::Confirming);
            }
            asking.ask();
        });
        let purchase = Self {
            id,
            popup,
            about,
            progress,
            done: StoredValue::new(0),
            asking,
        };
        purchase.follow_answers();
        purchase.thank_until_something_begins();
        purchase.ask_while_open();
        purchase
    }

    /// Opens the popup; call it in the click itself.
    pub fn open(self, about: About, address: impl Future<Output = Result<String, Failure>> + 'static) {
        if !self.popup.is_busy().get_untracked() {
            self.progress.set(Progress::Idle);
            self.asking.community.begins();
            self.about.set(Some(about));
        }
        self.popup.open(address);
    }

    /// Asks the server once more.
    pub fn ask_again(self) {
        self.progress.set(Progress::Confirming);
        self.asking.ask();
    }

    /// Whether a popup about such a thing is on its way or open, or its outcome not known yet.
    pub fn is_busy_with(self, such: impl Fn(&About) -> bool) -> bool {
        let busy = self.popup.is_busy().get() || self.progress.with(|progress| *progress == Progress::Confirming);
        busy && self.about.with(|about| about.as_ref().is_some_and(such))
    }

    fn follow_answers(self) {
        Effect::new(move || {
            let Some(answer) = self.asking.answer.value().get() else {
                return;
            };
            // The window may have been opened once more meanwhile: then this is about an earlier one. But the page of an
            // invoice stays open with its receipt.
            let is_paid = matches!(answer, Ok(PurchaseState::Done { .. })) && self.shows_invoice();
            if self.popup.is_busy().get_untracked() && !is_paid {
                return;
            }
            match answer {
                Ok(PurchaseState::Done { tier }) => {
                    let wanted = self
                        .about
                        .with_untracked(|about| about.as_ref().and_then(|about| about.tier));
                    let as_wanted = wanted.is_none() || wanted == tier;
                    self.done.set_value(self.asking.community.begins());
                    self.progress.set(Progress::Done { as_wanted });
                    if self.popup.is_busy().get_untracked() {
                        self.popup.leave();
                    } else {
                        self.popup.forget();
                    }
                    self.asking.community.touch();
                }
                Ok(PurchaseState::Nothing) => {
                    // Asking again would answer the same: only what seemed to be under way is worth another look.
                    let seemed_paid = self.progress.get_untracked() == Progress::Confirming;
                    self.progress.set(Progress::Idle);
                    if seemed_paid {
                        self.asking.community.touch();
                    }
                }
                Err(Failure::Unreachable) if self.progress.get_untracked() == Progress::Confirming => {}
                Err(failure) => self.progress.set(Progress::Unknown(failure)),
            }
        });
    }

    /// Whether the window is at an invoice's page, which leads nowhere when that is paid.
    fn shows_invoice(self) -> bool {
        let is_invoice = self
            .about
            .with_untracked(|about| about.as_ref().is_some_and(|about| about.tier.is_none()));
        let state = self.popup.state();
        is_invoice && state.with_untracked(|state| *state == PopupState::Open)
    }

    fn thank_until_something_begins(self) {
        let newest = self.asking.community.newest();
        Effect::new(move || {
            let is_thanked = self
                .progress
                .with_untracked(|progress| matches!(progress, Progress::Done { .. }));
            if newest.get() != self.done.get_value() && is_thanked {
                self.progress.set(Progress::Idle);
            }
        });
    }

    /// By the clock while confirming, and with every change the server tells of while the window may still be at Stripe
    /// though it looks closed.
    fn ask_while_open(self) {
        Effect::new(move || {
            if self.progress.get() != Progress::Confirming {
                return;
            }
            let timer = set_interval_with_handle(move || self.asking.ask(), ASK_EVERY);
            on_cleanup(move || {
                if let Ok(timer) = timer {
                    timer.clear();
                }
            });
        });
        let revision = self.asking.community.revision();
        Effect::new(move |before: Option<u32>| {
            let now = revision.get();
            let looks_closed = || {
                let state = self.popup.state();
                state.with_untracked(|state| *state == PopupState::ClosedByHand)
            };
            let open = self.progress.get_untracked() == Progress::Confirming || looks_closed() || self.shows_invoice();
            if before.is_some_and(|before| before != now) && open {
                self.asking.ask();
            }
            now
        });
    }
}
