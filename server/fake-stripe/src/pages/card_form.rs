//! The card form of checkout, portal and invoice page: what a person typed, what is wrong with it in Stripe's words,
//! and how it is drawn again with everything but the security code still in it.

use maud::{Markup, html};
use serde::Deserialize;

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

/// A complete card as the engine takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// Digits only.
    pub number: String,
    pub exp_month: u32,
    pub exp_year: i32,
    pub cvc: String,
    /// Name on the card; empty when none was given.
    pub name: String,
}

/// What the form is to be paid with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    Saved(String),
    New(Card),
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

    /// The chosen card, or Stripe's sentences for what is missing; `year` and `month` are today's.
    pub fn check(&self, year: i32, month: u32) -> Result<Chosen, Problems> {
        if !self.payment_method.is_empty() && self.payment_method != "new" {
            return Ok(Chosen::Saved(self.payment_method.clone()));
        }
        let number: String = self
            .card_number
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .collect();
        let number_problem = if !number.is_empty() && number.chars().any(|c| !c.is_ascii_digit()) {
            Some("Your card number is invalid.")
        } else if number.len() < 14 {
            Some("Your card number is incomplete.")
        } else if number.len() > 19 || !passes_luhn(&number) {
            Some("Your card number is invalid.")
        } else {
            None
        };
        let expiry = expiry(&self.exp);
        let exp_problem = match expiry {
            None => Some("Your card's expiration date is incomplete."),
            Some((m, _)) if !(1..=12).contains(&m) => Some("Your card's expiration date is invalid."),
            Some((_, y)) if y < year => Some("Your card's expiration year is in the past."),
            Some((m, y)) if y == year && m < month => Some("Your card's expiration date is in the past."),
            Some(_) => None,
        };
        let cvc = self.cvc.trim();
        let cvc_problem = (!(3..=4).contains(&cvc.len()) || !cvc.chars().all(|c| c.is_ascii_digit()))
            .then_some("Your card's security code is incomplete.");
        let problems = Problems {
            card_number: number_problem.map(str::to_owned),
            exp: exp_problem.map(str::to_owned),
            cvc: cvc_problem.map(str::to_owned),
            ..Problems::default()
        };
        match expiry {
            Some((exp_month, exp_year)) if problems.is_empty() => Ok(Chosen::New(Card {
                number,
                exp_month,
                exp_year,
                cvc: cvc.to_owned(),
                name: self.name.trim().to_owned(),
            })),
            _ => Err(problems),
        }
    }

    /// A decline, above the form's first field.
    pub fn draw_refusal(problems: &Problems) -> Markup {
        html! {
            @if let Some(sentence) = &problems.form { p.notice.bad role="alert" { (sentence) } }
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
                ..Field::default()
            }.draw())
            div.pair {
                (Field {
                    name: "exp", label: "Expiry (MM / YY)", value: &self.exp, autocomplete: "cc-exp", inputmode: "numeric",
                    placeholder: "MM / YY", problem: problems.exp.as_deref(), ..Field::default()
                }.draw())
                (Field {
                    name: "cvc", label: "Security code", value: if self.shows_cvc(problems) { &self.cvc } else { "" },
                    autocomplete: "cc-csc", inputmode: "numeric", placeholder: "CVC", problem: problems.cvc.as_deref(),
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

fn expiry(typed: &str) -> Option<(u32, i32)> {
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let (month, year) = match typed.split_once('/') {
        Some((month, year)) => (month.trim().to_owned(), year.trim().to_owned()),
        None if digits.len() == 4 || digits.len() == 6 => (digits[..2].to_owned(), digits[2..].to_owned()),
        None => return None,
    };
    let month = month.parse().ok()?;
    match year.len() {
        2 => year.parse::<i32>().ok().map(|short| (month, 2000 + short)),
        4 => year.parse().ok().map(|year| (month, year)),
        _ => None,
    }
}

fn passes_luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(position, byte)| {
            let digit = u32::from(byte - b'0');
            if position % 2 == 0 {
                digit
            } else {
                digit * 2 / 10 + digit * 2 % 10
            }
        })
        .sum();
    sum.is_multiple_of(10)
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
