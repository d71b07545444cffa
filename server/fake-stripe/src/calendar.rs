//! Billing periods: months and years are counted from the anchor, so that 31 January → 28 February → 31 March.
//! Used by the engine wherever a period begins or ends.

use chrono::{DateTime, Months};

/// The end of the year 9999, in Unix seconds: no moment beyond it is taken.
pub const FURTHEST: i64 = 253_402_300_799;

/// Seconds of a twelfth of a year.
const AVERAGE_MONTH: i64 = 2_629_746;

/// How often something is billed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    pub unit: Unit,
    pub count: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Day,
    Week,
    Month,
    Year,
}

impl Interval {
    /// From Stripe's words; an unknown one is a month.
    pub fn new(unit: &str, count: i64) -> Self {
        let unit = match unit {
            "day" => Unit::Day,
            "week" => Unit::Week,
            "year" => Unit::Year,
            _ => Unit::Month,
        };
        Self {
            unit,
            count: count.max(1),
        }
    }

    /// The moment `times` intervals after the anchor (Unix seconds; before it when negative). What no number holds is the
    /// furthest moment there is.
    pub fn after(self, anchor: i64, times: i64) -> i64 {
        let count = self.count.saturating_mul(times);
        match self.unit {
            Unit::Day => anchor.saturating_add(count.saturating_mul(86_400)),
            Unit::Week => anchor.saturating_add(count.saturating_mul(7 * 86_400)),
            Unit::Month => add_months(anchor, count),
            Unit::Year => add_months(anchor, count.saturating_mul(12)),
        }
    }

    /// The first moment of the anchor's rhythm that lies after `moment`. Both are at most the year 9999.
    pub fn next_boundary(self, anchor: i64, moment: i64) -> i64 {
        self.around(anchor, moment).1
    }

    /// The whole period of the anchor's rhythm that `moment` lies in.
    pub fn around(self, anchor: i64, moment: i64) -> (i64, i64) {
        let (anchor, moment) = (anchor.clamp(-FURTHEST, FURTHEST), moment.clamp(-FURTHEST, FURTHEST));
        let unit = match self.unit {
            Unit::Day => 86_400,
            Unit::Week => 7 * 86_400,
            Unit::Month => 31 * 86_400,
            Unit::Year => 366 * 86_400,
        };
        let mut times = (moment - anchor).div_euclid(self.count.saturating_mul(unit));
        while self.after(anchor, times) > moment {
            times -= 1;
        }
        while self.after(anchor, times) <= moment {
            times += 1;
        }
        (self.after(anchor, times - 1), self.after(anchor, times))
    }
}

/// Months later (or earlier). Beyond what a calendar has, months are of average length: the result always moves on.
fn add_months(moment: i64, months: i64) -> i64 {
    let count = u32::try_from(months.unsigned_abs()).map(Months::new);
    let moved = DateTime::from_timestamp(moment, 0)
        .zip(count.ok())
        .and_then(|(time, count)| {
            if months < 0 {
                time.checked_sub_months(count)
            } else {
                time.checked_add_months(count)
            }
        });
    moved.map_or_else(
        || moment.saturating_add(months.saturating_mul(AVERAGE_MONTH)),
        |time| time.timestamp(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> i64 {
        DateTime::parse_from_rfc3339(text).unwrap().timestamp()
    }

    #[test]
    fn months_keep_the_anchors_day() {
        let month = Interval::new("month", 1);
        let anchor = at("2026-01-31T10:00:00Z");
        let february = month.next_boundary(anchor, anchor);
        assert_eq!(february, at("2026-02-28T10:00:00Z"));
        assert_eq!(month.next_boundary(anchor, february), at("2026-03-31T10:00:00Z"));
        assert_eq!(
            month.next_boundary(anchor, at("2026-03-31T09:59:59Z")),
            at("2026-03-31T10:00:00Z")
        );
    }

    #[test]
    fn leap_days_come_back_after_four_years() {
        let year = Interval::new("year", 1);
        let anchor = at("2024-02-29T00:00:00Z");
        assert_eq!(year.next_boundary(anchor, anchor), at("2025-02-28T00:00:00Z"));
        assert_eq!(
            year.next_boundary(anchor, at("2027-03-01T00:00:00Z")),
            at("2028-02-29T00:00:00Z")
        );
    }

    #[test]
    fn a_boundary_before_the_anchor_is_found() {
        let week = Interval::new("week", 2);
        assert_eq!(week.next_boundary(100, 100 - 14 * 86_400 - 1), 100 - 14 * 86_400);
        assert_eq!(Interval::new("day", 3).next_boundary(0, 0), 3 * 86_400);
    }

    #[test]
    fn a_whole_period_is_found_before_and_after_the_anchor() {
        let month = Interval::new("month", 1);
        let anchor = at("2026-01-11T00:00:00Z");
        for (moment, start, end) in [
            ("2026-01-01T00:00:00Z", "2025-12-11T00:00:00Z", "2026-01-11T00:00:00Z"),
            ("2026-01-11T00:00:00Z", "2026-01-11T00:00:00Z", "2026-02-11T00:00:00Z"),
            ("2026-03-10T23:59:59Z", "2026-02-11T00:00:00Z", "2026-03-11T00:00:00Z"),
        ] {
            assert_eq!(month.around(anchor, at(moment)), (at(start), at(end)), "{moment}");
        }
    }

    #[test]
    fn moments_that_no_calendar_has_end_the_search_too() {
        for unit in ["day", "week", "month", "year"] {
            let interval = Interval::new(unit, 1);
            for (anchor, moment) in [
                (i64::MAX, 0),
                (i64::MIN, 0),
                (9_000_000_000_000, 1_769_853_600),
                (0, i64::MAX),
            ] {
                interval.next_boundary(anchor, moment);
            }
            assert_eq!(interval.after(i64::MAX, 1), i64::MAX);
            assert!(interval.after(9_000_000_000_000, -1) < 9_000_000_000_000);
        }
        assert_eq!(Interval::new("month", i64::MAX).after(0, i64::MAX), i64::MAX);
    }
}
