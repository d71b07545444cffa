//! How often a price is charged.

use chrono::Months;
use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// The two intervals a tier can be sold by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Interval {
    Month,
    Year,
}

impl Interval {
    pub const ALL: [Self; 2] = [Self::Month, Self::Year];

    /// Stripe's word, also ours in the database and in forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|interval| interval.as_str() == text)
    }

    /// When a period that begins at `moment` ends; the last day of a month where that has fewer days. `None` beyond what a
    /// clock can tell.
    pub fn after(self, moment: Timestamp) -> Option<Timestamp> {
        moment.checked_add_months(Months::new(match self {
            Self::Month => 1,
            Self::Year => 12,
        }))
    }

    /// How many of it make a year, for comparing prices.
    pub const fn per_year(self) -> i64 {
        match self {
            Self::Month => 12,
            Self::Year => 1,
        }
    }
}
