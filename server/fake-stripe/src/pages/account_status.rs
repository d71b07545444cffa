//! How a connected account stands, in a word: for its dashboard, the list of accounts and the OAuth question.

use crate::{engine::Engine, fields::Fields};

/// A word and the class of its tag.
pub fn account_status(engine: &Engine, account: &str) -> (&'static str, &'static str) {
    let json = engine.get(account);
    let reason = json.text("requirements.disabled_reason");
    let asked = |list: &str| !json.items(&format!("requirements.{list}")).is_empty();
    if engine.hidden(account).flag("deleted") {
        ("Deleted", "bad")
    } else if engine.hidden(account).flag("closed") {
        ("Closed", "bad")
    } else if reason.starts_with("rejected.") {
        ("Rejected", "bad")
    } else if !json.flag("details_submitted") {
        ("Incomplete", "warn")
    } else if reason == "under_review" || (!json.flag("charges_enabled") && asked("pending_verification")) {
        ("Under review", "warn")
    } else if !reason.is_empty() || asked("past_due") || !json.flag("charges_enabled") {
        ("Restricted", "bad")
    } else if asked("currently_due") || asked("eventually_due") {
        ("Due soon", "warn")
    } else {
        ("Ready", "good")
    }
}

/// What Stripe asks for, in words: `individual.verification.document` becomes `Individual: verification, document`.
pub fn requirement_words(requirement: &str) -> String {
    let plain = requirement.replace('_', " ");
    let mut parts = plain.split('.');
    let first = parts.next().unwrap_or_default();
    let mut letters = first.chars();
    let capital = letters.next().map_or_else(String::new, |letter| {
        letter.to_uppercase().chain(letters).collect::<String>()
    });
    let rest: Vec<&str> = parts.collect();
    if rest.is_empty() {
        capital
    } else {
        format!("{capital}: {}", rest.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_requirement_reads_as_words() {
        assert_eq!(requirement_words("external_account"), "External account");
        assert_eq!(
            requirement_words("individual.verification.document"),
            "Individual: verification, document"
        );
    }
}
