//! What search engines, and previews of links, say of a page. They read what the server sends, so in the browser nothing
//! follows it, and the code for that stays out of there.

/// To be called where a page that is described in `words` is drawn; no words: it is not described.
#[cfg(feature = "ssr")]
pub fn describe(words: &str) {
    use leptos::prelude::*;
    use leptos_meta::Meta;

    // While a page waits for something it is drawn more than once.
    let is_first = use_context::<crate::ssr::page_reads::PageReads>().is_some_and(|page| page.begins_description());
    if !words.is_empty() && is_first {
        // Leaves nothing where it is drawn: it goes into the document's head.
        let _ = view! { <Meta name="description" content=words.to_owned() /> }.to_html();
    }
}

#[cfg(not(feature = "ssr"))]
pub const fn describe(_words: &str) {}
