//! The three changes of a running subscription that no payment page is needed for.

use leptos::prelude::*;
use model::{Problem, membership::SubscriptionView};

use super::wording;
use crate::{
    community::{current::CommunityState, latest_notice::LatestNotice},
    editing::{OpenForm, use_open_form, was_done},
    error::Failure,
    subscription_catalog::calls::{CancelSubscription, DropPendingChange, RenewSubscription},
    ui::failure_of,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Cancel,
    /// Takes a cancellation back.
    Renew,
    /// Takes a change of tier back that waits for the period's end.
    DropPending,
}

impl Change {
    /// The name of its question in the address of the membership page, where it is asked without JavaScript.
    pub const fn form(self) -> &'static str {
        match self {
            Self::Cancel => "cancel",
            Self::Renew => "renew",
            Self::DropPending => "drop-change",
        }
    }
}

/// A handle that can be copied into closures: each change is asked for, confirmed in [`super::ChangeDialog`], and done.
#[derive(Clone, Copy)]
pub struct Changes {
    pub community: CommunityState,
    pub cancel: ServerAction<CancelSubscription>,
    pub renew: ServerAction<RenewSubscription>,
    pub drop_pending: ServerAction<DropPendingChange>,
    /// The question that the address asks.
    pub form: OpenForm,
    /// What the dialog is about.
    pub asked: RwSignal<Option<(Change, SubscriptionView)>>,
    pub open: RwSignal<bool>,
    /// What was done last.
    pub done: LatestNotice,
}

impl Changes {
    pub fn new(community: CommunityState) -> Self {
        let changes = Self {
            community,
            cancel: ServerAction::new(),
            renew: ServerAction::new(),
            drop_pending: ServerAction::new(),
            form: use_open_form(),
            asked: RwSignal::new(None),
            open: RwSignal::new(false),
            done: LatestNotice::new(community),
        };
        let (cancel, renew, drop_pending) = (
            changes.cancel.value(),
            changes.renew.value(),
            changes.drop_pending.value(),
        );
        // Which membership it was about is not said in the address; the page shows what is true of each.
        if was_done::<CancelSubscription>() {
            changes
                .done
                .say("It is cancelled. Below you see what you still hold, and until when.".to_owned());
        } else if was_done::<RenewSubscription>() {
            changes.done.say("It goes on. Below you see when it renews.".to_owned());
        } else if was_done::<DropPendingChange>() {
            changes
                .done
                .say("The change is taken back. You keep your tier.".to_owned());
        }
        changes.follow(cancel.into());
        changes.follow(renew.into());
        changes.follow(drop_pending.into());
        changes
    }

    /// Opens the dialog.
    pub fn ask(self, change: Change, subscription: SubscriptionView) {
        self.cancel.clear();
        self.renew.clear();
        self.drop_pending.clear();
        self.community.begins();
        self.asked.set(Some((change, subscription)));
        self.open.set(true);
    }

    /// The dialog's button.
    pub fn confirm(self) {
        let Some((change, SubscriptionView { plan, status, .. })) = self.asked.get_untracked() else {
            return;
        };
        let at_once = status.is_cancelled_at_once();
        let community = self.community.slug.get_untracked();
        match change {
            Change::Cancel => drop(self.cancel.dispatch(CancelSubscription {
                community,
                plan,
                at_once,
            })),
            Change::Renew => drop(self.renew.dispatch(RenewSubscription { community, plan })),
            Change::DropPending => drop(self.drop_pending.dispatch(DropPendingChange { community, plan })),
        }
    }

    pub fn pending(self) -> Signal<bool> {
        let (cancel, renew, drop_pending) = (self.cancel.pending(), self.renew.pending(), self.drop_pending.pending());
        Signal::derive(move || cancel.get() || renew.get() || drop_pending.get())
    }

    /// Of whichever change was tried last.
    pub fn failure(self) -> Signal<Option<Failure>> {
        let (cancel, renew, drop_pending) = (
            failure_of(self.cancel),
            failure_of(self.renew),
            failure_of(self.drop_pending),
        );
        Signal::derive(move || cancel.get().or_else(|| renew.get()).or_else(|| drop_pending.get()))
    }

    fn follow(self, result: Signal<Option<Result<(), Failure>>>) {
        Effect::new(move || {
            if let Some(Err(Failure::Problem(Problem::ChangedMeanwhile))) = result.get() {
                self.community.touch();
            }
            if let Some(Ok(())) = result.get() {
                let asked = self.asked.get_untracked();
                if let Some((change, subscription)) = asked {
                    self.done.say(wording::done(change, &subscription));
                }
                self.open.set(false);
                self.form.close();
                self.community.touch();
            }
        });
    }
}
