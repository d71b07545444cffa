//! Popups that lead through pages of somebody else (Stripe's) and come back by `/popups/return`.
//!
//! Features take [`use_popup`], call [`Popup::open`] in the click itself and show [`PopupProgress`]. Whatever a popup
//! says or does not say is a hint: `on_settled` means "ask the server now".

mod progress;
mod state;
// The server renders pages and opens nothing.
#[cfg(feature = "hydrate")]
mod window;
#[cfg(not(feature = "hydrate"))]
#[path = "popup/no_window.rs"]
mod window;

use std::future::Future;

use leptos::{prelude::*, reactive::send_wrapper_ext::SendOption, task::spawn_local};

use self::window::{Heard, Listening, PopupWindow};
pub use self::{
    progress::PopupProgress,
    state::{Params, PopupState, Settled},
};
use crate::error::Failure;

/// One kind of popup of a component; a handle that can be copied into closures.
#[derive(Clone, Copy)]
pub struct Popup {
    /// What `/popups/return?popup=…` says when the window comes back.
    id: &'static str,
    state: RwSignal<PopupState>,
    /// On the server always none, which may be dropped by any thread.
    opened: StoredValue<SendOption<Opened>>,
    /// Counts the openings, so that an address that comes late for a window given up meanwhile is dropped.
    attempt: StoredValue<u32>,
    on_settled: Callback<Settled>,
}

/// A window that is being listened to. Listening ends when it is dropped.
struct Opened {
    window: PopupWindow,
    _listening: Listening,
}

/// The popup called `id` of this component.
///
/// `let popup = use_popup("connect", move |_| status.refetch());`
///
/// The server puts `popup={id}` into the return address. `on_settled` runs when the window came back, looks closed, or
/// was given up; it may run more than once (a window that looked closed can still come back).
pub fn use_popup(id: &'static str, on_settled: impl Fn(Settled) + Send + Sync + 'static) -> Popup {
    let popup = Popup {
        id,
        state: RwSignal::new(PopupState::Idle),
        opened: StoredValue::new(SendOption::new_local(None)),
        attempt: StoredValue::new(0),
        on_settled: Callback::new(on_settled),
    };
    if cfg!(feature = "hydrate") {
        on_cleanup(move || popup.stop_listening());
    }
    popup
}

impl Popup {
    /// What is going on with the window.
    pub fn state(self) -> Signal<PopupState> {
        self.state.into()
    }

    /// Whether a window is on its way or open; buttons that open it show themselves pending.
    pub fn is_busy(self) -> Signal<bool> {
        let state = self.state;
        Signal::derive(move || state.with(PopupState::is_busy))
    }

    /// Opens the window at once (call this in the click handler itself, or the browser blocks it) and takes it to the
    /// address when that comes. Called again while a window is open, it brings that one to the front.
    pub fn open(self, address: impl Future<Output = Result<String, Failure>> + 'static) {
        if self.state.with_untracked(PopupState::is_busy) {
            self.focus();
            return;
        }
        self.stop_listening();
        let attempt = self.attempt.with_value(|attempt| attempt.wrapping_add(1));
        self.attempt.set_value(attempt);
        let opened = PopupWindow::open_blank(self.id).map(|window| Opened {
            _listening: window.listen(self.id, move |heard| self.hear(heard)),
            window,
        });
        self.opened.set_value(SendOption::new_local(opened));
        self.state.set(PopupState::Opening);
        spawn_local(async move {
            let address = address.await;
            if self.attempt.try_get_value() == Some(attempt) {
                self.go_on(address);
            }
        });
    }

    /// Brings the window to the front.
    pub fn focus(self) {
        self.with_window(PopupWindow::focus);
    }

    /// Closes the window and stops listening.
    pub fn give_up(self) {
        self.end();
        self.state.set(PopupState::Idle);
        self.on_settled.run(Settled::GivenUp);
    }

    /// Forgets how it ended, so that nothing is shown about it any more.
    pub fn forget(self) {
        self.end();
        self.state.set(PopupState::Idle);
    }

    /// The same, but the window stays: what it shows is for the customer to read.
    pub fn leave(self) {
        self.attempt.update_value(|attempt| *attempt = attempt.wrapping_add(1));
        self.stop_listening();
        self.state.set(PopupState::Idle);
    }

    /// The address came, or the reason why there is none.
    fn go_on(self, address: Result<String, Failure>) {
        match address {
            // Closed by hand before the address came: whoever did that does not want it any more.
            Ok(_) if self.state.with_untracked(|state| *state == PopupState::ClosedByHand) => {}
            Ok(url) => {
                let went = self.with_window(|window| window.go_to(&url)).unwrap_or(false);
                self.state.set(if went {
                    PopupState::Open
                } else {
                    PopupState::Blocked { url }
                });
            }
            Err(failure) => {
                self.end();
                self.state.set(PopupState::Failed(failure));
            }
        }
    }

    /// The window said something, or looks closed.
    fn hear(self, heard: Heard) {
        let Some(before) = self.state.try_get_untracked() else {
            return;
        };
        let (after, settled) = match heard {
            Heard::Return(params) => (PopupState::Returned(params), Settled::Returned),
            Heard::LooksClosed if before.is_busy() => (PopupState::ClosedByHand, Settled::LooksClosed),
            Heard::LooksClosed => return,
        };
        if before == after {
            return;
        }
        self.state.set(after);
        self.on_settled.run(settled);
    }

    fn end(self) {
        self.attempt.update_value(|attempt| *attempt = attempt.wrapping_add(1));
        self.with_window(PopupWindow::close);
        self.stop_listening();
    }

    fn stop_listening(self) {
        self.opened.try_set_value(SendOption::new_local(None));
    }

    fn with_window<T>(self, act: impl FnOnce(&PopupWindow) -> T) -> Option<T> {
        self.opened
            .try_with_value(|opened| opened.as_ref().map(|opened| act(&opened.window)))
            .flatten()
    }
}
