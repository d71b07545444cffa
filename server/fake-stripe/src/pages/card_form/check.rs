//! Whether what was typed can be a card at all: Stripe's own form says these sentences before it sends anything.

use super::{CardForm, Problems};

/// A complete card as the engine takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// Digits only.
    pub number: String,
    pub exp_month: u32,
    pub exp_year: i32,
    /// Name on the card; empty when none was given.
    pub name: String,
}

/// What the form is to be paid with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    Saved(String),
    New(Card),
}

impl CardForm {
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
                name: self.name.trim().to_owned(),
            })),
            _ => Err(problems),
        }
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
