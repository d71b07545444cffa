//! What can be going on with a popup.

use crate::error::Failure;

/// Where a popup stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PopupState {
    /// Nothing is going on.
    Idle,
    /// The window is open and blank (or was blocked); the server is being asked for the address.
    Opening,
    /// The window is at the address.
    Open,
    /// The browser opened no window: the same way is offered as a link in this tab.
    Blocked { url: String },
    /// The window came back by `/popups/return`, with these parameters. A hint: the server knows.
    Returned(Params),
    /// The window looks closed. It may have been done with before, or be open after all: the server knows.
    ClosedByHand,
    /// There was no address to go to.
    Failed(Failure),
}

impl PopupState {
    /// A window is on its way or open.
    pub const fn is_busy(&self) -> bool {
        matches!(self, Self::Opening | Self::Open)
    }
}

/// The return address's query parameters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Params(pub Vec<(String, String)>);

impl Params {
    /// The parameter called `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Why it is time to ask the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// The window came back.
    Returned,
    /// The window looks closed.
    LooksClosed,
    /// The button for it was pressed.
    GivenUp,
}
