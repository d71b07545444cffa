//! What a walk acts on: an account with prices, and short ways to find and ask.

use serde_json::{Value, json};

use crate::support::Stripe;

pub struct World {
    pub stripe: Stripe,
    /// Recurring prices of one currency: cheap, dear, yearly.
    pub prices: Vec<String>,
    /// Everything that was asked, for the report.
    pub asked: Vec<String>,
    /// What is wrong with an answer, as soon as one is.
    pub wrong: Option<String>,
}

impl World {
    pub async fn new() -> Self {
        let stripe = Stripe::connected().await;
        let mut prices = Vec::new();
        for (name, amount, interval) in [
            ("Silver", 1000, "month"),
            ("Gold", 2599, "month"),
            ("Year", 10_001, "year"),
        ] {
            prices.push(stripe.price(name, amount, interval).await);
        }
        Self {
            stripe,
            prices,
            asked: Vec::new(),
            wrong: None,
        }
    }

    /// Asks the API; a refusal is an answer too, a failure of the server is wrong.
    pub async fn ask(&mut self, method: &str, path: &str, form: &[(&str, &str)]) -> (u16, Value) {
        let answer = self.stripe.send(method, path, form, &[]).await;
        let form: Vec<String> = form.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let said = answer.body["error"]["message"].as_str().unwrap_or_default();
        let status = answer.status;
        self.asked
            .push(format!("{method} {path} {} → {status} {said}", form.join(" ")));
        if !matches!(status, 200 | 400 | 402 | 404) {
            self.wrong = Some(format!("{method} {path}: {status} {said}"));
        }
        (status, answer.body)
    }

    /// A control route, which may refuse too.
    pub async fn control(&mut self, path: &str, body: Value) {
        let status = self.stripe.control_status(path, body.clone()).await;
        self.asked.push(format!("POST {path} {body} → {status}"));
        if status >= 500 {
            self.wrong = Some(format!("POST {path}: {status}"));
        }
    }

    pub async fn advance(&mut self, seconds: i64) {
        self.control("/_fake/clock", json!({"advance": seconds})).await;
    }

    pub async fn now(&self) -> i64 {
        self.stripe.control_get("/_fake/clock").await["now"].as_i64().unwrap()
    }

    /// The account's objects of a kind, newest first: without a request, because every step looks at all of them.
    pub fn objects(&self, kind: &str) -> Vec<Value> {
        let account = self.stripe.account.as_deref().unwrap_or_default();
        let engine = self.stripe.app().engine();
        let all = engine.records.in_order().into_iter().rev();
        let own =
            all.filter(|record| record.account == account && record.kind == kind && record.json["deleted"] != true);
        own.map(|record| record.json.clone()).collect()
    }

    pub fn subscriptions(&self) -> Vec<Value> {
        self.objects("subscription")
    }

    pub fn invoices(&self) -> Vec<Value> {
        self.objects("invoice")
    }
}
