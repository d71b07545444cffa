//! What the browser loads: the panic hook, and the application's hydration.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
pub async fn hydrate() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        app::stopped::say_that_it_stopped();
    }));
    app::hydrate().await;
}
