//! Slugs: the part of a community's address a person chooses.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Problem;

/// Words that would be mistaken for a part of the platform.
const RESERVED: [&str; 22] = [
    "admin",
    "api",
    "app",
    "assets",
    "community",
    "dev",
    "healthz",
    "help",
    "login",
    "manage",
    "metrics",
    "new",
    "pkg",
    "popups",
    "public",
    "readyz",
    "sign-in",
    "sign-out",
    "static",
    "support",
    "webhooks",
    "www",
];

/// `[a-z0-9-]{3,40}`, not a reserved word. One that is chosen now begins and ends with a letter or digit, and has no two
/// hyphens in a row; older ones stay as they are.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Slug(String);

impl Slug {
    /// # Errors
    /// `Problem::Invalid` on the field `slug`, saying what is allowed.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let text = text.trim();
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !(3..=40).contains(&text.len()) || !text.chars().all(allowed) {
            return Err(Problem::invalid(
                "slug",
                "Address must be 3 to 40 characters: small letters a–z, digits and hyphens.",
            ));
        }
        if RESERVED.contains(&text) {
            return Err(Problem::invalid(
                "slug",
                format!("Address “{text}” is reserved. Choose another one."),
            ));
        }
        Ok(Self(text.to_owned()))
    }

    /// One that a person chooses for a new community.
    ///
    /// # Errors
    /// `Problem::Invalid` on the field `slug`, saying what is allowed.
    pub fn choose(text: &str) -> Result<Self, Problem> {
        let slug = Self::parse(text)?;
        let wrong = if slug.0.starts_with('-') || slug.0.ends_with('-') {
            "Address must begin and end with a letter or a digit."
        } else if slug.0.contains("--") {
            "Address must not have two hyphens in a row."
        } else {
            return Ok(slug);
        };
        Err(Problem::invalid("slug", wrong))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_take_small_letters_digits_and_hyphens_only() {
        for good in ["abc", "a-1", "0123456789012345678901234567890123456789"] {
            assert_eq!(Slug::parse(good).expect(good).as_str(), good);
        }
        for bad in [
            "",
            "ab",
            "ABC",
            "a b c",
            "ü-community",
            "a_b",
            "01234567890123456789012345678901234567890",
        ] {
            assert!(Slug::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_new_address_has_hyphens_only_between_letters_and_digits_and_an_old_one_stays() {
        for good in ["abc", "a-1", "a-b-c"] {
            assert!(Slug::choose(good).is_ok(), "{good}");
        }
        for (bad, why) in [
            ("-abc", "begin and end"),
            ("abc-", "begin and end"),
            ("---", "begin and end"),
            ("a--b", "two hyphens"),
            ("ab", "3 to 40"),
        ] {
            let problem = Slug::choose(bad).expect_err(bad);
            assert_eq!(problem.field(), Some("slug"));
            assert!(problem.to_string().contains(why), "{bad}: {problem}");
        }
        assert!(Slug::parse("a--b").is_ok());
    }

    #[test]
    fn reserved_words_are_refused_by_name() {
        assert!(
            Slug::parse("admin")
                .expect_err("reserved")
                .to_string()
                .contains("admin")
        );
    }
}
