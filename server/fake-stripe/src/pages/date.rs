//! Moments as a person writes them on a bill: `22 November 2026`. Times are UTC seconds, as in Stripe's objects.

use chrono::DateTime;

/// The day of a Unix time in UTC; a dash for one outside the calendar.
pub fn day(unix: i64) -> String {
    DateTime::from_timestamp(unix, 0).map_or_else(|| "–".to_owned(), |at| at.format("%-d %B %Y").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_in_words() {
        assert_eq!(day(1_795_305_600), "22 November 2026");
        assert_eq!(day(i64::MAX), "–");
    }
}
