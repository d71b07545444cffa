//! Waiting in the browser.

use std::time::Duration;

use js_sys::futures::JsFuture;
use leptos::prelude::set_timeout;
use wasm_bindgen::JsValue;

pub async fn pause(duration: Duration) {
    let mut timer = |resolve: js_sys::Function, _| {
        set_timeout(move || drop(resolve.call0(&JsValue::NULL)), duration);
    };
    // The promise is never rejected.
    drop(JsFuture::from(js_sys::Promise::new(&mut timer)).await);
}
