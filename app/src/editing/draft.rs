//! What is typed into an open form outlives the page: it is kept in this tab's own storage until the form was sent or
//! cancelled, and put back when the same form is opened again, whatever came between (a link, a reload, signing in anew).

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlFormElement, HtmlInputElement, Storage, UrlSearchParams};

use super::OpenForm;
use crate::first_page::is_first_page;

/// Of the form in a panel; a handle that can be copied into closures.
#[derive(Clone, Copy)]
pub struct Draft {
    panel: NodeRef<html::Section>,
    kept: StoredValue<Kept>,
    put_back: RwSignal<bool>,
    /// A page that came back refused has what was typed last.
    refused: bool,
}

#[derive(Clone, Default)]
struct Kept {
    /// Empty before it began.
    key: String,
    /// What was in the form before anything was typed.
    at_first: String,
}

impl Draft {
    pub fn new(panel: NodeRef<html::Section>) -> Self {
        Self {
            panel,
            kept: StoredValue::default(),
            put_back: RwSignal::new(false),
            refused: is_first_page()
                && window()
                    .location()
                    .search()
                    .is_ok_and(|search| search.contains("__err=")),
        }
    }

    /// Whether the form shows what was typed earlier.
    pub fn is_put_back(self) -> Signal<bool> {
        self.put_back.into()
    }

    /// The form is there: puts back what was typed into it earlier.
    pub fn begin(self, open: OpenForm) {
        let Some(form) = self.form() else { return };
        let (key, at_first) = (key(open), text_of(&form).unwrap_or_default());
        let earlier = storage().and_then(|storage| storage.get_item(&key).ok().flatten());
        self.kept.try_set_value(Kept {
            key,
            at_first: at_first.clone(),
        });
        if let Some(earlier) = earlier.filter(|earlier| !self.refused && *earlier != at_first) {
            fill(&form, &earlier);
            self.put_back.try_set(true);
        }
    }

    /// The same when somebody was quicker and typed already: that is kept, in place of what was typed earlier.
    pub fn begin_typing(self, open: OpenForm) {
        self.kept.try_set_value(Kept {
            key: key(open),
            at_first: String::new(),
        });
        self.keep();
    }

    pub fn has_begun(self) -> bool {
        self.kept
            .try_with_value(|kept| !kept.key.is_empty())
            .unwrap_or_default()
    }

    /// Something was typed.
    pub fn keep(self) {
        let Some(kept) = self.kept.try_get_value().filter(|kept| !kept.key.is_empty()) else {
            return;
        };
        let (Some(text), Some(storage)) = (self.form().as_ref().and_then(text_of), storage()) else {
            return;
        };
        // Where nothing more can be stored, it is only not kept.
        drop(if text == kept.at_first {
            storage.remove_item(&kept.key)
        } else {
            storage.set_item(&kept.key, &text)
        });
    }

    /// Back to what was in the form at first.
    pub fn start_over(self) {
        if let Some(form) = self.form() {
            form.reset();
        }
        // The button that was pressed goes away.
        if let Some(panel) = self.panel.get_untracked() {
            drop(panel.focus());
        }
        self.put_back.set(false);
        self.keep();
    }

    fn form(self) -> Option<HtmlFormElement> {
        let panel = self.panel.try_get_untracked().flatten()?;
        Some(panel.query_selector("form").ok().flatten()?.unchecked_into())
    }
}

/// It was sent, or is not wanted.
pub fn forget(open: OpenForm) {
    if let Some(storage) = storage() {
        drop(storage.remove_item(&key(open)));
    }
}

fn key(open: OpenForm) -> String {
    ["draft ", &open.key()].concat()
}

fn storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

/// As a form is sent.
fn text_of(form: &HtmlFormElement) -> Option<String> {
    let fields = FormData::new_with_form(form).ok()?;
    let fields = UrlSearchParams::new_with_str_sequence_sequence(&fields).ok()?;
    fields.to_string().as_string()
}

fn fill(form: &HtmlFormElement, text: &str) {
    let Ok(fields) = UrlSearchParams::new_with_str(text) else {
        return;
    };
    let inputs = form.elements();
    for input in (0..inputs.length()).filter_map(|index| inputs.item(index)) {
        let Some(name) = input.get_attribute("name") else {
            continue;
        };
        // What has a name in our forms has a type and a value in the same way; to tell them apart would take more code.
        let input: HtmlInputElement = input.unchecked_into();
        let kind = input.type_();
        if kind == "checkbox" || kind == "radio" {
            let chosen = fields.get_all(&name).includes(&input.value().into(), 0);
            input.set_checked(chosen);
        } else if kind != "hidden"
            && let Some(text) = fields.get(&name)
        {
            input.set_value(&text);
        }
    }
}
