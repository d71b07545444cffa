//! What happened: the middle ring of errors. A person's problem passes through; everything else keeps its source, is
//! logged by the adapter that shows it, and reaches the person as a reference.

use model::{Problem, Refusal};

use crate::{platform::OwnAccount, stripe::StripeError};

/// The result of a service.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a service could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Something the person can act on.
    #[error(transparent)]
    Problem(#[from] Problem),
    #[error("database: {0}")]
    Database(#[from] sea_orm::DbErr),
    #[error("stripe: {0}")]
    Stripe(#[from] StripeError),
    /// A row that cannot be what it is: our own mistake.
    #[error("inconsistent: {0}")]
    Inconsistent(String),
    /// The secret key is not that of the platform which the database's accounts are connected to.
    #[error("the database belongs to the Stripe platform {database}, and the secret key to {key}")]
    OtherPlatform { database: OwnAccount, key: OwnAccount },
    #[error("mail: {0}")]
    Mail(String),
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Problem(refusal.into())
    }
}

impl Error {
    pub(crate) fn inconsistent(what: impl Into<String>) -> Self {
        Self::Inconsistent(what.into())
    }

    /// What a person is told, if there is something to tell: their own problem, or what Stripe said in words meant for
    /// them. `None`: only a reference.
    pub fn problem(&self) -> Option<Problem> {
        match self {
            Self::Problem(problem) => Some(problem.clone()),
            Self::Stripe(error) if error.is_account_gone() => Some(Refusal::AccountGone.into()),
            Self::Stripe(error) if error.is_unavailable() => Some(Problem::StripeUnavailable),
            Self::Stripe(error) => error.message_for_people().map(|message| Problem::Stripe { message }),
            _ => None,
        }
    }
}

/// A short random-looking reference that a person can read out, and the log has.
pub fn reference() -> String {
    use std::hash::{BuildHasher, RandomState};
    // Only for finding a line in a log: the hasher's per-process and per-call seeds are random enough.
    format!("{:08X}", RandomState::new().hash_one(()) & 0xFFFF_FFFF)
}
