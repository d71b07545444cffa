//! The ways an account may turn out, as onboarding and the dashboard offer them, and what each means to the engine.

use super::onboarding::view::OutcomeChoice;
use crate::engine::{Engine, accounts::Outcome};

/// What can be chosen, the usual one first.
pub const CHOICES: [OutcomeChoice; 5] = [
    OutcomeChoice {
        value: "ready",
        label: "Ready",
        detail: "Takes payments and pays out",
    },
    OutcomeChoice {
        value: "due_soon",
        label: "Due soon",
        detail: "Takes payments; Stripe asks for something by a date",
    },
    OutcomeChoice {
        value: "under_review",
        label: "Under review",
        detail: "Stripe looks at the details; no payments meanwhile",
    },
    OutcomeChoice {
        value: "restricted",
        label: "Restricted",
        detail: "Something Stripe asked for is overdue; no payments",
    },
    OutcomeChoice {
        value: "rejected",
        label: "Rejected",
        detail: "Stripe does not want this business; no payments",
    },
];

/// The engine's word for a choice.
pub fn outcome_of(choice: &str) -> Option<Outcome> {
    match choice {
        "ready" => Some(Outcome::Ready),
        "due_soon" => Some(Outcome::DueSoon),
        "under_review" => Some(Outcome::UnderReview),
        "restricted" => Some(Outcome::Restricted),
        "rejected" => Some(Outcome::Rejected),
        _ => None,
    }
}

/// The choice that fits an account as it stands; none while onboarding is not finished.
pub fn choice_of(engine: &Engine, account: &str) -> &'static str {
    match super::account_status::account_status(engine, account).0 {
        "Ready" => "ready",
        "Due soon" => "due_soon",
        "Under review" => "under_review",
        "Restricted" => "restricted",
        "Rejected" => "rejected",
        _ => "",
    }
}
