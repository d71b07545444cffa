//! When the page's script stops for good: a fault of ours, or a file that could not be loaded (a new version was
//! installed while the page was open, or the connection broke). Links then work as they do without a script.

use leptos::prelude::document;

const NOTICE: &str = "<div class=\"page\"><div class=\"notice notice-danger\" role=\"alert\"><div class=\"notice-text\">\
    <strong>This page stopped working.</strong><p>Nothing you did is lost at our side. Load the page again to go on.</p>\
    <div class=\"actions\"><a class=\"button button-secondary\" href=\"\">Load the page again</a></div></div></div></div>";

/// Says so on top of the page, once.
pub fn say_that_it_stopped() {
    let main = document()
        .get_element_by_id("main")
        .filter(|main| !main.has_attribute("data-stopped"));
    if let Some(main) = main {
        // There is nobody left to tell when this fails.
        drop(main.set_attribute("data-stopped", "true"));
        drop(main.insert_adjacent_html("afterbegin", NOTICE));
    }
    // The router answers clicks on links, and cannot any more; it leaves those with a target to the browser.
    let links = document().get_elements_by_tag_name("a");
    for link in (0..links.length()).filter_map(|index| links.item(index)) {
        drop(link.set_attribute("target", "_self"));
    }
}
