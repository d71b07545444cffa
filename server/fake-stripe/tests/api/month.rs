//! A subscription of $30 a month that begins on 1 January, a month of 31 days; for tests of what is billed.

use serde_json::Value;

use crate::support::{DAY, Stripe, at, id, item};

/// The amounts of an invoice's lines.
pub fn amounts(invoice: &Value) -> Vec<i64> {
    let lines = invoice["lines"]["data"].as_array().unwrap();
    lines.iter().map(|line| line["amount"].as_i64().unwrap()).collect()
}

/// A subscription and its customer, in a world where it is 1 January.
pub struct Month {
    pub stripe: Stripe,
    pub customer: String,
    /// The subscription's id.
    pub id: String,
    pub item: String,
    /// $60 a month.
    pub dearer: String,
    pub start: i64,
}

impl Month {
    pub async fn new(form: &[(&str, &str)]) -> Self {
        let stripe = Stripe::connected().await;
        let start = at("2027-01-01T00:00:00Z");
        stripe.set_time(start).await;
        let price = stripe.price("Silver", 3000, "month").await;
        let dearer = stripe.price("Gold", 6000, "month").await;
        let customer = stripe.customer("pm_card_visa").await;
        let mut all = vec![("customer", customer.as_str()), ("items[0][price]", price.as_str())];
        all.extend(form);
        let subscription = stripe.post("/v1/subscriptions", &all).await;
        Self {
            customer,
            id: id(&subscription),
            item: item(&subscription),
            dearer,
            start,
            stripe,
        }
    }

    pub async fn day(&self, day: i64) {
        self.stripe.set_time(self.start + day * DAY).await;
    }

    pub async fn update(&self, form: &[(&str, &str)]) -> Value {
        let mut form = form.to_vec();
        form.push(("expand[]", "latest_invoice"));
        self.stripe.post(&format!("/v1/subscriptions/{}", self.id), &form).await
    }

    pub async fn switch(&self, price: &str, behavior: &str) -> Value {
        let form = [
            ("items[0][id]", self.item.as_str()),
            ("items[0][price]", price),
            ("proration_behavior", behavior),
        ];
        self.update(&form).await
    }

    pub async fn preview(&self, form: &[(&str, &str)]) -> Value {
        let mut form = form.to_vec();
        form.push(("subscription", self.id.as_str()));
        self.stripe.post("/v1/invoices/create_preview", &form).await
    }

    pub async fn now(&self) -> Value {
        self.stripe.subscription(&self.id).await
    }

    pub async fn balance(&self) -> i64 {
        let customer = self.stripe.get(&format!("/v1/customers/{}", self.customer), &[]).await;
        customer["balance"].as_i64().unwrap()
    }

    /// Everything that was billed so far.
    pub async fn billed(&self) -> i64 {
        let invoices = self.stripe.get("/v1/invoices", &[("limit", "100")]).await;
        let invoices = invoices["data"].as_array().unwrap().iter();
        let counting = invoices.filter(|invoice| invoice["status"] != "void");
        counting.map(|invoice| invoice["total"].as_i64().unwrap()).sum()
    }
}

pub const CANCEL: [(&str, &str); 3] = [
    ("prorate", "true"),
    ("invoice_now", "true"),
    ("expand[]", "latest_invoice"),
];
