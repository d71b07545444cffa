//! E-mail addresses as people type them.

use lettre::Address;
use model::Problem;

/// Trims, checks and lower-cases an address (people's addresses are the same whatever the case).
///
/// # Errors
/// `Problem::Invalid` on `email`.
pub fn parse(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    let refuse = || Problem::invalid("email", "E-mail address must look like name@example.org.");
    if text.len() > 254 || text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(refuse());
    }
    let address: Address = text.parse().map_err(|_| refuse())?;
    if !address.domain().contains('.') && address.domain() != "localhost" {
        return Err(refuse());
    }
    Ok(text.to_lowercase())
}

#[cfg(test)]
mod tests {
    #[test]
    fn addresses_are_lower_cased_and_what_is_none_is_refused() {
        assert_eq!(super::parse(" Ada@Example.org ").as_deref(), Ok("ada@example.org"));
        for bad in [
            "",
            "ada",
            "ada@",
            "@example.org",
            "ada@example",
            "a b@example.org",
            "ada@example.org\nBcc: x@y.zz",
        ] {
            assert!(super::parse(bad).is_err(), "{bad}");
        }
    }
}
