//! Amounts: integers of a currency's minor unit. How many decimals it has, what Stripe charges at most and at least, how
//! a share of an amount is rounded, and how an amount reads.

/// Decimals of a currency (lower-case ISO code), by Stripe's list. (`isk` and `ugx` have none, but Stripe counts them in
/// hundredths.)
pub fn decimals(currency: &str) -> u32 {
    match currency {
        "bif" | "clp" | "djf" | "gnf" | "jpy" | "kmf" | "krw" | "mga" | "pyg" | "rwf" | "vnd" | "vuv" | "xaf"
        | "xof" | "xpf" => 0,
        "bhd" | "jod" | "kwd" | "omr" | "tnd" => 3,
        _ => 2,
    }
}

/// The largest amount of one payment or price, in minor units.
pub const MOST: i64 = 99_999_999;

/// The currencies that Stripe presents prices in (lower-case ISO codes; docs.stripe.com/currencies).
const CURRENCIES: &str = "usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf \
    chf clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf idr ils inr isk jmd jod jpy \
    kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab \
    pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd std szl thb tjs tnd top try ttd twd tzs uah ugx uyu uzs \
    vnd vuv wst xaf xcd xcg xof xpf yer zar zmw";

pub fn is_currency(code: &str) -> bool {
    CURRENCIES.split_ascii_whitespace().any(|known| known == code)
}

/// The least that Stripe charges in a currency (docs.stripe.com/currencies, "Minimum and maximum charge amounts"); for
/// those that are settled in another currency, nothing.
pub fn least_charge(currency: &str) -> i64 {
    match currency {
        "usd" | "aud" | "brl" | "cad" | "chf" | "eur" | "inr" | "jpy" | "nzd" | "sgd" => 50,
        "gbp" => 30,
        "bgn" => 100,
        "aed" | "myr" | "pln" | "ron" => 200,
        "dkk" => 250,
        "nok" | "sek" => 300,
        "hkd" => 400,
        "mxn" | "thb" => 1000,
        "czk" => 1500,
        "huf" => 17_500,
        _ => 0,
    }
}

/// The share `part / whole` of an amount, rounded half away from zero as Stripe's prorations are.
pub fn share(amount: i64, part: i64, whole: i64) -> i64 {
    if whole <= 0 {
        return 0;
    }
    let (product, whole) = (i128::from(amount) * i128::from(part), i128::from(whole));
    let rounded = (product.abs() * 2 + whole) / (whole * 2) * product.signum();
    i64::try_from(rounded).unwrap_or(0)
}

/// A percentage of an amount (`application_fee_percent`, at most two decimals).
pub fn percent(amount: i64, percent: f64) -> i64 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a percentage with two decimals is at most 10 000 hundredths"
    )]
    let hundredths = (percent * 100.0).round() as i64;
    share(amount, hundredths, 10_000)
}

/// `$10.00`, `¥500`, `KD 1.250`: as on Stripe's invoice lines.
pub fn readable(amount: i64, currency: &str) -> String {
    let decimals = decimals(currency);
    let unit = 10_i64.pow(decimals);
    let sign = if amount < 0 { "-" } else { "" };
    let (whole, rest) = ((amount / unit).abs(), (amount % unit).abs());
    let number = match decimals {
        0 => whole.to_string(),
        2 => format!("{whole}.{rest:02}"),
        _ => format!("{whole}.{rest:03}"),
    };
    match currency {
        "usd" => format!("{sign}${number}"),
        "eur" => format!("{sign}€{number}"),
        "gbp" => format!("{sign}£{number}"),
        "jpy" => format!("{sign}¥{number}"),
        other => format!("{sign}{} {number}", other.to_uppercase()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_round_half_away_from_zero() {
        assert_eq!(share(1000, 1, 2), 500);
        assert_eq!(share(1001, 1, 2), 501);
        assert_eq!(share(-1001, 1, 2), -501);
        assert_eq!(share(1000, 1, 3), 333);
        assert_eq!(share(1000, 2, 3), 667);
        assert_eq!(share(i64::MAX, 1, 1), i64::MAX);
        assert_eq!(share(5, 1, 0), 0);
    }

    #[test]
    fn amounts_read_with_their_currencys_decimals() {
        assert_eq!(readable(1050, "usd"), "$10.50");
        assert_eq!(readable(-5, "eur"), "-€0.05");
        assert_eq!(readable(500, "jpy"), "¥500");
        assert_eq!(readable(1250, "kwd"), "KWD 1.250");
    }

    #[test]
    fn fees_take_two_decimals() {
        assert_eq!(percent(1000, 2.5), 25);
        assert_eq!(percent(999, 0.29), 3);
    }
}
