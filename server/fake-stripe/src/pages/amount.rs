//! Money as a person writes it: `€5.00`, `¥1,200`, `KWD 1.250`. The hosted pages show amounts only through this.

use crate::money;

/// How many decimals an amount of Stripe's in this currency has.
pub fn decimals(currency: &str) -> usize {
    usize::try_from(money::decimals(currency)).unwrap_or(2)
}

/// What a person typed (`5`, `5.00`, `5,5`) in minor units; none when it is no amount of this currency.
pub fn minor_units(typed: &str, currency: &str) -> Option<i64> {
    let digits = decimals(currency);
    let plain = typed.trim().replace(',', ".");
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    if fraction.len() > digits || whole.is_empty() {
        return None;
    }
    format!("{whole}{fraction:0<digits$}")
        .parse()
        .ok()
        .filter(|minor| *minor > 0)
}

/// `minor` units of `currency` (lower-case ISO 4217) with its sign, grouping and decimals.
pub fn amount(minor: i64, currency: &str) -> String {
    let digits = decimals(currency);
    let padded = format!("{:0>width$}", minor.unsigned_abs(), width = digits + 1);
    let (whole, fraction) = padded.split_at(padded.len() - digits);
    let mut grouped = String::new();
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && (whole.len() - position).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let minus = if minor < 0 { "−" } else { "" };
    let sign = sign(currency);
    let point = if digits > 0 { "." } else { "" };
    format!("{minus}{sign}{grouped}{point}{fraction}")
}

/// `per month`, `every 3 months`.
pub fn interval(unit: &str, count: i64) -> String {
    if count == 1 {
        format!("per {unit}")
    } else {
        format!("every {count} {unit}s")
    }
}

fn sign(currency: &str) -> String {
    let known = match currency {
        "usd" => "$",
        "eur" => "€",
        "gbp" => "£",
        "jpy" => "¥",
        "krw" => "₩",
        "inr" => "₹",
        "ils" => "₪",
        "vnd" => "₫",
        "aud" => "A$",
        "brl" => "R$",
        "cad" => "CA$",
        "cny" => "CN¥",
        "hkd" => "HK$",
        "mxn" => "MX$",
        "nzd" => "NZ$",
        "twd" => "NT$",
        _ => return format!("{}\u{a0}", currency.to_uppercase()),
    };
    known.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_as_a_person_writes_them() {
        for (minor, currency, written) in [
            (500, "eur", "€5.00"),
            (5, "usd", "$0.05"),
            (0, "gbp", "£0.00"),
            (123_456_789, "usd", "$1,234,567.89"),
            (-250, "usd", "−$2.50"),
            (1200, "jpy", "¥1,200"),
            (1250, "kwd", "KWD\u{a0}1.250"),
            (7, "bhd", "BHD\u{a0}0.007"),
            (990, "chf", "CHF\u{a0}9.90"),
        ] {
            assert_eq!(amount(minor, currency), written);
        }
    }

    #[test]
    fn intervals_read_as_a_person_says_them() {
        assert_eq!(interval("month", 1), "per month");
        assert_eq!(interval("month", 3), "every 3 months");
    }
}
