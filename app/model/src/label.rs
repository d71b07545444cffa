//! Labels (names of plans, tiers, roles, privileges, communities, titles of posts).

use crate::Problem;

/// Characters a label may have at most, after trimming.
pub const LONGEST: usize = 64;

/// Trims and checks a label: 1–64 characters, none of them a control character.
///
/// # Errors
/// `Problem::Invalid` on `field`, naming it and what is allowed.
pub fn parse(field: &str, text: &str) -> Result<String, Problem> {
    let trimmed = text.trim();
    let name = name_on_screen(field);
    if trimmed.chars().all(is_joiner) {
        return Err(Problem::invalid(
            field,
            format!("{name} must not be empty: 1 to {LONGEST} characters."),
        ));
    }
    if trimmed.chars().any(is_forbidden) {
        return Err(Problem::invalid(
            field,
            format!("{name} must not contain invisible control characters or line breaks."),
        ));
    }
    let count = trimmed.chars().count();
    if count > LONGEST {
        return Err(Problem::invalid(
            field,
            format!("{name} has {count} characters; at most {LONGEST} are allowed."),
        ));
    }
    Ok(trimmed.to_owned())
}

/// Whether people would take the two for one name: capitals and spaces around them make no difference.
pub fn is_same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

/// Checks a longer text: at most `longest` characters after trimming, line breaks allowed, may be empty.
///
/// # Errors
/// `Problem::Invalid` on `field`.
pub fn parse_text(field: &str, text: &str, longest: usize) -> Result<String, Problem> {
    let trimmed = text.trim();
    let name = name_on_screen(field);
    if trimmed
        .chars()
        .any(|c| c != '\n' && c != '\r' && c != '\t' && is_forbidden(c))
    {
        return Err(Problem::invalid(
            field,
            format!("{name} must not contain control characters."),
        ));
    }
    let count = trimmed.chars().count();
    if count > longest {
        return Err(Problem::invalid(
            field,
            format!("{name} has {count} characters; at most {longest} are allowed."),
        ));
    }
    Ok(trimmed.to_owned())
}

/// Written between letters in Persian and Hindi, and between the people of one emoji; nothing by themselves.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}')
}

/// Control characters, and the invisible ones that turn text around or hide in it.
fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// What the form calls the field: `plan_label` → `Plan name`, `body` → `Text`.
fn name_on_screen(field: &str) -> String {
    let spaced = match field.strip_suffix("_label") {
        Some(of) => [of, " name"].concat(),
        None if field == "body" => "text".to_owned(),
        None => field.replace('_', " "),
    };
    let mut chars = spaced.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_trimmed_and_counted_in_characters() {
        assert_eq!(parse("name", "  Gold  "), Ok("Gold".to_owned()));
        assert!(parse("name", &"ä".repeat(64)).is_ok());
        assert!(parse("name", &"ä".repeat(65)).is_err());
    }

    #[test]
    fn what_persian_hindi_and_families_of_emoji_are_joined_by_is_written() {
        for name in ["کتاب\u{200C}خانه", "क्\u{200D}ष", "👨\u{200D}👩\u{200D}👧"] {
            assert_eq!(parse("name", name), Ok(name.to_owned()));
        }
        for blank in ["\u{200D}", "\u{200C}\u{200D}"] {
            assert!(parse("name", blank).is_err());
        }
    }

    #[test]
    fn capitals_and_spaces_around_make_no_other_name() {
        assert!(is_same(" Gold", "gOLD "));
        assert!(is_same("ÄPFEL", "äpfel"));
        assert!(!is_same("Gold", "Golden"));
    }

    #[test]
    fn a_problem_names_the_field_as_the_screen_does() {
        for (field, name) in [
            ("plan_label", "Plan name"),
            ("tier_label", "Tier name"),
            ("role_label", "Role name"),
            ("privilege_label", "Privilege name"),
            ("title", "Title"),
            ("body", "Text"),
        ] {
            let problem = parse(field, "").expect_err(field);
            assert!(problem.to_string().starts_with(&format!("{name} must")), "{problem}");
        }
    }

    #[test]
    fn empty_and_control_characters_are_refused_naming_the_field() {
        for bad in ["", "   ", "a\nb", "a\u{0}b", "a\u{202E}b"] {
            let problem = parse("plan_name", bad).expect_err(bad);
            assert_eq!(problem.field(), Some("plan_name"));
            assert!(problem.to_string().starts_with("Plan name"), "{problem}");
        }
    }
}
