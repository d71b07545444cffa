//! What the connect component reads and changes.

use leptos::prelude::*;
use model::{Problem, Refusal, account::AccountStatus, connect::ConnectView};

use super::calls::{
    self, ConnectExistingInTab, DisconnectAccount, PauseShop, RefreshAccount, ResumeShop, StartOnboardingInTab,
};
use crate::{
    community::current::use_community,
    editing::{Changes, OpenForm, provide_refusal, use_open_form},
    error::Failure,
    popup::{Popup, PopupState, use_popup},
    reading::{Reading, reading},
    ui::failure_of,
};

/// The popup's name in the return address.
const POPUP: &str = "connect";

/// The Stripe account of the community in context.
#[derive(Clone, Copy)]
pub struct ConnectState {
    pub community: Signal<String>,
    pub view: Reading<ConnectView>,
    /// Asks Stripe itself.
    pub refresh: ServerAction<RefreshAccount>,
    pub pause: ServerAction<PauseShop>,
    pub resume: ServerAction<ResumeShop>,
    pub disconnect: ServerAction<DisconnectAccount>,
    /// Without JavaScript the same tab goes to Stripe.
    pub onboarding_in_tab: ServerAction<StartOnboardingInTab>,
    pub existing_in_tab: ServerAction<ConnectExistingInTab>,
    pub popup: Popup,
    pub form: OpenForm,
    pub changes: Changes,
}

impl ConnectState {
    /// Makes it for the component that calls this, and gives it to everything inside.
    pub fn provide() -> Self {
        provide_refusal();
        let current = use_community();
        let community = current.slug;
        let view = reading(move || current.key(), |(slug, _)| calls::connect_view(slug));
        let refresh = ServerAction::<RefreshAccount>::new();
        let ask_stripe = move || {
            refresh.dispatch(RefreshAccount {
                community: community.get_untracked(),
            });
        };
        let form = use_open_form();
        let state = Self {
            community,
            view,
            refresh,
            pause: ServerAction::new(),
            resume: ServerAction::new(),
            disconnect: ServerAction::new(),
            onboarding_in_tab: ServerAction::new(),
            existing_in_tab: ServerAction::new(),
            popup: use_popup(POPUP, move |_| ask_stripe()),
            form,
            changes: Changes::new(form),
        };
        let reread = move || view.refetch();
        state
            .changes
            .follow(state.pause, "The store is paused: no new sales.", reread);
        state.changes.follow(state.resume, "The store is open again.", reread);
        state
            .changes
            .follow(state.disconnect, "The Stripe account is disconnected.", move || {
                state.popup.forget();
                view.refetch();
            });
        Effect::new(move || {
            if refresh.value().with(|value| matches!(value, Some(Ok(_)))) {
                view.refetch();
            }
        });
        // Who comes back from Stripe in the same tab arrives here with what was stored before.
        let waits_for_stripe = Memo::new(move |_| match view.get() {
            Some(Ok(account)) => matches!(account.status, AccountStatus::Incomplete | AccountStatus::Restricted),
            _ => false,
        });
        Effect::new(move |asked: Option<bool>| {
            let asked = asked.unwrap_or_default();
            if !asked
                && waits_for_stripe.get()
                && state.popup.state().with_untracked(|popup| *popup == PopupState::Idle)
            {
                ask_stripe();
                return true;
            }
            asked
        });
        state.ask_again_while_unknown(current.revision());
        provide_context(state);
        state
    }

    /// What could not be found out is asked again now and then, and whenever the server tells of something.
    fn ask_again_while_unknown(self, revision: Signal<u32>) {
        let failure = self.refresh_failure();
        Effect::watch(
            move || revision.get(),
            move |_, _, _| {
                let failed = failure.with_untracked(|failure| {
                    failure.as_ref().is_some_and(|failure| {
                        failure.is_passing() || *failure == Failure::Problem(Problem::StripeUnavailable)
                    })
                });
                let silent = matches!(self.view.get_untracked(), Some(Ok(view)) if view.stripe_is_silent);
                if (failed || silent) && !self.refresh.pending().get_untracked() {
                    self.ask_stripe();
                }
            },
            false,
        );
    }

    /// Opens Stripe's onboarding; to be called in the click itself.
    pub fn start_onboarding(self) {
        let community = self.community.get_untracked();
        self.begin();
        self.popup
            .open(async move { Ok(calls::start_onboarding(community, POPUP.to_owned()).await?.url) });
    }

    /// Opens Stripe's page for connecting an account one has already; to be called in the click itself.
    pub fn connect_existing(self) {
        let community = self.community.get_untracked();
        self.begin();
        self.popup
            .open(async move { Ok(calls::connect_existing(community, POPUP.to_owned()).await?.url) });
    }

    /// Asks Stripe what is true of the account now.
    pub fn ask_stripe(self) {
        self.refresh.dispatch(RefreshAccount {
            community: self.community.get_untracked(),
        });
    }

    /// Why Stripe could not be asked. Having no account is no failure: there is nothing to ask about.
    pub fn refresh_failure(self) -> Signal<Option<Failure>> {
        let failure = failure_of(self.refresh);
        Signal::derive(move || {
            let nothing_to_ask = Failure::Problem(Problem::Refused(Refusal::NotConnected));
            failure.get().filter(|failure| *failure != nothing_to_ask)
        })
    }

    /// The merchant said no at Stripe.
    pub fn was_denied(self) -> Memo<bool> {
        let popup = self.popup.state();
        Memo::new(move |_| {
            popup.with(|popup| match popup {
                PopupState::Returned(params) => params.get("outcome") == Some("denied"),
                _ => false,
            })
        })
    }

    /// What was found out before is not about what starts now.
    fn begin(self) {
        self.refresh.clear();
    }
}

pub fn use_connect() -> ConnectState {
    expect_context()
}
