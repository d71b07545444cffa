//! The bank's question of a 3-D Secure card, asked by checkout and by the invoice page.

use maud::{Markup, html};
use serde::Deserialize;

use super::layout::{Shape, document};

/// What the bank asks about.
pub struct ChallengeView<'a> {
    /// Where the answer is posted.
    pub answer_to: String,
    pub seller: &'a str,
    /// The card, as in `Visa •••• 3184`.
    pub card: &'a str,
    /// What is paid, written out; nothing is charged when a card is only saved.
    pub amount: Option<String>,
}

impl ChallengeView<'_> {
    pub fn draw(&self) -> Markup {
        document(
            "Confirm it’s you",
            Shape::Narrow,
            html! {
                section.card.stack {
                    p.crumb { "3D Secure 2 Test Page" }
                    h1 { "Confirm it’s you" }
                    p {
                        "Your bank asks you to approve "
                        @if let Some(amount) = &self.amount { strong { (amount) } " to " } @else { "saving this card for " }
                        strong { (self.seller) } " with " (self.card) "."
                    }
                    p.muted { "A real bank would send you a code or open its app here. Choose what it answers." }
                    form.actions method="post" action=(self.answer_to) {
                        button.primary name="answer" value="complete" { "Complete authentication" }
                        button name="answer" value="fail" { "Fail authentication" }
                    }
                }
            },
        )
    }
}

/// What the person chose.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ChallengeAnswer {
    answer: String,
}

impl ChallengeAnswer {
    /// Stripe's sentence for an authentication that failed.
    pub const FAILED: &str =
        "We are unable to authenticate your payment method. Please choose a different payment method and try again.";

    pub fn is_complete(&self) -> bool {
        self.answer == "complete"
    }
}
