//! How often a price is charged.

use serde::{Deserialize, Serialize};

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

    /// How many of it make a year, for comparing prices.
    pub const fn per_year(self) -> i64 {
        match self {
            Self::Month => 12,
            Self::Year => 1,
        }
    }
}
