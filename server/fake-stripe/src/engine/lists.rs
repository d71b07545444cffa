//! Stripe's lists: newest first, `limit`, `starting_after`, `ending_before`, `has_more`, ranges of `created`.

use serde_json::{Value, json};

use super::{Answer, Call, Engine};
use crate::{error::StripeError, fields::Fields};

impl Engine {
    /// The page of an account's objects of a kind that a request asks for.
    pub fn list(&mut self, call: &Call, kind: &str, url: &str, wanted: impl Fn(&Self, &Value) -> bool) -> Answer {
        let found: Vec<Value> = self
            .records
            .list(&call.account, kind)
            .rev()
            .map(|id| self.get(id))
            .filter(|object| !object.flag("deleted") && in_range(object, call.params.at("created")) && wanted(self, object))
            .cloned()
            .collect();
        page(&call.params, url, found)
    }
}

/// Cuts the page out of everything there is.
pub fn page(params: &Value, url: &str, all: Vec<Value>) -> Answer {
    let limit = params.some_int("limit").unwrap_or(10);
    if !(1..=100).contains(&limit) {
        let message = if limit < 1 {
            "This value must be greater than or equal to 1."
        } else {
            "This value must be less than or equal to 100 (it currently is '…').".trim_end_matches(" (it currently is '…').")
        };
        return Err(StripeError::invalid(message).param("limit").code("parameter_invalid_integer"));
    }
    let limit = usize::try_from(limit).unwrap_or(10);
    let position = |param: &str| -> Result<Option<usize>, StripeError> {
        let Some(id) = params.some_text(param) else { return Ok(None) };
        let at = all.iter().position(|object| object.text("id") == id);
        at.map(Some).ok_or_else(|| StripeError::missing("object", id, param).status(400))
    };
    let (after, before) = (position("starting_after")?, position("ending_before")?);
    if after.is_some() && before.is_some() {
        return Err(StripeError::invalid("You cannot parameterize both `starting_after` and `ending_before`."));
    }
    let (from, to) = match (after, before) {
        (Some(after), _) => (after + 1, (after + 1 + limit).min(all.len())),
        (None, Some(before)) => (before.saturating_sub(limit), before),
        (None, None) => (0, limit.min(all.len())),
    };
    let has_more = if before.is_some() { from > 0 } else { to < all.len() };
    Ok(json!({"object": "list", "data": all.get(from..to).unwrap_or_default(), "has_more": has_more, "url": url}))
}

fn in_range(object: &Value, range: &Value) -> bool {
    let created = object.int("created");
    if let Some(exactly) = range.as_i64() {
        return created == exactly;
    }
    range.some_int("gt").is_none_or(|than| created > than)
        && range.some_int("gte").is_none_or(|than| created >= than)
        && range.some_int("lt").is_none_or(|than| created < than)
        && range.some_int("lte").is_none_or(|than| created <= than)
}
