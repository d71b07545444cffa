//! Billing periods: months and years are counted from the anchor, so that 31 January → 28 February → 31 March.
//! Used by the engine wherever a period begins or ends.

use chrono::{DateTime, Months};

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

    /// The moment `times` intervals after the anchor (Unix seconds; before it when negative).
    pub fn after(self, anchor: i64, times: i64) -> i64 {
        let count = self.count * times;
        match self.unit {
            Unit::Day => anchor + count * 86_400,
            Unit::Week => anchor + count * 7 * 86_400,
            Unit::Month => add_months(anchor, count),
            Unit::Year => add_months(anchor, count * 12),
        }
    }

    /// The first moment of the anchor's rhythm that lies after `moment`.
    pub fn next_boundary(self, anchor: i64, moment: i64) -> i64 {
        self.around(anchor, moment).1
    }

    /// The whole period of the anchor's rhythm that `moment` lies in.
    pub fn around(self, anchor: i64, moment: i64) -> (i64, i64) {
        let seconds = self.count
            * match self.unit {
                Unit::Day => 86_400,
                Unit::Week => 7 * 86_400,
                Unit::Month => 31 * 86_400,
                Unit::Year => 366 * 86_400,
            };
        let mut times = (moment - anchor).div_euclid(seconds);
        while self.after(anchor, times) > moment {
            times -= 1;
        }
        while self.after(anchor, times) <= moment {
            times += 1;
        }
        (self.after(anchor, times - 1), self.after(anchor, times))
    }
}

fn add_months(moment: i64, months: i64) -> i64 {
    let Some(time) = DateTime::from_timestamp(moment, 0) else {
        return moment;
    };
    let count = Months::new(u32::try_from(months.unsigned_abs()).unwrap_or(u32::MAX));
    let moved = if months < 0 {
        time.checked_sub_months(count)
    } else {
        time.checked_add_months(count)
    };
    moved.map_or(moment, |time| time.timestamp())
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
}
