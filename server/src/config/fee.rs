//! The platform's fee.

/// Percent with at most two decimals, 0–100, in hundredths: `2.5` is 250.
pub(super) fn parse(text: &str) -> Result<u32, String> {
    let wrong = || format!("“{text}” must be a number from 0 to 100 with at most two decimals");
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 3 || fraction.len() > 2 || !digits(whole) || !digits(fraction) {
        return Err(wrong());
    }
    let hundredths: u32 = format!("{whole}{fraction:0<2}").parse().map_err(|_| wrong())?;
    if hundredths > 10_000 {
        Err(wrong())
    } else {
        Ok(hundredths)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn percents_are_exact_and_within_bounds() {
        for (text, hundredths) in [
            ("0", 0),
            ("2.5", 250),
            ("12.34", 1234),
            ("100", 10_000),
            ("100.00", 10_000),
        ] {
            assert_eq!(super::parse(text), Ok(hundredths));
        }
        for bad in ["", "-1", "100.01", "1e1", "2.345", "NaN", "5%", ".5"] {
            assert!(super::parse(bad).is_err(), "{bad}");
        }
    }
}
