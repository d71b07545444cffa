//! One line of a subscription's invoice: a period of a price, or a share of one (proration).

use serde_json::{Value, json};

use super::super::Engine;
use crate::{fields::Fields, money::readable};

/// What a line is about.
#[derive(Debug, Clone)]
pub struct Line {
    /// The subscription item (`si_…`).
    pub item: String,
    pub price: String,
    pub quantity: i64,
    pub amount: i64,
    pub period: (i64, i64),
    pub description: String,
    pub proration: bool,
    /// For a credit: the invoice and lines that it gives back.
    pub credits: Option<(String, Vec<String>)>,
}

impl Engine {
    pub fn line(&mut self, subscription: &str, line: Line) -> Value {
        let mut json = self.blank("line_item", "il_1");
        let price = self.get(&line.price).clone();
        let invoice_item = line.proration.then(|| self.ids.next("ii_1"));
        let credited = line
            .credits
            .map(|(invoice, lines)| json!({"invoice": invoice, "invoice_line_items": lines}));
        json.put("amount", line.amount);
        json.put("currency", price.at("currency").clone());
        json.put("description", line.description);
        json.put("discount_amounts", json!([]));
        json.put("discountable", !line.proration);
        json.put("metadata", json!({}));
        json.put("parent", json!({
            "invoice_item_details": null, "type": "subscription_item_details",
            "subscription_item_details": {
                "invoice_item": invoice_item, "proration": line.proration, "proration_details": {"credited_items": credited},
                "subscription": subscription, "subscription_item": line.item
            }
        }));
        json.put("period", json!({"start": line.period.0, "end": line.period.1}));
        json.put("pretax_credit_amounts", json!([]));
        json.put(
            "pricing",
            json!({
                "price_details": {"price": line.price, "product": price.at("product")}, "type": "price_details",
                "unit_amount_decimal": price.int("unit_amount").to_string()
            }),
        );
        json.put("quantity", line.quantity);
        json.put("quantity_decimal", line.quantity.to_string());
        json.put("subscription", subscription);
        json.put("subtotal", line.amount);
        json.put("taxes", json!([]));
        json
    }

    /// A whole period of an item.
    pub fn period_line(&mut self, subscription: &str, item: &Value, period: (i64, i64)) -> Value {
        let price = self.get(item.text("price.id")).clone();
        let quantity = item.some_int("quantity").unwrap_or(1);
        let name = self.get(price.text("product")).text("name").to_owned();
        let each = readable(price.int("unit_amount"), price.text("currency"));
        let description = format!("{quantity} × {name} (at {each} / {})", price.text("recurring.interval"));
        let line = Line {
            item: item.text("id").to_owned(),
            price: price.text("id").to_owned(),
            quantity,
            amount: price.int("unit_amount") * quantity,
            period,
            description,
            proration: false,
            credits: None,
        };
        self.line(subscription, line)
    }

    /// A period of an item during the trial: it costs nothing.
    pub fn trial_line(&mut self, subscription: &str, item: &Value, period: (i64, i64)) -> Value {
        let mut line = self.period_line(subscription, item, period);
        let name = self
            .get(line.text("pricing.price_details.product"))
            .text("name")
            .to_owned();
        line.put("amount", 0);
        line.put("subtotal", 0);
        line.put("description", format!("Trial period for {name}"));
        line
    }
}
