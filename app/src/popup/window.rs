//! The browser's half: the window itself, and what is heard of it.
//!
//! The window is soon at another origin, where almost everything about it is forbidden and throws; only what is allowed
//! across origins (`location = …`, `closed`, `focus`, `close`) is used without a net.

use std::{cell::Cell, time::Duration};

use leptos::prelude::{IntervalHandle, document, set_interval_with_handle, window};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{BroadcastChannel, Document, MessageEvent, Window};

use super::Params;

const WIDTH: i32 = 480;
const HEIGHT: i32 = 720;
/// Also in public/popups/return.js: where it tells everybody, and where it is told that somebody heard.
const CHANNEL: &str = "xiome-popup";
const HEARD_CHANNEL: &str = "xiome-popup-heard";
/// How often `closed` is looked at. Twice in a row counts: a window that closes itself has often just spoken.
const LOOK_EVERY: Duration = Duration::from_millis(400);

/// What the blank window says until the address is there.
const OPENING: &str = "Opening Stripe…";

/// What is heard of a window.
pub enum Heard {
    /// It came back by the return page.
    Return(Params),
    /// It is closed, or its page has cut us off.
    LooksClosed,
}

/// A window we opened.
#[derive(Clone)]
pub struct PopupWindow(Window);

impl PopupWindow {
    /// Opens a blank window in the middle of this one; `None` when the browser does not allow it.
    pub fn open_blank(id: &str) -> Option<Self> {
        let name = [CHANNEL, "-", id].concat();
        let popup = window()
            .open_with_url_and_target_and_features("", &name, &features())
            .ok()
            .flatten()?;
        // A window of that name may still be open, and be at Stripe: then it keeps its page until the address comes.
        drop(write_one_moment(&popup));
        Some(Self(popup))
    }

    /// Takes the window there; false when it is gone.
    pub fn go_to(&self, url: &str) -> bool {
        // `replace`: going back must not lead to the blank page.
        !self.is_closed() && self.0.location().replace(url).is_ok()
    }

    pub fn focus(&self) {
        // A window that is gone cannot be focused, and needs not.
        drop(self.0.focus());
    }

    pub fn close(&self) {
        // As above.
        drop(self.0.close());
    }

    fn is_closed(&self) -> bool {
        self.0.closed().unwrap_or(true)
    }

    /// Tells `on_heard` what the window says or looks like, until the answer is dropped.
    pub fn listen(&self, id: &'static str, on_heard: impl Fn(Heard) + Clone + 'static) -> Listening {
        Listening {
            _message: self.listen_for_messages(id, on_heard.clone()),
            _broadcast: self.listen_to_broadcasts(id, on_heard.clone()),
            closed: self.look_whether_closed(on_heard),
        }
    }

    fn listen_for_messages(&self, id: &'static str, on_heard: impl Fn(Heard) + 'static) -> Option<Listener> {
        let popup = self.0.clone();
        let here = window();
        let origin = here.location().origin().ok()?;
        Some(Listener::new(here.unchecked_into(), move |event| {
            let is_from_popup = event
                .source()
                .is_some_and(|source| js_sys::Object::is(source.as_ref(), popup.as_ref()));
            if event.origin() == origin
                && is_from_popup
                && let Some(params) = params_for(id, &event.data())
            {
                on_heard(Heard::Return(params));
            }
        }))
    }

    /// A page that cut off its opener leaves no other way. Only same-origin pages can speak here, but also those of
    /// another tab: as long as our window does not look closed, it would have spoken directly.
    fn listen_to_broadcasts(&self, id: &'static str, on_heard: impl Fn(Heard) + 'static) -> Option<Listener> {
        let popup = self.clone();
        let channel = BroadcastChannel::new(CHANNEL).ok()?;
        Some(Listener::new(channel.unchecked_into(), move |event| {
            if popup.is_closed()
                && let Some(params) = params_for(id, &event.data())
            {
                if let Ok(channel) = BroadcastChannel::new(HEARD_CHANNEL) {
                    // Unheard, the return page stays open and says so itself.
                    drop(channel.post_message(&JsValue::from_str(id)));
                    channel.close();
                }
                on_heard(Heard::Return(params));
            }
        }))
    }

    fn look_whether_closed(&self, on_heard: impl Fn(Heard) + 'static) -> Option<IntervalHandle> {
        let popup = self.clone();
        let closed_before = Cell::new(false);
        let told = Cell::new(false);
        let look = move || {
            let closed = popup.is_closed();
            if closed && closed_before.replace(closed) && !told.replace(true) {
                on_heard(Heard::LooksClosed);
            }
        };
        set_interval_with_handle(look, LOOK_EVERY).ok()
    }
}

/// Dropping it ends the listening.
pub struct Listening {
    _message: Option<Listener>,
    _broadcast: Option<Listener>,
    closed: Option<IntervalHandle>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        if let Some(timer) = self.closed {
            timer.clear();
        }
    }
}

/// A `message` listener that is removed when dropped.
struct Listener {
    target: web_sys::EventTarget,
    callback: Closure<dyn Fn(MessageEvent)>,
}

impl Listener {
    fn new(target: web_sys::EventTarget, on_message: impl Fn(MessageEvent) + 'static) -> Self {
        let callback = Closure::new(on_message);
        // Adding a listener to a live target does not fail.
        drop(target.add_event_listener_with_callback("message", callback.as_ref().unchecked_ref()));
        Self { target, callback }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        drop(
            self.target
                .remove_event_listener_with_callback("message", self.callback.as_ref().unchecked_ref()),
        );
        if let Some(channel) = self.target.dyn_ref::<BroadcastChannel>() {
            channel.close();
        }
    }
}

/// The message's entries, if it is an object of texts and its `popup` is ours.
fn params_for(id: &str, data: &JsValue) -> Option<Params> {
    let object = data.dyn_ref::<js_sys::Object>()?;
    let entry = |pair: JsValue| {
        let pair = pair.dyn_into::<js_sys::Array>().ok()?;
        Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
    };
    let params = Params(js_sys::Object::entries(object).iter().filter_map(entry).collect());
    (params.get("popup") == Some(id)).then_some(params)
}

/// Size and place: the middle of this window, wherever on the screens that is.
fn features() -> String {
    let here = window();
    let number = |value: Result<JsValue, JsValue>| value.ok().and_then(|value| value.as_f64()).unwrap_or(0.0);
    let middle = |start: f64, outer: f64, size: i32| (start + (outer - f64::from(size)) / 2.0).max(0.0).round();
    let left = middle(number(here.screen_x()), number(here.outer_width()), WIDTH);
    let top = middle(number(here.screen_y()), number(here.outer_height()), HEIGHT);
    format!("popup=yes,width={WIDTH},height={HEIGHT},left={left},top={top}")
}

/// So that the blank window is not quite blank. Fails when it is at another origin already.
fn write_one_moment(popup: &Window) -> Result<(), JsValue> {
    // Not asked whether it is a `Document`: it is one of its own window's, which is another class than ours.
    let blank: Document = js_sys::Reflect::get(popup, &"document".into())?.unchecked_into();
    blank.set_title(OPENING);
    // The look is set property by property: a content security policy forbids style attributes, not this.
    let style = |element: &JsValue, property: &str, value: &str| {
        let style = js_sys::Reflect::get(element, &"style".into())?;
        js_sys::Reflect::set(&style, &property.into(), &value.into())
    };
    if let (Some(root), Some(body)) = (blank.document_element(), blank.body()) {
        style(&root, "colorScheme", "light dark")?;
        style(&body, "font", "1.125rem system-ui, sans-serif")?;
        style(&body, "display", "grid")?;
        style(&body, "placeItems", "center")?;
        style(&body, "minHeight", "90vh")?;
        body.set_text_content(Some(OPENING));
    }
    root_language(&blank)
}

/// Screen readers read the blank page in this page's language.
fn root_language(blank: &Document) -> Result<(), JsValue> {
    let language = document()
        .document_element()
        .and_then(|root| root.get_attribute("lang"));
    match (blank.document_element(), language) {
        (Some(root), Some(language)) => root.set_attribute("lang", &language),
        _ => Ok(()),
    }
}
