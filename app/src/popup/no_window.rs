//! The server's half: there are no windows.

use super::Params;

pub enum Heard {
    #[expect(dead_code, reason = "only the browser hears anything")]
    Return(Params),
    #[expect(dead_code, reason = "only the browser hears anything")]
    LooksClosed,
}

pub struct PopupWindow;

pub struct Listening;

#[expect(clippy::unused_self, reason = "the browser's half needs it")]
impl PopupWindow {
    pub fn open_blank(_id: &str) -> Option<Self> {
        None
    }

    pub fn go_to(&self, _url: &str) -> bool {
        false
    }

    pub fn focus(&self) {}

    pub fn close(&self) {}

    pub fn listen(&self, _id: &'static str, _on_heard: impl Fn(Heard) + 'static) -> Listening {
        Listening
    }
}
