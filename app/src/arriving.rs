//! Going on to another page without loading it leaves the focus on nothing and says nothing to those who listen: what was
//! pressed is gone with the page it was on. Both begin at the new page's content then, as they do on a page that is loaded.

/// To be called when a page is made, right before it is drawn. A link that is still there (a tab, the navigation beside a
/// page) keeps the focus, and so does what took it in the new page.
#[cfg(feature = "hydrate")]
pub fn arrive() {
    use leptos::prelude::request_animation_frame;

    if !crate::first_page::is_first_page() {
        // Once it is in the document.
        request_animation_frame(begin_at_content);
    }
}

/// The server draws first pages only.
#[cfg(not(feature = "hydrate"))]
pub const fn arrive() {}

#[cfg(feature = "hydrate")]
fn begin_at_content() {
    use leptos::prelude::document;
    use wasm_bindgen::JsCast;
    use web_sys::{FocusOptions, HtmlElement};

    if !crate::ui::is_focus_lost() {
        return;
    }
    let hash = document().location().and_then(|location| location.hash().ok());
    let meant = hash.and_then(|hash| document().get_element_by_id(hash.strip_prefix('#')?));
    let options = FocusOptions::new();
    let target = if let Some(meant) = meant {
        // Sections take no focus else. It can only fail for a name that is none.
        drop(meant.set_attribute("tabindex", "-1"));
        Some(meant)
    } else {
        // Where the page is scrolled to is the router's: going back leads to where one was.
        options.set_prevent_scroll(true);
        document().get_element_by_id(crate::ui::CONTENT)
    };
    if let Some(target) = target.and_then(|target| target.dyn_into::<HtmlElement>().ok()) {
        // Focus is a courtesy.
        drop(target.focus_with_options(&options));
    }
}
