//! Where the keyboard is stays where it is when a list is drawn anew around it.

use leptos::{prelude::document, task::spawn_local};
use percent_encoding::percent_decode_str;
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement};

/// To be called right before something is drawn anew: the link, button or field that has the focus has it afterwards as
/// well, whichever element it is by then.
pub fn keep_focus() {
    let Some(before) = document().active_element() else {
        return;
    };
    let Some(called) = name(&before) else { return };
    // Runs when the drawing is done.
    spawn_local(async move {
        let still_there = before.is_connected() && name(&before).as_ref() == Some(&called);
        let now = document().active_element();
        let moved_on = now.is_some_and(|now| now != before && now.tag_name() != "BODY");
        if still_there || moved_on {
            return;
        }
        let all = document().get_elements_by_tag_name(&before.tag_name());
        let mut all = (0..all.length()).filter_map(|index| all.item(index));
        let same = all.find(|element| name(element).as_ref() == Some(&called));
        if let Some(same) = same.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            let options = FocusOptions::new();
            options.set_prevent_scroll(true);
            // Focus is a courtesy; the list is there either way.
            drop(same.focus_with_options(&options));
        }
    });
}

/// What tells it from others of its kind.
fn name(element: &Element) -> Option<String> {
    match element.tag_name().as_str() {
        // Decoded: the server writes an address otherwise than the browser does.
        "A" => {
            let href = element.get_attribute("href")?;
            Some(percent_decode_str(&href).decode_utf8_lossy().into_owned())
        }
        "BUTTON" => element.get_attribute("aria-label").or_else(|| element.text_content()),
        "INPUT" | "SELECT" | "TEXTAREA" => Some(element.id()),
        _ => None,
    }
}
