//! What the portal's component reads and calls.

use leptos::prelude::*;
use model::portal::PortalState;

use super::calls::{OpenPortalInTab, open_portal, portal_state};
use crate::{
    community::current::{CommunityState, use_community},
    popup::{Popup, use_popup},
    reading::{Reading, reading},
};

/// Names the popup; the server puts it into the return address.
const POPUP: &str = "portal";

/// A handle that can be copied into closures.
#[derive(Clone, Copy)]
pub struct CustomerPortal {
    pub community: CommunityState,
    pub state: Reading<PortalState>,
    pub popup: Popup,
    /// Only for what went wrong with it: without JavaScript it is a plain form.
    pub in_tab: ServerAction<OpenPortalInTab>,
}

impl CustomerPortal {
    pub fn new() -> Self {
        let community = use_community();
        Self {
            community,
            state: reading(move || community.key(), |(slug, _)| portal_state(slug)),
            // What was done there comes by events; this shows what has come already.
            popup: use_popup(POPUP, move |_| community.touch()),
            in_tab: ServerAction::new(),
        }
    }

    /// Call it in the click itself.
    pub fn open(self) {
        self.community.begins();
        let community = self.community.slug.get_untracked();
        self.popup
            .open(async move { Ok(open_portal(community, POPUP.to_owned()).await?.url) });
    }
}
