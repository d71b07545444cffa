//! What a form showed, in short: so that who saves overwrites nothing they have not seen.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A short text that is another one when what can be edited of a thing is another. A view gives it, the form sends it back
/// as it came, and the service that writes compares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(pub String);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
