//! Markdown to HTML that may be shown: no scripts, no styles, no frames, links without a way back to us. HTML inside of
//! Markdown is shown as the text it is: a few kilobytes of it can unfold to gigabytes in a parser of HTML. What may be wider
//! than the page can take the focus, so that it can be scrolled by keyboard.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// Sanitised HTML.
pub(super) fn html(markdown: &str) -> String {
    let options = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut html = drawn(markdown, options | Options::ENABLE_TABLES);
    if html.len() > MOST_TIMES * markdown.len() + SHORT {
        // A row has as many cells as its table's head, so a few kilobytes can make megabytes of them: shown as written.
        html = drawn(markdown, options);
    }
    let mut cleaner = ammonia::Builder::default();
    for wide in ["pre", "table"] {
        cleaner.set_tag_attribute_value(wide, "tabindex", "0");
    }
    cleaner.clean(&html).to_string()
}

/// How many times as long as its Markdown the HTML with tables may be …
const MOST_TIMES: usize = 10;
/// … and in any case this many bytes.
const SHORT: usize = 4096;

fn drawn(markdown: &str, options: Options) -> String {
    let mut html = String::with_capacity(markdown.len() * 2);
    let mut depth = 0;
    let events = Parser::new_ext(markdown, options)
        .map(as_text)
        .filter(|event| match event {
            Event::Start(_) => {
                depth += 1;
                depth <= DEEPEST
            }
            Event::End(_) => {
                depth -= 1;
                depth < DEEPEST
            }
            _ => true,
        });
    pulldown_cmark::html::push_html(&mut html, events.map(below_title));
    html
}

/// Quotes and lists inside of each other, and so on; what is deeper is shown as if it were not.
const DEEPEST: i32 = 32;

fn as_text(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
        Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
        other => other,
    }
}

/// The page's `<h1>` is the post's title: headings in its text begin a level lower.
fn below_title(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Start(Tag::Heading {
            level,
            id,
            classes,
            attrs,
        }) => Event::Start(Tag::Heading {
            level: lower(level),
            id,
            classes,
            attrs,
        }),
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lower(level))),
        other => other,
    }
}

const fn lower(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H2,
        HeadingLevel::H2 => HeadingLevel::H3,
        HeadingLevel::H3 => HeadingLevel::H4,
        HeadingLevel::H4 => HeadingLevel::H5,
        HeadingLevel::H5 | HeadingLevel::H6 => HeadingLevel::H6,
    }
}

#[cfg(test)]
mod tests {
    use super::html;

    #[test]
    fn markdown_becomes_html() {
        assert_eq!(html("# Hi\n\n*there*").trim(), "<h2>Hi</h2>\n<p><em>there</em></p>");
    }

    #[test]
    fn the_only_h1_of_the_page_is_the_title() {
        let page = html("# One\n\n## Two\n\nThree\n=====\n\n###### Six\n\n<h1>Raw</h1>");
        assert!(!page.contains("<h1"), "{page}");
        assert!(
            page.contains("<h2>One</h2>") && page.contains("<h3>Two</h3>") && page.contains("<h6>Six</h6>"),
            "{page}"
        );
    }

    #[test]
    fn what_is_wider_than_the_page_can_be_scrolled_by_keyboard() {
        assert!(html("```\nlong\n```").starts_with("<pre tabindex=\"0\"><code>"));
        assert!(html("| a |\n|---|\n| b |").starts_with("<table tabindex=\"0\">"));
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
            for start in [
                "<script",
                "<img",
                "<iframe",
                "<style",
                "<a href=\"data:",
                "<a href=\"javascript:",
            ] {
                assert!(!clean.contains(start), "{bad} became {clean}");
            }
        }
    }

    #[test]
    fn what_would_unfold_stays_about_as_long_as_it_was_written() {
        let unfolding = format!("<p>{}{}", "<b x>".repeat(6000), "<p>x".repeat(7500));
        assert!(html(&unfolding).len() < 20 * unfolding.len());
        let quotes = ">".repeat(60_000) + "deep";
        let shown = html(&quotes);
        assert!(
            shown.contains("deep") && shown.matches("<blockquote>").count() <= 32,
            "{} bytes",
            shown.len()
        );
        let table = "|a".repeat(300) + "|\n" + &"|-".repeat(300) + "|\n" + &"x|\n".repeat(300);
        assert!(html(&table).len() < 20 * table.len());
        let marks = "*a **b ".repeat(8000);
        assert!(html(&marks).len() < 20 * marks.len());
    }
}
