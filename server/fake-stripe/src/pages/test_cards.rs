//! The test cards that the card form offers (docs.stripe.com/testing): the ones a store has to be right about.

/// A number to type and what Stripe does with it.
pub struct TestCard {
    pub number: &'static str,
    pub outcome: &'static str,
}

/// The cards in the order they are offered.
pub const fn test_cards() -> &'static [TestCard] {
    &[
        TestCard {
            number: "4242424242424242",
            outcome: "Pays",
        },
        TestCard {
            number: "5555555555554444",
            outcome: "Pays (Mastercard)",
        },
        TestCard {
            number: "4000002500003155",
            outcome: "Asks for authentication (3-D Secure)",
        },
        TestCard {
            number: "4000002760003184",
            outcome: "Asks for authentication every time",
        },
        TestCard {
            number: "4000000000000341",
            outcome: "Is saved, but fails when charged later",
        },
        TestCard {
            number: "4000000000000002",
            outcome: "Is declined",
        },
        TestCard {
            number: "4000000000009995",
            outcome: "Is declined: insufficient funds",
        },
        TestCard {
            number: "4000000000009987",
            outcome: "Is declined: lost card",
        },
        TestCard {
            number: "4000000000000069",
            outcome: "Is declined: expired card",
        },
        TestCard {
            number: "4000000000000127",
            outcome: "Is declined: wrong CVC",
        },
        TestCard {
            number: "4000000000000119",
            outcome: "Is declined: processing error",
        },
    ]
}
