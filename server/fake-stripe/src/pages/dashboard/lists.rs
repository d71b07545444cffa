//! The dashboard's lists: payments with the platform's fee, subscriptions, products, as this account sees them.

use serde_json::Value;

use super::view::{Row, Table};
use crate::{
    engine::Engine,
    fields::Fields,
    pages::{
        amount::amount,
        date::day,
        invoice_fee::application_fee,
        subscription_words::{SubscriptionWords, price_words},
    },
};

/// How many of each are shown.
const NEWEST: usize = 50;

pub fn tables(engine: &Engine, account: &str) -> Vec<Table> {
    vec![
        payments(engine, account),
        subscriptions(engine, account),
        products(engine, account),
    ]
}

fn payments(engine: &Engine, account: &str) -> Table {
    let row = |invoice: &Value| {
        let currency = invoice.text("currency");
        Row {
            url: invoice.some_text("hosted_invoice_url").map(str::to_owned),
            cells: vec![
                invoice.some_text("number").unwrap_or("Draft").to_owned(),
                who(invoice.text("customer_email"), invoice.text("customer")),
                day(invoice.int("created")),
                amount(invoice.int("total"), currency),
                application_fee(engine, invoice).map_or_else(|| "–".to_owned(), |fee| amount(fee, currency)),
            ],
            tag: (invoice.text("status").to_owned(), class_of(invoice.text("status"))),
        }
    };
    Table {
        id: "payments",
        title: "Payments",
        columns: &["Invoice", "Customer", "Date", "Amount", "Platform fee"],
        rows: newest(engine, account, "invoice").map(row).collect(),
        empty: "No payment yet.",
    }
}

fn subscriptions(engine: &Engine, account: &str) -> Table {
    let row = |subscription: &Value| {
        let words = SubscriptionWords::of(engine, &engine.view(subscription));
        let customer = subscription.text("customer");
        Row {
            url: None,
            cells: vec![
                words.name,
                who(engine.get(customer).text("email"), customer),
                words.price,
                words.next,
            ],
            tag: (words.tag.0.to_owned(), words.tag.1),
        }
    };
    Table {
        id: "subscriptions",
        title: "Subscriptions",
        columns: &["Product", "Customer", "Price", "Next"],
        rows: newest(engine, account, "subscription").map(row).collect(),
        empty: "No subscription yet.",
    }
}

fn products(engine: &Engine, account: &str) -> Table {
    let prices_of = |product: &str| {
        let prices: Vec<String> = newest(engine, account, "price")
            .filter(|price| price.text("product") == product && price.flag("active"))
            .map(price_words)
            .collect();
        if prices.is_empty() {
            "No active price".to_owned()
        } else {
            prices.join(", ")
        }
    };
    let row = |product: &Value| {
        let active = product.flag("active");
        Row {
            url: None,
            cells: vec![product.text("name").to_owned(), prices_of(product.text("id"))],
            tag: if active {
                ("active".to_owned(), "good")
            } else {
                ("archived".to_owned(), "")
            },
        }
    };
    Table {
        id: "products",
        title: "Products",
        columns: &["Name", "Prices"],
        rows: newest(engine, account, "product").map(row).collect(),
        empty: "No product yet.",
    }
}

fn newest<'a>(engine: &'a Engine, account: &str, kind: &str) -> impl Iterator<Item = &'a Value> {
    engine
        .ids_of(account, kind)
        .into_iter()
        .rev()
        .map(|id| engine.get(&id))
        .filter(|object| !object.flag("deleted"))
        .take(NEWEST)
}

fn who(email: &str, id: &str) -> String {
    if email.is_empty() {
        id.to_owned()
    } else {
        email.to_owned()
    }
}

fn class_of(status: &str) -> &'static str {
    match status {
        "paid" => "good",
        "open" => "warn",
        "uncollectible" => "bad",
        _ => "",
    }
}
