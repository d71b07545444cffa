//! The card form of checkout, portal and invoice page: what a person typed, what is wrong with it in Stripe's words,
//! and how it is drawn again with everything but the security code still in it.

mod check;

use maud::{Markup, html};
use serde::Deserialize;

pub use self::check::{Card, Chosen};
use super::{field::Field, test_cards::test_cards};

/// What was typed; also what is shown when the form is drawn again.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct CardForm {
    /// A saved payment method's id, or `new`.
    pub payment_method: String,
    pub email: String,
    pub card_number: String,
    pub exp: String,
    pub cvc: String,
    pub name: String,
    /// A test card to fill in (the list's buttons, without script).
    pub test_card: String,
}

/// Problems by field, and one for the form as a whole (a decline).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    pub form: Option<String>,
    pub email: Option<String>,
    pub card_number: Option<String>,
    pub exp: Option<String>,
    pub cvc: Option<String>,
}

impl Problems {
    /// A decline or another refusal of the payment as a whole.
    pub fn refused(sentence: impl Into<String>) -> Self {
        Self {
            form: Some(sentence.into()),
            ..Self::default()
        }
    }

    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The first field that is wrong, where the page puts the focus.
    pub fn first(&self) -> Option<&'static str> {
        let fields = [
            ("email", &self.email),
            ("card_number", &self.card_number),
            ("exp", &self.exp),
            ("cvc", &self.cvc),
        ];
        fields
            .into_iter()
            .find(|(_, problem)| problem.is_some())
            .map(|(name, _)| name)
    }
}

/// A payment method that may be chosen instead of typing a card.
#[derive(Clone, Debug)]
pub struct SavedCard {
    pub id: String,
    /// As in `Visa •••• 4242`.
    pub label: String,
    /// As in `12/34`.
    pub expires: String,
    pub is_default: bool,
}

impl CardForm {
    /// Fills in the test card whose button was pressed; true when there was one.
    pub fn fill_test_card(&mut self) -> bool {
        if self.test_card.is_empty() {
            return false;
        }
        self.card_number = grouped(&self.test_card);
        "12 / 34".clone_into(&mut self.exp);
        "123".clone_into(&mut self.cvc);
        "new".clone_into(&mut self.payment_method);
        self.test_card.clear();
        true
    }

    /// A decline, above the form's first field.
    pub fn draw_refusal(problems: &Problems) -> Markup {
        html! {
            @if let Some(sentence) = &problems.form { p.notice.bad role="alert" tabindex="-1" autofocus { (sentence) } }
        }
    }

    /// The choice of saved cards (when there are any) and the fields for a new one.
    pub fn draw(&self, saved: &[SavedCard], problems: &Problems) -> Markup {
        let chosen = self.chosen_among(saved);
        html! {
            @if !saved.is_empty() {
                fieldset {
                    legend { "Pay with" }
                    @for card in saved {
                        label.choice {
                            input type="radio" name="payment_method" value=(card.id) checked[chosen == card.id];
                            span { (card.label) @if card.is_default { " " span.tag { "Default" } } }
                            span.small.muted { "Expires " (card.expires) }
                        }
                    }
                    label.choice {
                        input type="radio" name="payment_method" value="new" checked[chosen == "new"];
                        span { "A new card" }
                    }
                }
            }
            div.stack.new-card { (self.new_card(problems)) }
        }
    }

    /// The list of test cards; drawn after the form's own button, so that Enter presses that one.
    pub fn draw_test_cards() -> Markup {
        html! {
            details.test-cards.new-card open {
                summary { "Test cards" }
                ul {
                    @for card in test_cards() {
                        li {
                            span {
                                code.nowrap { (grouped(card.number)) } br;
                                span.small.muted { (card.outcome) }
                            }
                            button.slight type="submit" name="test_card" value=(card.number) formnovalidate
                                data-exp="12 / 34" data-cvc="123" aria-label={ "Use " (grouped(card.number)) ": " (card.outcome) } { "Use" }
                        }
                    }
                }
            }
        }
    }

    fn new_card(&self, problems: &Problems) -> Markup {
        html! {
            (Field {
                name: "card_number", label: "Card number", value: &self.card_number, autocomplete: "cc-number",
                inputmode: "numeric", placeholder: "1234 1234 1234 1234", problem: problems.card_number.as_deref(),
                autofocus: problems.first() == Some("card_number"),
                ..Field::default()
            }.draw())
            div.pair {
                (Field {
                    name: "exp", label: "Expiry (MM / YY)", value: &self.exp, autocomplete: "cc-exp", inputmode: "numeric",
                    placeholder: "MM / YY", problem: problems.exp.as_deref(), autofocus: problems.first() == Some("exp"), ..Field::default()
                }.draw())
                (Field {
                    name: "cvc", label: "Security code", value: if self.shows_cvc(problems) { &self.cvc } else { "" },
                    autocomplete: "cc-csc", inputmode: "numeric", placeholder: "CVC", problem: problems.cvc.as_deref(), autofocus: problems.first() == Some("cvc"),
                    ..Field::default()
                }.draw())
            }
            (Field {
                name: "name", label: "Name on card", value: &self.name, autocomplete: "cc-name", ..Field::default()
            }.draw())
        }
    }

    /// A security code is only ever drawn when it is a test card's that we filled in ourselves.
    fn shows_cvc(&self, problems: &Problems) -> bool {
        problems.is_empty()
            && self.cvc == "123"
            && test_cards().iter().any(|card| grouped(card.number) == self.card_number)
    }

    fn chosen_among<'a>(&'a self, saved: &'a [SavedCard]) -> &'a str {
        if self.payment_method == "new" || saved.iter().any(|card| card.id == self.payment_method) {
            return &self.payment_method;
        }
        saved
            .iter()
            .find(|card| card.is_default)
            .or_else(|| saved.first())
            .map_or("new", |card| &card.id)
    }
}

fn grouped(number: &str) -> String {
    let digits: Vec<char> = number.chars().collect();
    digits
        .chunks(4)
        .map(|four| four.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests;
