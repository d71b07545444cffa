//! Whether a text can be an e-mail address at all; forms of onboarding, checkout and portal ask it.

/// Something before and after one `@`, a dot or `localhost` behind it, no blanks.
pub fn is_email(text: &str) -> bool {
    let text = text.trim();
    let Some((user, host)) = text.split_once('@') else {
        return false;
    };
    let plain = !text.chars().any(char::is_whitespace) && !host.contains('@');
    let dotted = host == "localhost" || host.split('.').count() > 1 && host.split('.').all(|part| !part.is_empty());
    plain && !user.is_empty() && dotted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_an_address_is_one() {
        for good in ["ann@example.org", " ann+1@mail.example.org ", "root@localhost"] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "ann",
            "@example.org",
            "ann@",
            "ann@example",
            "ann lee@example.org",
            "a@b@c.org",
            "a@b..org",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
    }
}
