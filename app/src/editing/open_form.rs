//! At most one form of a page is open, and the address names it: `?form=edit-tier&id=…`.

use std::fmt::Display;

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate, use_query_map},
    params::ParamsMap,
};

use super::refusal::OUTCOME;
#[cfg(feature = "hydrate")]
use crate::session::{SessionState, use_session};
use crate::ui::{ButtonLink, ButtonVariant, is_focus_lost};

const FORM: &str = "form";
const ID: &str = "id";

/// Which form of the page is open; a handle that can be copied into closures.
#[derive(Clone, Copy)]
pub struct OpenForm {
    path: Memo<String>,
    query: Memo<ParamsMap>,
    open: Memo<Option<(String, String)>>,
    navigate: Callback<String>,
    /// The form that is meant is always open: its name.
    #[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "the server keeps no drafts"))]
    standing: Option<&'static str>,
    #[cfg(feature = "hydrate")]
    session: SessionState,
}

/// A form of the page being looked at that is always open, whatever else is.
pub fn use_standing_form(name: &'static str) -> OpenForm {
    OpenForm {
        standing: Some(name),
        ..use_open_form()
    }
}

/// The open form of the page being looked at.
pub fn use_open_form() -> OpenForm {
    let query = use_query_map();
    let navigate = use_navigate();
    let open = Memo::new(move |_| {
        let query = query.read();
        Some((query.get(FORM)?, query.get(ID).unwrap_or_default()))
    });
    Effect::watch(
        move || open.get(),
        |now, before, _| {
            if let (None, Some(Some((form, id)))) = (now, before) {
                go_back_to(opener(form, id));
            }
        },
        false,
    );
    let options = || NavigateOptions {
        replace: true,
        scroll: false,
        ..NavigateOptions::default()
    };
    OpenForm {
        path: use_location().pathname,
        query,
        open,
        navigate: Callback::new(move |to: String| navigate(&to, options())),
        standing: None,
        #[cfg(feature = "hydrate")]
        session: use_session(),
    }
}

impl OpenForm {
    /// The open form's name and what it is about.
    pub fn current(self) -> Memo<Option<(String, String)>> {
        self.open
    }

    /// Whether `form` is open for `id`; an empty id where there is only one such form.
    pub fn is_open(self, form: &'static str, id: impl Display) -> Memo<bool> {
        let id = id.to_string();
        Memo::new(move |_| {
            self.open
                .with(|open| open.as_ref().is_some_and(|(name, about)| name == form && *about == id))
        })
    }

    /// Whether any is open.
    pub fn is_any_open(self) -> Signal<bool> {
        Signal::derive(move || self.open.with(Option::is_some))
    }

    /// Where `form` is open for `id`.
    pub fn address(self, form: &str, id: &str) -> String {
        let mut query = self.rest();
        query.insert(FORM, form.to_owned());
        if !id.is_empty() {
            query.insert(ID, id.to_owned());
        }
        [self.path.get(), query.to_query_string()].concat()
    }

    /// Where the same form is open, if one is, as nobody has touched it.
    pub fn address_now(self) -> String {
        match self.open.get() {
            Some((form, id)) => self.address(&form, &id),
            None => self.closed_address(),
        }
    }

    /// Names what is open, on whichever page, and for whom.
    #[cfg(feature = "hydrate")]
    pub(super) fn key(self) -> String {
        let (form, id) = match self.standing {
            Some(name) => (name.to_owned(), String::new()),
            None => self.open.get_untracked().unwrap_or_default(),
        };
        let who = self.session.who.get_untracked().and_then(Result::ok).flatten();
        let who = who.map(|who| who.email).unwrap_or_default();
        [who.as_str(), " ", &self.path.get_untracked(), " ", &form, " ", &id].concat()
    }

    /// Where no form is open.
    pub fn closed_address(self) -> String {
        [self.path.get(), self.rest().to_query_string()].concat()
    }

    /// Closes what is open.
    pub fn close(self) {
        if self.open.with_untracked(Option::is_some) {
            self.navigate.run(untrack(|| self.closed_address()));
        }
    }

    /// What else the address says; a refusal that came with it is over when the next form opens.
    fn rest(self) -> ParamsMap {
        let mut query = self.query.get();
        for name in [FORM, ID].into_iter().chain(OUTCOME) {
            query.remove(name);
        }
        query
    }
}

/// The element id of the link that opens `form` for `id`.
fn opener(form: &str, id: &str) -> String {
    ["open-", form, "-", id].concat()
}

/// The focus was in a form that is gone, and goes where it was opened; unless something else took it.
fn go_back_to(opener: String) {
    request_animation_frame(move || {
        if is_focus_lost()
            && let Some(opener) = document().get_element_by_id(&opener)
        {
            // Focus is a courtesy.
            focus(&opener);
        }
    });
}

#[cfg(feature = "hydrate")]
fn focus(element: &web_sys::Element) {
    use wasm_bindgen::JsCast;

    if let Some(element) = element.dyn_ref::<web_sys::HtmlElement>() {
        drop(element.focus());
    }
}
#[cfg(not(feature = "hydrate"))]
fn focus<T>(_: &T) {}

/// The link that opens a form: `<OpenLink form name="add-tier" id=plan.id>"Add a tier"</OpenLink>`
#[component]
pub fn OpenLink(
    form: OpenForm,
    name: &'static str,
    #[prop(optional, into)] id: String,
    #[prop(optional)] variant: ButtonVariant,
    /// Read out instead of the text, where the text alone does not say what it is about.
    #[prop(optional, into)]
    label: Option<String>,
    children: Children,
) -> impl IntoView {
    let opener = opener(name, &id);
    let href = Signal::derive(move || form.address(name, &id));
    view! {
        <ButtonLink href variant attr:id=opener attr:data-noscroll="true" attr:aria-label=label>
            {children()}
        </ButtonLink>
    }
}
