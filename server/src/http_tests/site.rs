//! What the tests of this folder ask.

use std::{
    net::SocketAddr,
    sync::{Arc, LazyLock},
};

use axum::{Router, body::Body, extract::ConnectInfo, http::Request, response::Response};
use fake_stripe::{FakeStripe, Options};
use metrics_exporter_prometheus::PrometheusBuilder;
use store::{Clock, Store, actor::Session};
use tokio::{
    net::TcpListener,
    sync::{Mutex, OwnedMutexGuard},
};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::{
    config::{Config, StripeMode},
    router::{RouterParts, router},
    routes::dev_clock::TimeTravel,
    running::{self, StripeAt},
};

/// Leptos keeps some things for a whole process, in which a server has one runtime. Each test has its own, so they take
/// turns: else, now and then, a page waits for something that belongs to a runtime that is gone.
static TURN: LazyLock<Arc<Mutex<()>>> = LazyLock::new(Arc::default);

/// The real router over a real store, with a fake Stripe behind it.
pub struct Site {
    pub router: Router,
    pub store: Store,
    _folder: tempfile::TempDir,
    pub stripe: FakeStripe,
    _turn: OwnedMutexGuard<()>,
}

impl Site {
    pub async fn new() -> Self {
        Self::at("http://127.0.0.1:3000").await
    }

    /// As people reach it under `public_url`.
    pub async fn at(public_url: &str) -> Self {
        Self::with(public_url, Clock::System, |_| None).await
    }

    /// Whose time can be moved, as `time_travel` does.
    #[cfg(feature = "fake-stripe")]
    pub async fn of_fake_mode(time_travel: impl FnOnce(&FakeStripe) -> Option<TimeTravel>, clock: Clock) -> Self {
        Self::with("http://127.0.0.1:3000", clock, time_travel).await
    }

    async fn with(public_url: &str, clock: Clock, time_travel: impl FnOnce(&FakeStripe) -> Option<TimeTravel>) -> Self {
        let turn = Arc::clone(&TURN).lock_owned().await;
        let folder = tempfile::tempdir().expect("a folder");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let stripe = FakeStripe::start(listener, Options::default()).await.expect("a Stripe");
        let config = Config {
            address: SocketAddr::from(([127, 0, 0, 1], 3000)),
            public_url: public_url.to_owned(),
            database_url: format!("sqlite://{}", folder.path().join("store.sqlite").display()),
            stripe: StripeMode::Fake {
                secret_key: "sk_test_1".to_owned(),
                webhook_secrets: vec!["whsec_configured".to_owned()],
                api_base: Some(stripe.api_base()),
                address: SocketAddr::from(([127, 0, 0, 1], 0)),
            },
            client_id: None,
            connect_base: None,
            fee_hundredths: 0,
            platform_admins: Vec::new(),
            mail: None,
            trusted_proxies: Vec::new(),
            site_root: folder.path().display().to_string(),
        };
        let at = StripeAt {
            api_base: stripe.api_base(),
            webhook_secrets: vec!["whsec_1".to_owned()],
            clock,
        };
        let store = running::store(&config, Some(at)).await.expect("a store");
        let router = router(RouterParts {
            store: store.clone(),
            config: Arc::new(config),
            metrics: PrometheusBuilder::new().build_recorder().handle(),
            stopping: CancellationToken::new(),
            pages: true,
            webhooks: true,
            time_travel: time_travel(&stripe),
        });
        Self {
            router,
            store,
            _folder: folder,
            stripe,
            _turn: turn,
        }
    }

    /// A signed-in person and their cookie's token.
    pub async fn person(&self, email: &str) -> (Session, String) {
        let sessions = self.store.sessions();
        let sent = sessions.request_code(email, "192.0.2.1", "").await.expect("sent");
        let code = self.store.mailer().letters()[0]
            .subject
            .split(' ')
            .next()
            .expect("a code")
            .to_owned();
        let token = sessions
            .redeem_code(&sent.attempt, &code)
            .await
            .expect("signed in")
            .token;
        (sessions.find(Some(&token)).await.expect("a session"), token)
    }

    /// The answer to `request`, which comes from some client.
    pub async fn answer(&self, mut request: Request<Body>) -> Response {
        let client = ConnectInfo(SocketAddr::from(([192, 0, 2, 1], 1)));
        request.extensions_mut().insert(client);
        self.router.clone().oneshot(request).await.expect("an answer")
    }
}
