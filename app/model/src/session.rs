//! Who is looking.

use serde::{Deserialize, Serialize};

use crate::id::UserId;

/// The signed-in user, as the page header shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    pub user: UserId,
    pub email: String,
}

/// What signing in by e-mail answers: always the same, whether the address is known or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeSent {
    pub email: String,
    /// Names this attempt when the code is typed in.
    pub attempt: String,
    /// Minutes the code is good for.
    pub minutes: u32,
}
