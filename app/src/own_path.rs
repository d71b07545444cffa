//! Where people may be led on to by an address that anybody can write: only to this server.

/// A path on this server: one slash, no second one, nothing that a browser would read as another host.
pub fn own_path(path: &str) -> Option<&str> {
    let ours = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && !path.chars().any(|c| c.is_control() || c.is_whitespace());
    ours.then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_ours_are_followed() {
        assert_eq!(own_path("/c/club?tier=1"), Some("/c/club?tier=1"));
        for foreign in [
            "",
            "c/club",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/a\nb",
        ] {
            assert_eq!(own_path(foreign), None, "{foreign}");
        }
    }
}
