//! The frame every hosted page is drawn in: head, the banner that says that nothing here is real, and the footer.
//! Style and script are embedded in each page, so that a page is one answer and needs no other route.

use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// How wide the content may become.
#[derive(Clone, Copy)]
pub enum Shape {
    /// One narrow card: forms and questions.
    Narrow,
    /// Lists and tables.
    Wide,
    /// What is bought beside how it is paid.
    Split,
}

impl Shape {
    const fn class(self) -> &'static str {
        match self {
            Self::Narrow => "narrow",
            Self::Wide => "wide",
            Self::Split => "split",
        }
    }
}

/// A link in the footer, such as the seller's privacy policy.
pub struct FooterLink {
    pub label: &'static str,
    pub url: String,
}

/// A whole document; `title` is what the window shows.
pub fn document(title: &str, shape: Shape, content: Markup) -> Markup {
    document_with_footer(title, shape, content, &[])
}

/// [`document`] with links of the seller in its footer.
pub fn document_with_footer(title: &str, shape: Shape, content: Markup, links: &[FooterLink]) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                title { (title) " · Fake Stripe" }
                link rel="icon" href="data:,";
                style { (PreEscaped(STYLE)) }
            }
            body {
                aside.banner aria-label="Test mode" {
                    strong { "This is a fake Stripe." }
                    " It is for development and tests: no money moves, and no real card belongs here."
                }
                main class=(shape.class()) { (content) }
                footer {
                    @if !links.is_empty() {
                        nav aria-label="About the seller" {
                            @for link in links { a href=(web_address(&link.url)) rel="noreferrer" { (link.label) } }
                        }
                    }
                    p { "Fake Stripe, not connected to Stripe" }
                }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    }
}

/// A short page that says one thing and offers at most one way on.
pub fn notice(title: &str, sentence: &str, way_on: Option<(&str, &str)>) -> Markup {
    document(
        title,
        Shape::Narrow,
        html! {
            section.card.stack {
                h1 { (title) }
                p { (sentence) }
                @if let Some((label, url)) = way_on {
                    p { a.button href=(web_address(url)) { (label) } }
                }
            }
        },
    )
}

/// An address another program gave us, as far as it may stand in a link: a `javascript:` address would run here.
pub fn web_address(url: &str) -> &str {
    let lower = url.trim_start().to_ascii_lowercase();
    if lower.starts_with("https://") || lower.starts_with("http://") || url.starts_with('/') {
        url
    } else {
        "#"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_banner_says_that_no_money_moves() {
        let page = notice("Gone", "Nothing here.", None).into_string();
        assert!(page.contains("no money moves"), "{page}");
    }

    #[test]
    fn the_banner_is_printed_too() {
        let (_, print) = STYLE.split_once("@media print").expect("a style for print");
        let hidden: Vec<&str> = print.lines().filter(|line| line.contains("display: none")).collect();
        assert!(!hidden.is_empty());
        for line in hidden {
            assert!(!line.contains("banner") && !line.contains("footer"), "{line}");
        }
    }

    #[test]
    fn what_others_named_is_escaped() {
        let page = notice(
            "<b>Shop</b>",
            "\"quoted\" & more",
            Some(("Back", "javascript:alert(1)")),
        )
        .into_string();
        assert!(page.contains("&lt;b&gt;Shop"), "{page}");
        assert!(!page.contains("javascript:alert"), "{page}");
    }
}
