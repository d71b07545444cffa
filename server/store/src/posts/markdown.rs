//! Markdown to HTML that may be shown: no scripts, no styles, no frames, links without a way back to us.

use pulldown_cmark::{Options, Parser};

/// Sanitised HTML.
pub(super) fn html(markdown: &str) -> String {
    let options = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS;
    let mut html = String::with_capacity(markdown.len() * 2);
    pulldown_cmark::html::push_html(&mut html, Parser::new_ext(markdown, options));
    ammonia::clean(&html)
}

#[cfg(test)]
mod tests {
    use super::html;

    #[test]
    fn markdown_becomes_html() {
        assert_eq!(html("# Hi\n\n*there*").trim(), "<h1>Hi</h1>\n<p><em>there</em></p>");
    }

    #[test]
    fn what_could_run_is_taken_out() {
        for bad in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "<iframe src=//evil.example></iframe>",
            "<a href=\"data:text/html,x\">x</a>",
            "<style>*{display:none}</style>",
        ] {
            let clean = html(bad);
            for word in ["script", "onerror", "iframe", "data:", "display"] {
                assert!(!clean.contains(word), "{bad} became {clean}");
            }
        }
    }
}
