//! Popups: what a window's address answers, and where it leads back to.

use serde::{Deserialize, Serialize};

/// Where the browser goes on: in the popup, or in the same tab when popups are blocked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PopupAddress {
    pub url: String,
}
