//! A running fake Stripe and short ways to talk to it.

use fake_stripe::{Clock, FakeStripe, Options};
use serde_json::{Value, json};

/// 2026-01-31 10:00:00 UTC: the month's last day, so that short months show.
pub const START: i64 = 1_769_853_600;
pub const HOUR: i64 = 3600;
pub const DAY: i64 = 24 * HOUR;

pub struct Stripe {
    fake: FakeStripe,
    http: reqwest::Client,
    /// Sent as `Stripe-Account` with every request.
    pub account: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
    pub replayed: bool,
    /// The header `Stripe-Rate-Limited-Reason`.
    pub limited: Option<String>,
}

impl Answer {
    pub fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or("")
    }

    pub fn message(&self) -> &str {
        self.body["error"]["message"].as_str().unwrap_or("")
    }
}

impl Stripe {
    /// In memory, with a clock that stands at `START`.
    pub async fn start() -> Self {
        Self::with(Options {
            clock: Clock::Fixed(START),
            ..Options::default()
        })
        .await
    }

    pub async fn with(options: Options) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let fake = FakeStripe::start(listener, options).await.unwrap();
        Self {
            fake,
            http: reqwest::Client::new(),
            account: None,
        }
    }

    /// Acts for a connected account that can take payments.
    pub async fn connected() -> Self {
        let mut stripe = Self::start().await;
        stripe.connect().await;
        stripe
    }

    pub async fn connect(&mut self) -> String {
        self.account = None;
        let account = self
            .post(
                "/v1/accounts",
                &[("type", "standard"), ("email", "merchant@example.com")],
            )
            .await;
        let id = account["id"].as_str().unwrap().to_owned();
        self.control(&format!("/_fake/accounts/{id}/complete_onboarding"), json!({}))
            .await;
        self.account = Some(id.clone());
        id
    }

    pub async fn stop(self) {
        self.fake.stop().await;
    }

    /// What agreeing on the OAuth page gives.
    /// The fake itself, for what a test wants to do without HTTP.
    pub fn app(&self) -> &fake_stripe::app::App {
        self.fake.app()
    }

    pub fn app_code(&self, account: &str) -> String {
        self.app().act(|engine| engine.oauth_authorize(Some(account))).unwrap()
    }

    pub fn base(&self) -> String {
        self.fake.api_base()
    }

    pub async fn send(&self, method: &str, path: &str, form: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
        let url = format!("{}{path}", self.base());
        let mut request = match method {
            "POST" => self
                .http
                .post(url)
                .header("content-type", "application/x-www-form-urlencoded")
                .body(encode(form)),
            "DELETE" => self.http.delete(format!("{url}?{}", encode(form))),
            _ => self.http.get(format!("{url}?{}", encode(form))),
        };
        request = request.header("authorization", "Bearer sk_test_123");
        if let Some(account) = &self.account {
            request = request.header("stripe-account", account);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let replayed = answer.headers().contains_key("idempotent-replayed");
        let limited = answer.headers().get("stripe-rate-limited-reason");
        let limited = limited.map(|reason| reason.to_str().unwrap().to_owned());
        assert!(
            answer.headers().contains_key("request-id"),
            "{method} {path} has no request id"
        );
        let body = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        Answer {
            status,
            body,
            replayed,
            limited,
        }
    }

    async fn good(&self, method: &str, path: &str, form: &[(&str, &str)]) -> Value {
        let answer = self.send(method, path, form, &[]).await;
        assert_eq!(answer.status, 200, "{method} {path}: {:#}", answer.body);
        answer.body
    }

    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Value {
        self.good("POST", path, form).await
    }

    pub async fn get(&self, path: &str, query: &[(&str, &str)]) -> Value {
        self.good("GET", path, query).await
    }

    pub async fn delete(&self, path: &str, query: &[(&str, &str)]) -> Value {
        self.good("DELETE", path, query).await
    }

    /// A request that must be refused.
    pub async fn refused(&self, method: &str, path: &str, form: &[(&str, &str)]) -> Answer {
        let answer = self.send(method, path, form, &[]).await;
        assert!(
            answer.status >= 400,
            "{method} {path} was not refused: {:#}",
            answer.body
        );
        answer
    }

    pub async fn control(&self, path: &str, body: Value) -> Value {
        let request = self
            .http
            .post(format!("{}{path}", self.base()))
            .header("content-type", "application/json");
        let answer = request.body(body.to_string()).send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// The status of a control route that may refuse.
    pub async fn control_status(&self, path: &str, body: Value) -> u16 {
        let request = self
            .http
            .post(format!("{}{path}", self.base()))
            .header("content-type", "application/json");
        request.body(body.to_string()).send().await.unwrap().status().as_u16()
    }

    pub async fn control_get(&self, path: &str) -> Value {
        let answer = self.http.get(format!("{}{path}", self.base())).send().await.unwrap();
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    }

    /// Puts a text at a control route; answers the status.
    pub async fn put(&self, path: &str, body: &str) -> u16 {
        let request = self.http.put(format!("{}{path}", self.base()));
        request.body(body.to_owned()).send().await.unwrap().status().as_u16()
    }

    pub async fn control_put(&self, path: &str, body: &Value) -> Value {
        let request = self.http.put(format!("{}{path}", self.base()));
        let answer = request.body(body.to_string()).send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// The status of a hosted page.
    pub async fn page(&self, url: &str) -> u16 {
        self.http.get(url).send().await.unwrap().status().as_u16()
    }

    /// Moves the general clock on.
    pub async fn advance(&self, seconds: i64) {
        self.control("/_fake/clock", json!({"advance": seconds})).await;
    }

    pub async fn set_time(&self, now: i64) {
        self.control("/_fake/clock", json!({"now": now})).await;
    }

    /// A product with a price in dollars; answers the price's id.
    pub async fn price(&self, name: &str, amount: i64, interval: &str) -> String {
        let product = self.post("/v1/products", &[("name", name)]).await;
        let amount = amount.to_string();
        let form = [
            ("product", product["id"].as_str().unwrap()),
            ("currency", "usd"),
            ("unit_amount", amount.as_str()),
            ("recurring[interval]", interval),
        ];
        id(&self.post("/v1/prices", &form).await)
    }

    /// A customer whose default payment method is a test token's card; answers their id.
    pub async fn customer(&self, token: &str) -> String {
        let customer = id(&self.post("/v1/customers", &[("email", "buyer@example.com")]).await);
        self.give_card(&customer, token).await;
        customer
    }

    /// Attaches a test token's card and makes it the default.
    pub async fn give_card(&self, customer: &str, token: &str) -> String {
        let method = id(&self
            .post(
                &format!("/v1/payment_methods/{token}/attach"),
                &[("customer", customer)],
            )
            .await);
        self.post(
            &format!("/v1/customers/{customer}"),
            &[("invoice_settings[default_payment_method]", &method)],
        )
        .await;
        method
    }

    /// An active subscription; answers it.
    pub async fn subscribe(&self, customer: &str, price: &str) -> Value {
        let subscription = self
            .post(
                "/v1/subscriptions",
                &[("customer", customer), ("items[0][price]", price)],
            )
            .await;
        assert_eq!(subscription["status"], "active");
        subscription
    }

    pub async fn subscription(&self, id: &str) -> Value {
        self.get(&format!("/v1/subscriptions/{id}"), &[("expand[]", "latest_invoice")])
            .await
    }

    /// The types of all events so far, oldest first.
    pub async fn event_types(&self) -> Vec<String> {
        let events = self.get("/v1/events", &[("limit", "100")]).await;
        let types = events["data"].as_array().unwrap().iter().rev();
        types.map(|event| event["type"].as_str().unwrap().to_owned()).collect()
    }
}

pub fn id(object: &Value) -> String {
    object["id"].as_str().unwrap().to_owned()
}

/// The end of the current period of a subscription.
pub fn period_end(subscription: &Value) -> i64 {
    subscription["items"]["data"][0]["current_period_end"].as_i64().unwrap()
}

pub fn item(subscription: &Value) -> String {
    id(&subscription["items"]["data"][0])
}

/// Seconds of a moment like `2026-02-28T10:00:00Z`.
pub fn at(text: &str) -> i64 {
    chrono::DateTime::parse_from_rfc3339(text).unwrap().timestamp()
}

fn encode(form: &[(&str, &str)]) -> String {
    let escape =
        |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
    form.iter()
        .map(|(name, value)| format!("{}={}", escape(name), escape(value)))
        .collect::<Vec<_>>()
        .join("&")
}
