//! Which address is answered by what.

use std::{sync::Arc, time::Duration};

use app::ssr::{ClientAddress, page_reads::PageReads};
use axum::{
    Router,
    extract::{FromRef, Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::Response,
    routing::{get, post},
};
use leptos::{config::LeptosOptions, prelude::provide_context};
use leptos_axum::{LeptosRoutes, generate_route_list};
use metrics_exporter_prometheus::PrometheusHandle;
use store::Store;
use tokio_util::sync::CancellationToken;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::CompressionLayer,
    limit::RequestBodyLimitLayer,
    services::ServeDir,
    set_header::SetResponseHeaderLayer,
    timeout::{RequestBodyTimeoutLayer, TimeoutLayer},
    trace::TraceLayer,
};

use crate::{
    config::{Config, StripeMode},
    routes::{
        came_back, client_address, connect_return,
        dev_clock::{self, TimeTravel},
        dev_mailbox, events, health, onboarding, origin, popup_return, problem_page, refused_form, slug_case, webhook,
    },
};

/// Bodies are small here; a post's Markdown is the largest.
pub const LARGEST_BODY: usize = 1024 * 1024;

/// A body that stands still for this long is not waited for.
const BODY_PAUSE: Duration = Duration::from_secs(30);
/// Nothing takes longer, not even several calls that Stripe does not answer; an event stream's answer begins at once.
const LONGEST_ANSWER: Duration = Duration::from_mins(3);

/// What routes need.
#[derive(Debug, Clone, FromRef)]
pub struct Shared {
    pub store: Store,
    pub config: SharedConfig,
    pub options: LeptosOptions,
    pub metrics: PrometheusHandle,
    pub stopping: CancellationToken,
    pub time_travel: Option<TimeTravel>,
}

/// The configuration without its secrets' `Debug`.
#[derive(Clone)]
pub struct SharedConfig(pub Arc<Config>);

impl std::fmt::Debug for SharedConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SharedConfig")
    }
}

/// What [`router`] is made of.
pub struct RouterParts {
    pub store: Store,
    pub config: Arc<Config>,
    pub metrics: PrometheusHandle,
    pub stopping: CancellationToken,
    pub pages: bool,
    pub webhooks: bool,
    /// Only with a fake Stripe inside.
    pub time_travel: Option<TimeTravel>,
}

/// All routes of this process.
pub fn router(parts: RouterParts) -> Router {
    let options = leptos_options(&parts.config);
    let shared = Shared {
        store: parts.store,
        config: SharedConfig(parts.config),
        options,
        metrics: parts.metrics,
        stopping: parts.stopping,
        time_travel: parts.time_travel,
    };
    let mut router = Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics));
    if parts.webhooks {
        router = router.route("/webhooks/stripe", post(webhook::receive));
    }
    if parts.pages {
        router = router.merge(pages(&shared));
    }
    if shared.config.0.is_https() {
        router = router.layer(SetResponseHeaderLayer::if_not_present(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        ));
    }
    router
        .layer(CatchPanicLayer::custom(problem_page::panicked))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::GATEWAY_TIMEOUT,
            LONGEST_ANSWER,
        ))
        .layer(RequestBodyLimitLayer::new(LARGEST_BODY))
        .layer(RequestBodyTimeoutLayer::new(BODY_PAUSE))
        .layer(SetResponseHeaderLayer::if_not_present(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ))
        .layer(SetResponseHeaderLayer::if_not_present(
            header::REFERRER_POLICY,
            HeaderValue::from_static("strict-origin-when-cross-origin"),
        ))
        // Pages have a stricter one of their own (`app::shell`).
        .layer(SetResponseHeaderLayer::if_not_present(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("base-uri 'none'; frame-ancestors 'none'; object-src 'none'"),
        ))
        .layer(TraceLayer::new_for_http())
        .with_state(shared)
}

fn pages(shared: &Shared) -> Router<Shared> {
    let options = shared.options.clone();
    let context = {
        let store = shared.store.clone();
        let travels = shared.time_travel.is_some();
        move || {
            provide_context(store.clone());
            provide_context(PageReads::default());
            if travels {
                provide_context(app::ssr::DevClock(store.now()));
            }
            // Set by `client_address::note` for this very request.
            if let Some(address) =
                leptos::prelude::use_context::<http::request::Parts>().and_then(|parts| parts.extensions.get().cloned())
            {
                provide_context::<ClientAddress>(address);
            }
        }
    };
    let shell = {
        let options = options.clone();
        move || app::shell::shell(options.clone())
    };
    let list = generate_route_list(app::app::App);
    let not_found = leptos_axum::render_app_async_with_context(context.clone(), shell.clone());
    let mut files = ServeDir::new(options.site_root.as_ref()).append_index_html_on_directories(false);
    // While cargo-leptos watches, compressed files of an earlier release build may lie beside newer plain ones.
    if std::env::var_os("LEPTOS_WATCH").is_none() {
        files = files.precompressed_br().precompressed_gzip();
    }
    let files = files.fallback(get(not_found));
    let mut pages = Router::new()
        .route("/popups/return", get(popup_return::page))
        .route("/connect/return", get(connect_return::finish))
        .route("/c/{slug}/onboarding", get(onboarding::fresh_link))
        .route("/c/{slug}/events", get(events::stream))
        .route("/c/{slug}/bought", get(came_back::bought))
        .route("/c/{slug}/card-saved", get(came_back::card_saved))
        .route("/c/{slug}/onboarded", get(came_back::onboarded))
        .leptos_routes_with_context(shared, list, context, shell);
    if matches!(shared.config.0.stripe, StripeMode::Fake { .. }) {
        pages = pages.route("/dev/mailbox", get(dev_mailbox::show));
    }
    if shared.time_travel.is_some() {
        pages = pages.route("/dev/clock", get(dev_clock::show).post(dev_clock::travel));
    }
    pages
        .fallback_service(files)
        .layer(middleware::from_fn(refused_form::keep_typed))
        .layer(middleware::from_fn(refused_form::only_ours))
        .layer(middleware::from_fn(slug_case::lower))
        .layer(middleware::from_fn_with_state(shared.clone(), origin::check))
        .layer(middleware::from_fn_with_state(shared.clone(), client_address::note))
        .layer(middleware::from_fn_with_state(shared.clone(), cache_control))
        .layer(CompressionLayer::new())
}

/// Pages are somebody's own; the browser's half is checked again each time unless its name carries its hash.
async fn cache_control(State(_): State<Shared>, request: Request, next: Next) -> Response {
    let is_file = request.uri().path().starts_with("/pkg/");
    let mut response = next.run(request).await;
    let policy = if is_file { "no-cache" } else { "no-store" };
    response
        .headers_mut()
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static(policy));
    response
}

fn leptos_options(config: &Config) -> LeptosOptions {
    let port = |name: &str| std::env::var(name).ok().and_then(|port| port.parse::<u32>().ok());
    LeptosOptions::builder()
        .output_name("xiome-store")
        .site_root(config.site_root.clone())
        .site_pkg_dir("pkg")
        .site_addr(config.address)
        .reload_port(port("LEPTOS_RELOAD_PORT").unwrap_or(3001))
        .build()
}
