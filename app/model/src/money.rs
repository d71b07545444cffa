//! Money: an integer of the currency's minor unit with its ISO 4217 code. No floats anywhere.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Problem;

/// Stripe takes at most eight digits of the minor unit (<https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts>).
const LARGEST: i64 = 99_999_999;

/// Code, decimals, smallest charge in minor units, symbol written before the amount (empty: the code follows it).
/// Minimums: <https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts>; where Stripe names none, about
/// half a US dollar.
const CURRENCIES: [(&str, u32, i64, &str); 24] = [
    ("usd", 2, 50, "$"),
    ("eur", 2, 50, "€"),
    ("gbp", 2, 30, "£"),
    ("aud", 2, 50, "A$"),
    ("bhd", 3, 200, ""),
    ("brl", 2, 50, "R$"),
    ("cad", 2, 50, "C$"),
    ("chf", 2, 50, ""),
    ("clp", 0, 500, ""),
    ("czk", 2, 1500, ""),
    ("dkk", 2, 250, ""),
    ("hkd", 2, 400, "HK$"),
    ("inr", 2, 50, "₹"),
    ("jod", 3, 350, ""),
    ("jpy", 0, 50, "¥"),
    ("krw", 0, 700, "₩"),
    ("kwd", 3, 150, ""),
    ("mxn", 2, 1000, "MX$"),
    ("nok", 2, 300, ""),
    ("nzd", 2, 50, "NZ$"),
    ("pln", 2, 200, ""),
    ("sek", 2, 300, ""),
    ("sgd", 2, 50, "S$"),
    ("tnd", 3, 1500, ""),
];

/// One of the currencies a community can sell in; small letters, as Stripe writes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency(usize);

impl Currency {
    pub fn all() -> impl Iterator<Item = Self> {
        (0..CURRENCIES.len()).map(Self)
    }

    /// # Errors
    /// `Problem::Invalid` on the field `currency`.
    pub fn parse(code: &str) -> Result<Self, Problem> {
        let code = code.trim().to_ascii_lowercase();
        CURRENCIES
            .iter()
            .position(|(known, ..)| *known == code)
            .map(Self)
            .ok_or_else(|| Problem::invalid("currency", "Currency must be one of those in the list."))
    }

    /// ISO 4217 in small letters, as Stripe writes it.
    pub fn code(self) -> &'static str {
        CURRENCIES[self.0].0
    }

    /// Digits after the decimal point: 0, 2 or 3.
    pub fn decimals(self) -> u32 {
        CURRENCIES[self.0].1
    }

    fn smallest(self) -> i64 {
        CURRENCIES[self.0].2
    }
}

impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::parse(&code).map_err(serde::de::Error::custom)
    }
}

/// An amount; negative ones are credits. `Display` is what a person reads: `€9.00`, `¥1,000`, `12.000 KWD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// In the currency's minor unit.
    pub minor: i64,
    pub currency: Currency,
}

impl Money {
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Reads a price as a person types it: `9`, `9.5`, `9,50`, `1000`; without decimals also as it is shown: `1,000`. Exact;
    /// within Stripe's limits.
    ///
    /// # Errors
    /// `Problem::Invalid` on `field` for anything that is no plain positive decimal number, has more decimals than the
    /// currency, or is outside of what Stripe charges.
    pub fn parse_price(field: &str, text: &str, currency: Currency) -> Result<Self, Problem> {
        let refuse = |message: String| Err(Problem::invalid(field, message));
        let decimals = currency.decimals() as usize;
        let ungrouped = if decimals == 0 { ungrouped(text) } else { None };
        let text = ungrouped.as_deref().unwrap_or(text).trim();
        let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(fraction) || text.ends_with(['.', ',']) {
            let example = Self::example(currency).plain();
            return refuse(format!(
                "Price must be a number such as {example}, without signs, letters or spaces."
            ));
        }
        if fraction.len() > decimals {
            return refuse(match decimals {
                0 => format!("Price in {} has no decimals.", currency.code().to_uppercase()),
                _ => format!(
                    "Price in {} has at most {decimals} decimals.",
                    currency.code().to_uppercase()
                ),
            });
        }
        let padded = format!("{whole}{fraction:0<decimals$}");
        let (smallest, largest) = (currency.smallest(), LARGEST);
        let minor = padded
            .trim_start_matches('0')
            .parse::<i64>()
            .or_else(|error| match error.kind() {
                std::num::IntErrorKind::Empty => Ok(0),
                _ => Err(error),
            });
        match minor {
            Ok(minor) if (smallest..=largest).contains(&minor) => {
                if decimals == 3 && minor % 10 != 0 {
                    return refuse(format!(
                        "Price in {} must end in 0: Stripe charges it in steps of ten.",
                        currency.code().to_uppercase()
                    ));
                }
                Ok(Self::new(minor, currency))
            }
            // Both as they can be typed.
            _ => refuse(format!(
                "Price in {} must be between {} and {}.",
                currency.code().to_uppercase(),
                Self::new(smallest, currency).plain(),
                Self::new(largest, currency).plain()
            )),
        }
    }

    /// A price that could be typed: 9 where that is not too little.
    fn example(currency: Currency) -> Self {
        let nine = Self::power(currency) * 9;
        Self::new(nine.max(currency.smallest() * 2), currency)
    }

    /// Only digits and a decimal point, as an input takes it: `9.00`.
    pub fn plain(self) -> String {
        let power = Self::power(self.currency).unsigned_abs();
        let absolute = self.minor.unsigned_abs();
        let sign = if self.minor < 0 { "-" } else { "" };
        match self.currency.decimals() as usize {
            0 => format!("{sign}{absolute}"),
            decimals => format!("{sign}{}.{:0decimals$}", absolute / power, absolute % power),
        }
    }

    fn power(currency: Currency) -> i64 {
        10_i64.pow(currency.decimals())
    }
}

/// The digits of `1,000` or `1.000.000`; nothing when it is not written in groups of three.
fn ungrouped(text: &str) -> Option<String> {
    let text = text.trim();
    let separator = if text.contains(',') { ',' } else { '.' };
    let mut groups = text.split(separator);
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let is_grouped = (1..=3).contains(&first.len()) && !rest.is_empty() && rest.iter().all(|group| group.len() == 3);
    is_grouped.then(|| [first, &rest.concat()].concat())
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = self.plain();
        let (sign, number) = plain.strip_prefix('-').map_or(("", plain.as_str()), |rest| ("−", rest));
        let (whole, fraction) = number.find('.').map_or((number, ""), |dot| number.split_at(dot));
        let mut grouped = String::with_capacity(number.len() + 4);
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        match CURRENCIES[self.currency.0].3 {
            "" => write!(
                f,
                "{sign}{grouped}{fraction}\u{a0}{}",
                self.currency.code().to_uppercase()
            ),
            symbol => write!(f, "{sign}{symbol}{grouped}{fraction}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn currency(code: &str) -> Currency {
        Currency::parse(code).expect("known")
    }

    #[test]
    fn prices_are_parsed_exactly_in_each_number_of_decimals() {
        for (text, code, minor) in [
            ("9", "eur", 900),
            ("9.5", "eur", 950),
            ("9,50", "usd", 950),
            ("0.50", "usd", 50),
            ("999999.99", "usd", 99_999_999),
            ("1000", "jpy", 1000),
            ("1,000", "jpy", 1000),
            ("1.000", "jpy", 1000),
            (" 12,345,678 ", "krw", 12_345_678),
            ("1.25", "kwd", 1250),
            ("00012", "eur", 1200),
        ] {
            assert_eq!(
                Money::parse_price("price", text, currency(code)).expect(text).minor,
                minor
            );
        }
    }

    #[test]
    fn what_is_no_price_is_refused_with_the_field_and_what_is_allowed() {
        for (text, code) in [
            ("", "eur"),
            ("NaN", "eur"),
            ("-5", "eur"),
            ("+5", "eur"),
            ("1e3", "eur"),
            ("9.999", "eur"),
            ("9.", "eur"),
            (".5", "eur"),
            ("1.000,00", "eur"),
            ("9 0", "eur"),
            ("٣", "eur"),
            ("0", "eur"),
            ("0.49", "usd"),
            ("1000000", "usd"),
            ("99999999999999999999999", "usd"),
            ("10.5", "jpy"),
            ("1,0000", "jpy"),
            ("1000,000", "jpy"),
            ("1,000.000", "jpy"),
            ("1,000", "eur"),
            ("1.255", "kwd"),
        ] {
            let problem = Money::parse_price("monthly", text, currency(code)).expect_err(text);
            assert_eq!(problem.field(), Some("monthly"));
            assert!(problem.to_string().starts_with("Price"), "{problem}");
        }
    }

    #[test]
    fn what_a_refusal_names_as_an_example_or_a_limit_can_be_typed() {
        for currency in Currency::all() {
            let said = |text: &str| {
                let problem = Money::parse_price("price", text, currency).expect_err(text);
                problem.to_string()
            };
            let example = said("much");
            let example = example
                .split("such as ")
                .nth(1)
                .and_then(|rest| rest.split(", without").next());
            let limits = said("0");
            let limits = limits.trim_end_matches('.').split("between ").nth(1).expect("limits");
            let (smallest, largest) = limits.split_once(" and ").expect("two");
            for text in [example.expect("an example"), smallest] {
                assert!(
                    Money::parse_price("price", text, currency).is_ok(),
                    "{text} {}",
                    currency.code()
                );
            }
            // In three decimals Stripe's largest amount is no multiple of ten.
            if currency.decimals() < 3 {
                assert!(Money::parse_price("price", largest, currency).is_ok(), "{largest}");
            }
        }
    }

    #[test]
    fn what_is_shown_without_decimals_can_be_typed_as_it_is_shown() {
        let yen = Money::new(1_234_567, currency("jpy"));
        let shown = yen.to_string();
        let typed = shown.trim_start_matches('¥');
        assert_eq!(Money::parse_price("price", typed, currency("jpy")), Ok(yen));
    }

    #[test]
    fn amounts_read_as_a_person_writes_them() {
        for (minor, code, text) in [
            (900, "eur", "€9.00"),
            (123_456_789, "usd", "$1,234,567.89"),
            (1000, "jpy", "¥1,000"),
            (12_000, "kwd", "12.000\u{a0}KWD"),
            (-250, "gbp", "−£2.50"),
            (5, "usd", "$0.05"),
        ] {
            assert_eq!(Money::new(minor, currency(code)).to_string(), text);
        }
    }
}
