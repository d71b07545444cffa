//! Dates as a person writes them: `3 March 2027`, in UTC, the same on the server and in the browser.

use chrono::{Datelike, Timelike};

use crate::Timestamp;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `3 March 2027`
pub fn day(at: Timestamp) -> String {
    let month = MONTHS[at.month0() as usize];
    format!("{} {month} {}", at.day(), at.year())
}

/// `3 March 2027, 14:05 UTC`
pub fn moment(at: Timestamp) -> String {
    format!("{}, {:02}:{:02} UTC", day(at), at.hour(), at.minute())
}

/// For `<time datetime>`: `2027-03-03T14:05:00Z`
pub fn machine(at: Timestamp) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    #[test]
    fn dates_read_as_a_person_writes_them() {
        let at = DateTime::from_timestamp(1_804_082_700, 0).expect("a time");
        assert_eq!(super::moment(at), "3 March 2027, 14:05 UTC");
        assert_eq!(super::machine(at), "2027-03-03T14:05:00Z");
    }
}
