//! How a call to Stripe can fail (<https://docs.stripe.com/api/errors>).

use std::fmt;

use serde::Deserialize;

/// A failed call.
#[derive(Debug, thiserror::Error)]
pub enum StripeError {
    /// Stripe answered with an error.
    #[error("{0}")]
    Refused(Box<Refused>),
    /// No answer after all attempts: connection, time-out.
    #[error("no answer: {0}")]
    NoAnswer(#[source] reqwest::Error),
    /// The account's circuit is open: Stripe did not answer the last calls, so it was not asked.
    #[error("Stripe did not answer the last calls, so it was not asked")]
    NotAnswering,
    /// No turn within the limits came in time, so nothing was sent.
    #[error("too many calls to Stripe at once, so it was not asked")]
    TooBusy,
    /// An answer that is not what Stripe documents.
    #[error("unreadable answer: {0}")]
    Unreadable(String),
    /// The note of a write could not be kept, so nothing was sent.
    #[error("the write could not be noted: {0}")]
    NotNoted(#[from] sea_orm::DbErr),
}

/// Stripe's error object.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Refused {
    #[serde(skip)]
    pub status: u16,
    #[serde(rename = "type")]
    pub kind: String,
    pub code: Option<String>,
    pub decline_code: Option<String>,
    pub param: Option<String>,
    pub message: Option<String>,
    /// Saved under the idempotency key of the call, and said again (`Idempotent-Replayed`).
    #[serde(skip)]
    pub replayed: bool,
    #[serde(skip)]
    pub request_id: Option<String>,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let none = "-";
        write!(
            f,
            "{} {} (code {}, param {}, request {}): {}",
            self.status,
            self.kind,
            self.code.as_deref().unwrap_or(none),
            self.param.as_deref().unwrap_or(none),
            self.request_id.as_deref().unwrap_or(none),
            self.message.as_deref().unwrap_or(none),
        )
    }
}

impl StripeError {
    fn refused(&self) -> Option<&Refused> {
        match self {
            Self::Refused(refused) => Some(refused),
            _ => None,
        }
    }

    /// The object is not there (404, or Stripe's `resource_missing`).
    pub fn is_missing(&self) -> bool {
        self.refused()
            .is_some_and(|refused| refused.status == 404 || refused.code.as_deref() == Some("resource_missing"))
    }

    /// A preview found nothing to bill.
    pub(super) fn is_nothing_upcoming(&self) -> bool {
        self.refused()
            .is_some_and(|refused| refused.code.as_deref() == Some("invoice_upcoming_none"))
    }

    /// The call named a customer that is not there (any more).
    pub fn is_missing_customer(&self) -> bool {
        self.is_missing()
            && self
                .refused()
                .is_some_and(|refused| refused.param.as_deref() == Some("customer"))
    }

    /// The connected account was deleted: it never comes back.
    pub fn is_account_deleted(&self) -> bool {
        self.refused().is_some_and(|refused| {
            let said = refused.message.as_deref().unwrap_or_default();
            said.contains("has been deleted, so we can't complete")
        })
    }

    /// The connected account is out of reach: revoked, closed or deleted. The messages may come without a code.
    pub fn is_account_gone(&self) -> bool {
        self.refused().is_some_and(|refused| {
            let said = refused.message.as_deref().unwrap_or_default();
            refused.code.as_deref() == Some("account_invalid")
                || self.is_account_deleted()
                || said.contains("access may have been revoked")
        })
    }

    /// The card did not pay.
    pub fn is_card_error(&self) -> bool {
        self.refused()
            .is_some_and(|refused| refused.kind == "card_error" || refused.status == 402)
    }

    /// The object exists already: what was to be made was made before.
    pub(super) fn is_there_already(&self) -> bool {
        self.refused().is_some_and(|refused| {
            refused.code.as_deref() == Some("resource_already_exists") || refused.param.as_deref() == Some("lookup_key")
        })
    }

    /// Stripe is out of reach or overloaded: the same may work later. Unless the call [was not sent](Self::is_unsent) or
    /// was turned away (409, 429), nobody can say whether it was carried out.
    pub fn is_unavailable(&self) -> bool {
        match self {
            Self::Refused(refused) => refused.status >= 500 || matches!(refused.status, 409 | 429),
            Self::NoAnswer(_) | Self::NotAnswering | Self::TooBusy => true,
            _ => false,
        }
    }

    /// We did not ask.
    pub(super) fn is_unsent(&self) -> bool {
        matches!(self, Self::NotAnswering | Self::TooBusy | Self::NotNoted(_))
    }

    /// A refusal that the same call would meet again: it was looked at and nothing was done.
    ///
    /// Not so `idempotency_error` (the key was used with other parameters): that says nothing of this call, and of the
    /// earlier one only that it was sent. It may well have been carried out.
    pub(crate) fn is_definite(&self) -> bool {
        self.refused().is_some_and(|refused| {
            (400..500).contains(&refused.status) && !matches!(refused.status, 409 | 429) && !refused.is_key_mismatch()
        })
    }

    /// The key was used with other parameters before.
    pub(super) fn is_key_mismatch(&self) -> bool {
        self.refused().is_some_and(Refused::is_key_mismatch)
    }

    /// Stripe failed while it worked: what was asked may or may not have happened.
    pub(super) fn is_failure(&self) -> bool {
        self.refused().is_some_and(|refused| refused.status >= 500)
    }

    /// The idempotency key brings nothing but this any more, whatever became of the call.
    pub(super) fn is_key_spent(&self) -> bool {
        self.refused()
            .is_some_and(|refused| refused.is_key_mismatch() || (refused.status >= 500 && refused.replayed))
    }

    /// What Stripe said, when it is meant for people: card errors, and refused requests of a person's own making.
    pub fn message_for_people(&self) -> Option<String> {
        self.refused()
            .filter(|refused| matches!(refused.status, 400 | 402) && !refused.is_key_mismatch())
            .and_then(|refused| refused.message.clone())
    }
}

impl Refused {
    fn is_key_mismatch(&self) -> bool {
        self.kind == "idempotency_error" && self.status == 400
    }
}
