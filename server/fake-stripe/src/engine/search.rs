//! Search (`/v1/customers/search` and the like): newest first, in pages. What was just made is found at once, which
//! Stripe does not promise.

mod query;

use serde_json::{Value, json};

use self::query::{Kind, Query};
use super::{Answer, Call, Engine, lists::limit};
use crate::{error::StripeError, fields::Fields};

/// A kind of object that can be searched for (docs.stripe.com/search, "Supported query fields for each resource").
struct Resource {
    kind: &'static str,
    /// As in its address.
    name: &'static str,
    fields: &'static [(&'static str, Kind)],
}

pub fn customers(engine: &mut Engine, call: &Call) -> Answer {
    let fields = &[
        ("created", Kind::Number),
        ("email", Kind::Text),
        ("metadata", Kind::Token),
        ("name", Kind::Text),
        ("phone", Kind::Text),
    ];
    search(
        engine,
        call,
        &Resource {
            kind: "customer",
            name: "customers",
            fields,
        },
    )
}

pub fn prices(engine: &mut Engine, call: &Call) -> Answer {
    let fields = &[
        ("active", Kind::Token),
        ("currency", Kind::Token),
        ("lookup_key", Kind::Token),
        ("metadata", Kind::Token),
        ("product", Kind::Token),
        ("type", Kind::Token),
    ];
    search(
        engine,
        call,
        &Resource {
            kind: "price",
            name: "prices",
            fields,
        },
    )
}

pub fn products(engine: &mut Engine, call: &Call) -> Answer {
    let fields = &[
        ("active", Kind::Token),
        ("description", Kind::Text),
        ("metadata", Kind::Token),
        ("name", Kind::Text),
        ("shippable", Kind::Token),
        ("url", Kind::Text),
    ];
    search(
        engine,
        call,
        &Resource {
            kind: "product",
            name: "products",
            fields,
        },
    )
}

pub fn subscriptions(engine: &mut Engine, call: &Call) -> Answer {
    let fields = &[
        ("canceled_at", Kind::Number),
        ("created", Kind::Number),
        ("metadata", Kind::Token),
        ("status", Kind::Token),
    ];
    search(
        engine,
        call,
        &Resource {
            kind: "subscription",
            name: "subscriptions",
            fields,
        },
    )
}

fn search(engine: &Engine, call: &Call, resource: &Resource) -> Answer {
    let params = &call.params;
    let query = Query::read(params.text("query"), resource.name, resource.fields)?;
    let limit = limit(params)?;
    let ids = engine.records.list(&call.account, resource.kind).rev();
    let found: Vec<&Value> = ids
        .map(|id| engine.get(id))
        .filter(|object| !object.flag("deleted") && query.finds(object))
        .collect();
    let first = match params.some_text("page") {
        None => 0,
        Some(page) => after(page, &found)?,
    };
    let end = (first + limit).min(found.len());
    let data = found.get(first..end).unwrap_or_default();
    let next = data.last().filter(|_| end < found.len());
    let mut answer = json!({
        "object": "search_result", "data": data, "has_more": next.is_some(),
        "next_page": next.map(|last| format!("{PAGE}{}", last.text("id"))),
        "url": format!("/v1/{}/search", resource.name),
    });
    if params.items("expand").iter().any(|path| path == "total_count") {
        answer.put("total_count", found.len());
    }
    Ok(answer)
}

/// What the name of a page begins with; the id of the object before it follows.
const PAGE: &str = "after-";

/// The place after the object that a page follows.
fn after(page: &str, found: &[&Value]) -> Result<usize, StripeError> {
    page.strip_prefix(PAGE)
        .and_then(|id| found.iter().position(|object| object.text("id") == id))
        .map(|place| place + 1)
        .ok_or_else(|| StripeError::invalid(format!("Invalid page token: {page}")).param("page"))
}
