//! The server's half: nothing is kept.

use leptos::{html, prelude::*};

use super::OpenForm;

#[derive(Clone, Copy)]
pub struct Draft {
    put_back: RwSignal<bool>,
}

#[expect(clippy::unused_self, reason = "the browser's half needs it")]
impl Draft {
    pub fn new(_: NodeRef<html::Section>) -> Self {
        Self {
            put_back: RwSignal::new(false),
        }
    }

    pub fn is_put_back(self) -> Signal<bool> {
        self.put_back.into()
    }

    pub fn begin(self, _: OpenForm) {}

    pub fn begin_typing(self, _: OpenForm) {}

    pub fn has_begun(self) -> bool {
        false
    }

    pub fn keep(self) {}

    pub fn start_over(self) {}
}

pub fn forget(_: OpenForm) {}
