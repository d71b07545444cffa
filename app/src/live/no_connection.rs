//! The server's half: nothing to hear.

use super::Live;

pub struct Listening;

impl Listening {
    #[expect(clippy::unused_self, reason = "the browser's half needs it")]
    pub fn stop(self) {}
}

pub fn listen(_url: String, _again: bool, _on_event: impl Fn(Live) + 'static) -> Listening {
    Listening
}
