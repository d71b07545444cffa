//! What the well-known test cards do (docs.stripe.com/testing), and the `pm_card_…` tokens that stand for them.

use crate::error::StripeError;

/// When a card works and when it does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Card {
    Good,
    /// Never works: code and sentence.
    Declined(&'static str, &'static str),
    /// Needs its owner's confirmation once; then it can be charged without them.
    ConfirmOnce,
    /// Needs its owner's confirmation at every charge.
    ConfirmAlways,
    /// Works, and every payment is disputed at once: the reason.
    Disputed(&'static str),
    /// Can be saved, but not charged.
    FailsWhenCharged,
    /// Not a number of any test card.
    Unknown,
}

const DECLINED: &str = "Your card was declined.";

/// What a card number does; spaces are ignored.
pub fn card(number: &str) -> Card {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    match digits.as_str() {
        "4242424242424242" | "4000056655665556" | "5555555555554444" | "378282246310005" | "6011111111111117" => {
            Card::Good
        }
        "4000000000000002" => Card::Declined("generic_decline", DECLINED),
        "4000000000009995" => Card::Declined("insufficient_funds", "Your card has insufficient funds."),
        "4000000000009987" => Card::Declined("lost_card", DECLINED),
        "4000000000009979" => Card::Declined("stolen_card", DECLINED),
        "4000000000000069" => Card::Declined("expired_card", "Your card has expired."),
        "4000000000000127" => Card::Declined("incorrect_cvc", "Your card's security code is incorrect."),
        "4000000000000119" => Card::Declined(
            "processing_error",
            "An error occurred while processing your card. Try again in a little bit.",
        ),
        "4000002500003155" => Card::ConfirmOnce,
        "4000002760003184" => Card::ConfirmAlways,
        "4000000000000259" => Card::Disputed("fraudulent"),
        "4000000000002685" => Card::Disputed("product_not_received"),
        "4000000000000341" => Card::FailsWhenCharged,
        _ => Card::Unknown,
    }
}

/// The number that a test token (`pm_card_visa`, `tok_visa`) stands for.
pub fn number_of_token(token: &str) -> Option<&'static str> {
    Some(match token.trim_start_matches("pm_card_").trim_start_matches("tok_") {
        "visa" => "4242424242424242",
        "visa_debit" => "4000056655665556",
        "mastercard" => "5555555555554444",
        "amex" => "378282246310005",
        "chargeDeclined" => "4000000000000002",
        "chargeDeclinedInsufficientFunds" => "4000000000009995",
        "chargeDeclinedLostCard" => "4000000000009987",
        "chargeDeclinedStolenCard" => "4000000000009979",
        "chargeDeclinedExpiredCard" => "4000000000000069",
        "chargeDeclinedIncorrectCvc" => "4000000000000127",
        "chargeDeclinedProcessingError" => "4000000000000119",
        "authenticationRequired" => "4000002760003184",
        "authenticationRequiredOnSetup" => "4000002500003155",
        "createDispute" => "4000000000000259",
        "createDisputeProductNotReceived" => "4000000000002685",
        "chargeCustomerFail" => "4000000000000341",
        _ => return None,
    })
}

pub fn brand(number: &str) -> &'static str {
    match number.as_bytes().first() {
        Some(b'5') => "mastercard",
        Some(b'3') => "amex",
        Some(b'6') => "discover",
        _ => "visa",
    }
}

/// The refusal of a declined card: some reasons are codes of their own, the others come as `decline_code`.
pub fn declined(reason: &str, sentence: &str) -> StripeError {
    let own = ["expired_card", "incorrect_cvc", "processing_error"];
    if own.contains(&reason) {
        return StripeError::card(reason, sentence);
    }
    StripeError::card("card_declined", sentence).with("decline_code", reason.into())
}

pub fn decline_of(card: Card) -> Option<StripeError> {
    match card {
        Card::Declined(reason, sentence) => Some(declined(reason, sentence)),
        Card::FailsWhenCharged => Some(declined("generic_decline", DECLINED)),
        Card::Unknown => Some(StripeError::card("incorrect_number", "Your card number is incorrect.")),
        _ => None,
    }
}
