//! A store, its database, its Stripe, and people. Dropping it without [`World::finish`] fails the test: `finish` is what
//! sees that no job is left over and that no answer of Stripe's was of a wrong shape.

use std::{sync::Arc, time::Duration};

use axum::{Router, body::Bytes, extract::State, http::HeaderMap, routing::post};
use fake_stripe::{Clock as FakeClock, FakeStripe, Options};
use hmac::{Hmac, KeyInit, Mac};
use migrations::{Migrator, MigratorTrait};
use model::{
    catalog::CatalogView,
    id::{PlanId, RoleId, TierId},
    interval::Interval,
    permissions::RoleView,
    planning::{PlanView, TierDraft, TierView},
    purchase::Outcome,
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde_json::{Value, json};
use sha2::Sha256;
use store::{
    Clock, Database, Mailer, Parts, Randomness, Settings, Store,
    actor::{Clerk, PermissionManager, Session, Visitor},
    stripe::{Stripe, StripeConfig},
    webhooks::Taken,
};
use tokio::{net::TcpListener, task::JoinHandle};

/// 2026-03-10 12:00:00 UTC
pub const START: i64 = 1_773_144_000;
const SECRET: &str = "whsec_tests";

pub struct World {
    pub store: Store,
    pub clock: Clock,
    fake: Option<FakeStripe>,
    http: reqwest::Client,
    listener: JoinHandle<()>,
    database_url: String,
    api_base: String,
    _folder: tempfile::TempDir,
    finished: bool,
}

impl World {
    pub async fn new() -> Self {
        Self::with_fee(0).await
    }

    pub async fn with_fee(fee_hundredths: u32) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let database_url = database(&folder).await;
        let options = Options {
            webhook_secret: SECRET.to_owned(),
            clock: FakeClock::Fixed(START),
            ..Options::default()
        };
        let fake = FakeStripe::start(TcpListener::bind("127.0.0.1:0").await.expect("a port"), options)
            .await
            .expect("fake");
        let api_base = fake.api_base();
        let clock = Clock::manual(START);
        let store = open(&database_url, &api_base, &clock, fee_hundredths).await;
        let (listener, address) = listen(store.clone()).await;
        let http = reqwest::Client::new();
        let world = Self {
            store,
            clock,
            fake: Some(fake),
            http,
            listener,
            database_url,
            api_base,
            _folder: folder,
            finished: false,
        };
        let url = format!("http://{address}/webhooks/stripe");
        world.control("webhook", json!({ "url": url, "secret": SECRET })).await;
        world
    }

    /// Ends the test: nothing may be left to do, and every answer of Stripe's was right.
    pub async fn finish(mut self) {
        self.settle().await;
        let queue = self.store.queue_state().await.expect("the queue");
        let left = self.jobs().await;
        assert_eq!(
            (queue.waiting, queue.needs_attention),
            (0, 0),
            "jobs are left over: {left:#?}"
        );
        let violations = self.ask("violations").await;
        assert_eq!(violations["data"], json!([]), "{violations:#}");
        self.listener.abort();
        if let Some(fake) = self.fake.take() {
            fake.stop().await;
        }
        self.store.database().clone().close().await;
        self.finished = true;
    }

    /// How the events of a kind are recorded.
    pub async fn event_states(&self, kind: &str) -> Vec<String> {
        let db = self.store.database().write();
        let sql = format!("SELECT state FROM webhook_event WHERE kind = '{kind}'");
        let statement = sea_orm::Statement::from_string(db.get_database_backend(), sql);
        let rows = sea_orm::JsonValue::find_by_statement(statement)
            .all(db)
            .await
            .expect("events");
        rows.iter()
            .map(|row| row["state"].as_str().expect("a state").to_owned())
            .collect()
    }

    /// To whom letters were written, and about what, as the database keeps them.
    pub async fn kept_letters(&self) -> Vec<(String, String)> {
        let db = self.store.database().write();
        let sql = "SELECT recipient, subject FROM letter ORDER BY written_at";
        let statement = sea_orm::Statement::from_string(db.get_database_backend(), sql);
        let rows = sea_orm::JsonValue::find_by_statement(statement)
            .all(db)
            .await
            .expect("letters");
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        rows.iter()
            .map(|row| (text(&row["recipient"]), text(&row["subject"])))
            .collect()
    }

    /// What waits, with the reason.
    pub async fn jobs(&self) -> Vec<String> {
        let db = self.store.database().write();
        let sql = "SELECT kind, subject, attempts, run_at, claimed_until, last_error FROM job";
        let statement = sea_orm::Statement::from_string(db.get_database_backend(), sql);
        let rows = sea_orm::JsonValue::find_by_statement(statement)
            .all(db)
            .await
            .expect("jobs");
        rows.iter().map(ToString::to_string).collect()
    }

    /// Another process on the same database and the same Stripe.
    pub async fn second_process(&self) -> Store {
        open(&self.database_url, &self.api_base, &self.clock, 0).await
    }

    /// Every event is delivered, and all the work it causes is done.
    pub async fn settle(&self) {
        loop {
            let flushed = self.control("outbox/flush", json!({})).await;
            let worked = self.store.work_jobs().await.expect("the queue");
            if worked == 0 && flushed["delivered"].as_u64() == Some(0) {
                return;
            }
        }
    }

    /// Time goes on, here and at Stripe.
    pub async fn wait(&self, time: chrono::Duration) {
        self.clock.advance(time);
        self.control("clock", json!({ "advance": time.num_seconds() })).await;
    }

    /// Time goes on, here and at Stripe, and what is due happens.
    pub async fn pass(&self, time: chrono::Duration) {
        self.wait(time).await;
        self.settle().await;
        // As the worker does from time to time.
        self.store.look_ahead().await.expect("a look ahead");
        self.settle().await;
    }

    pub async fn read_control(&self, path: &str) -> Value {
        let request = self.http.get(format!("{}/_fake/{path}", self.api_base));
        read(request.send().await.expect("an answer")).await
    }

    /// Makes one of Stripe's objects other than it is, as no call of its API can.
    pub async fn rewrite(&self, id: &str, fields: Value) {
        let mut state = self.read_control("state").await;
        assert!(rewrite(&mut state, id, &fields), "there is no {id}");
        let request = self.http.put(format!("{}/_fake/state", self.api_base));
        read(request.body(state.to_string()).send().await.expect("an answer")).await;
    }

    pub async fn control(&self, path: &str, body: Value) -> Value {
        let url = format!("{}/_fake/{path}", self.api_base);
        let response = self
            .http
            .post(url)
            .header("content-type", "application/json")
            .body(body.to_string())
            .send()
            .await;
        read(response.expect("an answer")).await
    }

    pub async fn ask(&self, path: &str) -> Value {
        read(
            self.http
                .get(format!("{}/_fake/{path}", self.api_base))
                .send()
                .await
                .expect("an answer"),
        )
        .await
    }

    /// What Stripe has, as the account's owner sees it; asked again while Stripe misbehaves.
    pub async fn stripe(&self, account: &str, path: &str) -> Value {
        for _ in 0..100 {
            let request = self
                .http
                .get(format!("{}/v1/{path}", self.api_base))
                .bearer_auth("sk_test_1")
                .header("stripe-account", account);
            let Ok(response) = request.send().await else { continue };
            let status = response.status();
            if status.is_server_error() || status.as_u16() == 429 {
                continue;
            }
            let Ok(body) = response.text().await else { continue };
            assert!(status.is_success(), "{status}: {body}");
            return serde_json::from_str(&body).unwrap_or(Value::Null);
        }
        panic!("Stripe never answers {path}");
    }

    /// Three calls of ten fail, each in one of the ways a call to Stripe can.
    pub async fn misbehave(&self) {
        let ways = [
            json!({ "kind": "status", "status": 500 }),
            json!({ "kind": "status", "status": 503, "after_processing": true }),
            json!({ "kind": "status", "status": 500, "sticks": true }),
            json!({ "kind": "status", "status": 500, "sticks": true, "after_processing": true }),
            json!({ "kind": "reset" }),
            json!({ "kind": "reset", "after_processing": true }),
            json!({ "kind": "rate_limit", "reason": "endpoint-rate" }),
            json!({ "kind": "rate_limit", "reason": "global-concurrency", "headers": { "retry-after": "1" } }),
            json!({ "kind": "lock_timeout" }),
            json!({ "kind": "status", "status": 409, "headers": { "stripe-should-retry": "true" } }),
        ];
        let mut bound = 0.0;
        for mut fault in ways {
            fault["times"] = json!(0);
            // One chance is drawn for a request; the first whose bound is above it hits.
            bound += 0.03;
            fault["probability"] = json!(bound);
            self.control("faults", fault).await;
        }
    }

    pub async fn behave(&self) {
        let url = format!("{}/_fake/faults", self.api_base);
        self.http.delete(url).send().await.expect("an answer");
    }

    /// Does something in the account, as its owner does in Stripe's dashboard.
    pub async fn stripe_post(&self, account: &str, path: &str, form: &[(&str, &str)]) -> Value {
        let pairs: Vec<String> = form
            .iter()
            .map(|(key, value)| format!("{}={}", encode(key), encode(value)))
            .collect();
        let request = self
            .http
            .post(format!("{}/v1/{path}", self.api_base))
            .bearer_auth("sk_test_1")
            .header("stripe-account", account)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(pairs.join("&"));
        read(request.send().await.expect("an answer")).await
    }

    /// The same, whatever Stripe says.
    pub async fn try_post(&self, account: &str, path: &str, form: &[(&str, &str)]) {
        let pairs: Vec<String> = form
            .iter()
            .map(|(key, value)| format!("{}={}", encode(key), encode(value)))
            .collect();
        let request = self
            .http
            .post(format!("{}/v1/{path}", self.api_base))
            .bearer_auth("sk_test_1")
            .header("stripe-account", account)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(pairs.join("&"));
        request.send().await.expect("an answer");
    }

    pub async fn stripe_delete(&self, account: &str, path: &str) -> Value {
        let request = self
            .http
            .delete(format!("{}/v1/{path}", self.api_base))
            .bearer_auth("sk_test_1")
            .header("stripe-account", account);
        read(request.send().await.expect("an answer")).await
    }

    /// An event that Stripe did not send of itself: says that something changed, as they all do.
    pub async fn deliver(&self, account: &str, kind: &str, object: Value) {
        self.arrives(account, kind, object).await;
        self.settle().await;
    }

    /// The same, stored and not worked.
    pub async fn arrives(&self, account: &str, kind: &str, object: Value) {
        self.arrives_in(false, account, kind, object).await;
    }

    /// The same in live or test mode; the answer is its `evt_…`.
    pub async fn arrives_in(&self, livemode: bool, account: &str, kind: &str, object: Value) -> String {
        let now = self.store.now().timestamp();
        let id = format!("evt_{}", &Randomness::system().token()[..24]);
        let event = json!({
            "id": id,
            "object": "event", "type": kind, "account": account, "created": now, "livemode": livemode,
            "data": { "object": object },
        })
        .to_string();
        let signed = format!("{now}.{event}");
        let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("a key");
        mac.update(signed.as_bytes());
        let header = format!("t={now},v1={}", hex::encode(mac.finalize().into_bytes()));
        let taken = self
            .store
            .receive_webhook(Some(&header), event.as_bytes())
            .await
            .expect("stored");
        assert_eq!(taken, Ok(Taken::New));
        id
    }

    /// Signs in by the code of the mail.
    pub async fn person(&self, email: &str) -> Session {
        let sessions = self.store.sessions();
        let sent = sessions.request_code(email, "192.0.2.1", "").await.expect("a code");
        let letters = self.store.mailer().letters();
        let letter = letters.iter().find(|letter| letter.to == email).expect("a mail");
        let code = letter.subject.split(' ').next().expect("a code");
        let token = sessions.redeem_code(&sent.attempt, code).await.expect("signed in");
        sessions.find(Some(&token.token)).await.expect("a session")
    }

    pub async fn visit(&self, session: &Session, slug: &str) -> Visitor {
        self.store.visitor(session, slug).await.expect("a visitor")
    }

    /// A community in euros, and its owner.
    pub async fn community(&self, slug: &str) -> Session {
        let owner = self.person(&format!("owner@{slug}.example")).await;
        self.store
            .communities()
            .create(&owner, "Club", slug, "eur")
            .await
            .expect("a community");
        owner
    }

    /// A community whose Stripe account is ready.
    pub async fn shop(&self, slug: &str) -> Session {
        let owner = self.community(slug).await;
        let merchant = self.visit(&owner, slug).await.merchant().expect("a merchant");
        self.store
            .connect()
            .start_onboarding(&merchant, "connect")
            .await
            .expect("a link");
        let account = self.account(&owner, slug).await;
        self.control(&format!("accounts/{account}/complete_onboarding"), json!({}))
            .await;
        let clerk = self.visit(&owner, slug).await.clerk().expect("a clerk");
        self.store.connect().refresh(&clerk).await.expect("a reading");
        self.settle().await;
        owner
    }

    pub async fn account(&self, owner: &Session, slug: &str) -> String {
        let clerk = self.visit(owner, slug).await.clerk().expect("a clerk");
        let view = self.store.connect().view(&clerk).await.expect("a view");
        view.snapshot.expect("an account").account
    }

    /// The community `club` leaves its Stripe account for another one, which is ready and sells `tier`.
    pub async fn moves(&self, tier: &str) {
        let owner = self.person("owner@club.example").await;
        let (_, tier) = self.tier("club", tier).await;
        let visitor = self.visit(&owner, "club").await;
        let (merchant, clerk) = (
            visitor.merchant().expect("a merchant"),
            visitor.clerk().expect("a clerk"),
        );
        let connect = self.store.connect();
        connect.disconnect(&merchant).await.expect("disconnected");
        self.wait(chrono::Duration::hours(1)).await;
        connect
            .start_onboarding(&merchant, "connect")
            .await
            .expect("another account");
        let account = self.account(&owner, "club").await;
        let path = format!("accounts/{account}/complete_onboarding");
        self.control(&path, json!({})).await;
        connect.refresh(&clerk).await.expect("a reading");
        let planning = self.store.planning();
        planning.offer_on_current_account(&clerk, tier).await.expect("offered");
        self.settle().await;
    }

    /// The community `club` leaves its Stripe account for one that it had before, as its owner does through Stripe's OAuth page.
    pub async fn reconnects(&self, account: &str) {
        let owner = self.person("owner@club.example").await;
        let merchant = self.visit(&owner, "club").await.merchant().expect("a merchant");
        let connect = self.store.connect();
        connect.disconnect(&merchant).await.expect("disconnected");
        let asked = connect.connect_existing(&owner, &merchant, "connect").await;
        let url = asked.expect("a page").url;
        let (page, query) = url.split_once('?').expect("a query");
        let request = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client")
            .post(page)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("{query}&account={account}&decision=connect"));
        let answer = request.send().await.expect("an answer");
        let back = answer.headers()["location"].to_str().expect("an address");
        let value = |name: &str| {
            let value = back
                .split(&format!("{name}="))
                .nth(1)
                .and_then(|rest| rest.split('&').next());
            value.expect("a value").to_owned()
        };
        let (state, code) = (value("state"), value("code"));
        connect
            .finish_oauth(&owner, &state, Some(&code))
            .await
            .expect("connected");
        self.settle().await;
    }

    /// A plan with tiers, each a label with a monthly and a yearly price.
    pub async fn plan(&self, owner: &Session, slug: &str, label: &str, tiers: &[(&str, &str, &str)]) {
        let clerk = self.visit(owner, slug).await.clerk().expect("a clerk");
        let planning = self.store.planning();
        let mut drafts = tiers
            .iter()
            .map(|(label, monthly, yearly)| draft(label, monthly, yearly));
        let first = drafts.next().expect("a tier");
        planning.create_plan(&clerk, label, &first).await.expect("a plan");
        let plan = self
            .catalog(owner, slug)
            .await
            .plans
            .into_iter()
            .find(|plan| plan.label == label)
            .expect("the plan")
            .id;
        for draft in drafts {
            planning.add_tier(&clerk, plan, &draft).await.expect("a tier");
        }
    }

    pub async fn catalog(&self, session: &Session, slug: &str) -> CatalogView {
        self.store
            .catalog()
            .view(&self.visit(session, slug).await)
            .await
            .expect("a catalog")
    }

    pub async fn tier(&self, slug: &str, label: &str) -> (PlanId, TierId) {
        let catalog = self.catalog(&Session::default(), slug).await;
        catalog
            .plans
            .iter()
            .find_map(|plan| Some((plan.id, plan.tiers.iter().find(|tier| tier.label == label)?.id)))
            .expect("the tier")
    }

    /// The plan as the planning page shows it.
    pub async fn plan_view(&self, clerk: &Clerk, plan: PlanId) -> PlanView {
        let view = self.store.planning().view(clerk).await.expect("the plans");
        view.plans.into_iter().find(|one| one.id == plan).expect("the plan")
    }

    /// The tier as the planning page shows it.
    pub async fn tier_view(&self, clerk: &Clerk, tier: TierId) -> TierView {
        let view = self.store.planning().view(clerk).await.expect("the plans");
        let mut tiers = view.plans.into_iter().flat_map(|plan| plan.tiers);
        tiers.find(|one| one.id == tier).expect("the tier")
    }

    /// The role as the roles page shows it.
    pub async fn role_view(&self, manager: &PermissionManager, role: RoleId) -> RoleView {
        let view = self.store.permissions().view(manager).await.expect("the roles");
        view.roles.into_iter().find(|one| one.id == role).expect("the role")
    }

    /// Buys through Checkout, up to the address where the customer pays.
    pub async fn checkout(&self, session: &Session, slug: &str, tier: &str, interval: Interval) -> String {
        let (_, tier) = self.tier(slug, tier).await;
        let customer = self.visit(session, slug).await.customer().expect("a customer");
        match self
            .store
            .shopping()
            .subscribe(&customer, tier, interval, "subscribe")
            .await
            .expect("an address")
        {
            Outcome::GoTo { url } => url,
            Outcome::Confirm(preview) => panic!("a switch: {preview:?}"),
        }
    }

    /// Pays the open Checkout session at `url`.
    pub async fn pay(&self, url: &str, card: &str) -> Value {
        let session = session_of(url);
        self.control(&format!("checkout/{session}/complete"), json!({ "card": card }))
            .await
    }

    /// Buys and pays, and the role is there.
    pub async fn buy(&self, session: &Session, slug: &str, tier: &str, interval: Interval) {
        let url = self.checkout(session, slug, tier, interval).await;
        assert_eq!(self.pay(&url, "4242424242424242").await["outcome"], "done");
        self.settle().await;
    }

    /// The labels of the tiers whose role this person holds now by a subscription.
    pub async fn holds(&self, session: &Session, slug: &str) -> Vec<String> {
        let customer = self.visit(session, slug).await.customer().expect("a customer");
        let membership = self.store.shopping().membership(&customer).await.expect("a membership");
        let mut held: Vec<String> = membership
            .subscriptions
            .into_iter()
            .filter(|subscription| subscription.role_until.is_some())
            .map(|subscription| subscription.tier_label)
            .collect();
        held.sort();
        held
    }
}

impl Drop for World {
    fn drop(&mut self) {
        assert!(
            self.finished || std::thread::panicking(),
            "the test did not call `finish`, which looks for left-over jobs"
        );
    }
}

pub fn draft(label: &str, monthly: &str, yearly: &str) -> TierDraft {
    TierDraft {
        label: label.into(),
        description: String::new(),
        monthly: monthly.into(),
        yearly: yearly.into(),
    }
}

/// `cs_…` in the address of a Checkout page.
fn rewrite(within: &mut Value, id: &str, fields: &Value) -> bool {
    if within["id"] == id && within["object"].is_string() {
        for (name, value) in fields.as_object().expect("fields") {
            within[name] = value.clone();
        }
        return true;
    }
    match within {
        Value::Object(map) => map.values_mut().any(|value| rewrite(value, id, fields)),
        Value::Array(list) => list.iter_mut().any(|value| rewrite(value, id, fields)),
        _ => false,
    }
}

pub fn session_of(url: &str) -> String {
    let start = url.find("cs_").expect("a session");
    url[start..]
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect()
}

fn encode(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

async fn read(response: reqwest::Response) -> Value {
    let status = response.status();
    let body = response.text().await.expect("a body");
    assert!(status.is_success(), "{status}: {body}");
    serde_json::from_str(&body).unwrap_or(Value::Null)
}

async fn open(database_url: &str, api_base: &str, clock: &Clock, fee_hundredths: u32) -> Store {
    let database = Database::connect(database_url).await.expect("a database");
    Migrator::up(database.write(), None).await.expect("migrations");
    let randomness = Randomness::system();
    let config = StripeConfig {
        secret_key: "sk_test_1".to_owned(),
        api_base: api_base.to_owned(),
        timeout: Duration::from_secs(20),
        limits: None,
    };
    let stripe = Stripe::new(config, database.clone(), clock.clone(), randomness.clone()).expect("a client");
    Store::new(Parts {
        database,
        stripe,
        mailer: Mailer::kept(false),
        clock: clock.clone(),
        randomness,
        public_url: "http://127.0.0.1:3000".to_owned(),
        settings: Settings {
            fee_hundredths,
            client_id: Some("ca_test".to_owned()),
            connect_base: api_base.to_owned(),
            dashboard: format!("{api_base}/dashboard/{{account}}"),
            livemode: false,
            webhook_secrets: vec![SECRET.to_owned()],
            platform_admins: vec!["admin@platform.example".to_owned()],
            state_secret: "a secret".to_owned(),
        },
    })
}

/// The webhook endpoint as `server` has it.
async fn listen(store: Store) -> (JoinHandle<()>, std::net::SocketAddr) {
    async fn receive(State(store): State<Arc<Store>>, headers: HeaderMap, body: Bytes) -> axum::http::StatusCode {
        let signature = headers.get("stripe-signature").and_then(|value| value.to_str().ok());
        match store.receive_webhook(signature, &body).await.expect("stored") {
            Ok(Taken::New | Taken::Again) => axum::http::StatusCode::OK,
            Err(_) => axum::http::StatusCode::BAD_REQUEST,
        }
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let router = Router::new()
        .route("/webhooks/stripe", post(receive))
        .with_state(Arc::new(store));
    (
        tokio::spawn(async move { axum::serve(listener, router).await.expect("served") }),
        address,
    )
}

/// A database of the test's own.
async fn database(folder: &tempfile::TempDir) -> String {
    let Ok(cluster) = std::env::var("TEST_DATABASE_URL") else {
        return format!("sqlite://{}", folder.path().join("store.sqlite").display());
    };
    let name = format!("test_{}", &Randomness::system().token()[..24]);
    let admin = sea_orm::Database::connect(&cluster).await.expect("the cluster");
    admin
        .execute_unprepared(&format!("CREATE DATABASE {name}"))
        .await
        .expect("a database");
    admin.close().await.expect("closed");
    let (base, _) = cluster.rsplit_once('/').expect("a path");
    format!("{base}/{name}")
}
