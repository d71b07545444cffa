//! What came of something, said on the page until something else begins: two outcomes beside each other contradict.

use leptos::prelude::*;

use super::current::CommunityState;

/// A sentence about what was done. A handle that can be copied into closures.
#[derive(Clone, Copy)]
pub struct LatestNotice {
    community: CommunityState,
    said: RwSignal<Option<(u32, String)>>,
}

impl LatestNotice {
    pub fn new(community: CommunityState) -> Self {
        Self {
            community,
            said: RwSignal::new(None),
        }
    }

    /// Says it, in place of whatever was said before.
    pub fn say(self, text: String) {
        let number = self.community.begins();
        self.said.set(Some((number, text)));
    }

    /// The sentence, as long as nothing else began.
    pub fn get(self) -> Option<String> {
        let newest = self.community.newest().get();
        self.said
            .get()
            .filter(|(number, _)| *number == newest)
            .map(|(_, text)| text)
    }
}
