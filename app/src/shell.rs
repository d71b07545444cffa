//! The HTML document around the application, and the content security policy it needs. Only the server renders it:
//! the router in `server` passes [`shell`] to `leptos_axum`.

use leptos::{hydration::AutoReload, nonce::use_nonce, prelude::*};
use leptos_meta::{HashedStylesheet, MetaTags};

use crate::app::App;

/// The whole document. No inline handlers and no inline styles; Leptos' own scripts carry the response's nonce.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    set_content_security_policy(&options);
    // After the application, so that the browser's code, which takes over what it knows, never meets it.
    #[cfg(feature = "ssr")]
    let time_travel = view! { <crate::time_travel::TimeTravel /> };
    #[cfg(not(feature = "ssr"))]
    let time_travel = ();
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="theme-color" content="#ffffff" media="(prefers-color-scheme: light)" />
                <meta name="theme-color" content="#14161c" media="(prefers-color-scheme: dark)" />
                <link rel="icon" href="/icon.svg" type="image/svg+xml" />
                <HashedStylesheet options=options.clone() />
                <AutoReload options=options.clone() />
                <HydrationScripts options />
                <MetaTags />
            </head>
            <body>
                <App />
                {time_travel}
            </body>
        </html>
    }
}

/// Adds the `Content-Security-Policy` header to the response being rendered (on the server; else does nothing).
fn set_content_security_policy(options: &LeptosOptions) {
    #[cfg(feature = "ssr")]
    {
        use http::{HeaderValue, header::CONTENT_SECURITY_POLICY};

        let (Some(nonce), Some(response)) = (use_nonce(), use_context::<leptos_axum::ResponseOptions>()) else {
            return;
        };
        // cargo-leptos' reloading opens a web socket on its own port.
        let reload = if std::env::var_os("LEPTOS_WATCH").is_some() {
            format!(" ws://127.0.0.1:{0} ws://localhost:{0}", options.reload_port)
        } else {
            String::new()
        };
        // `form-action` stays open to https and to the fake Stripe: a form without JavaScript is answered with a
        // redirect to Stripe, and merchants may have checkout domains of their own.
        let policy = format!(
            "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; connect-src 'self'{reload}; \
             img-src 'self' data: https:; form-action 'self' https: http://localhost:* http://127.0.0.1:*; \
             base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
        );
        if let Ok(policy) = HeaderValue::from_str(&policy) {
            response.insert_header(CONTENT_SECURITY_POLICY, policy);
        }
    }
    #[cfg(not(feature = "ssr"))]
    {
        let _ = (options, use_nonce());
    }
}
