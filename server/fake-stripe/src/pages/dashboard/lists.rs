//! The dashboard's lists: payments with the platform's fee, subscriptions, products, as this account sees them.

use serde_json::Value;

use super::table::{Act, ByHand, Row, Table};
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
            id: invoice.text("id").to_owned(),
            url: invoice.some_text("hosted_invoice_url").map(str::to_owned),
            cells: vec![
                invoice.some_text("number").unwrap_or("Draft").to_owned(),
                who(invoice.text("customer_email"), invoice.text("customer")),
                day(invoice.int("created")),
                amount(invoice.int("total"), currency),
                application_fee(engine, invoice).map_or_else(|| "–".to_owned(), |fee| amount(fee, currency)),
            ],
            tag: payment_tag(engine, invoice),
            by_hand: payment_acts(engine, account, invoice),
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
            id: subscription.text("id").to_owned(),
            url: None,
            cells: vec![
                words.name,
                who(engine.get(customer).text("email"), customer),
                words.price,
                words.next,
            ],
            tag: (words.tag.0.to_owned(), words.tag.1),
            by_hand: subscription_acts(account, subscription),
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
            id: product.text("id").to_owned(),
            url: None,
            cells: vec![product.text("name").to_owned(), prices_of(product.text("id"))],
            tag: if active {
                ("active".to_owned(), "good")
            } else {
                ("archived".to_owned(), "")
            },
            by_hand: None,
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

/// The charge that paid an invoice.
fn charge_of<'a>(engine: &'a Engine, invoice: &Value) -> Option<&'a Value> {
    let intent = engine.get(&engine.intent_of(invoice.text("id")));
    let charge = engine.get(intent.text("latest_charge"));
    charge.flag("paid").then_some(charge)
}

fn payment_tag(engine: &Engine, invoice: &Value) -> (String, &'static str) {
    if let Some(charge) = charge_of(engine, invoice) {
        if engine.dispute_against(charge.text("id")).is_some() {
            return ("disputed".to_owned(), "bad");
        }
        if charge.flag("refunded") {
            return ("refunded".to_owned(), "");
        }
        if charge.int("amount_refunded") > 0 {
            return ("partly refunded".to_owned(), "warn");
        }
    }
    (invoice.text("status").to_owned(), class_of(invoice.text("status")))
}

fn payment_acts(engine: &Engine, account: &str, invoice: &Value) -> Option<ByHand> {
    let charge = charge_of(engine, invoice)?;
    let id = charge.text("id");
    let left = charge.int("amount_captured") - charge.int("amount_refunded");
    let dispute = engine.dispute_against(id).map(|dispute| dispute.text("status"));
    let (acts, takes_amount) = match dispute {
        Some("lost") => return None,
        Some(_) => (
            vec![Act::new("won", "Win the dispute"), Act::harmful("lost", "Lose it")],
            false,
        ),
        None if left == 0 => (vec![Act::harmful("dispute", "Dispute")], true),
        None => (
            vec![Act::new("refund", "Refund"), Act::harmful("dispute", "Dispute")],
            true,
        ),
    };
    Some(ByHand {
        action: format!("/dashboard/{account}/payments/{id}"),
        about: invoice.text("number").to_owned(),
        acts,
        amount: takes_amount.then(|| "All of it".to_owned()),
    })
}

fn subscription_acts(account: &str, subscription: &Value) -> Option<ByHand> {
    let status = subscription.text("status");
    if matches!(status, "canceled" | "incomplete_expired") {
        return None;
    }
    let mut acts = Vec::new();
    if matches!(status, "active" | "trialing" | "past_due") {
        let ends = subscription.flag("cancel_at_period_end") || subscription.has("cancel_at");
        acts.push(if ends {
            Act::new("go_on", "Take the cancellation back")
        } else {
            Act::new("end", "Cancel at the period’s end")
        });
        acts.push(Act::new("pause", "Pause"));
    }
    if status == "paused" {
        acts.push(Act::new("resume", "Resume"));
    }
    if !subscription.items("items.data").is_empty() {
        acts.push(Act::harmful("strip", "Take its items away"));
    }
    acts.push(Act::harmful("cancel", "Cancel now"));
    Some(ByHand {
        action: format!("/dashboard/{account}/subscriptions/{}", subscription.text("id")),
        about: subscription.text("id").to_owned(),
        acts,
        amount: None,
    })
}

fn class_of(status: &str) -> &'static str {
    match status {
        "paid" => "good",
        "open" => "warn",
        "uncollectible" => "bad",
        _ => "",
    }
}
