//! Stripe's lists: newest first, `limit`, `starting_after`, `ending_before`, `has_more`, ranges of `created`.

use serde_json::{Value, json};

use super::{Answer, Call, Engine, lookup::noun};
use crate::{error::StripeError, fields::Fields};

/// Where a page begins: after an object, before one, or at the top. Names are places in the whole list.
enum From {
    Top,
    After(usize),
    Before(usize),
}

impl Engine {
    /// The page of an account's objects of a kind that a request asks for. The object that a page follows need not be
    /// among the wanted ones any more.
    pub fn list(&mut self, call: &Call, kind: &str, url: &str, wanted: impl Fn(&Self, &Value) -> bool) -> Answer {
        let ids: Vec<&str> = self.records.list(&call.account, kind).rev().collect();
        let found: Vec<(usize, &Value)> = ids
            .iter()
            .map(|id| self.get(id))
            .enumerate()
            .filter(|(_, object)| {
                !object.flag("deleted")
                    && in_range(object.at("created"), call.params.at("created"))
                    && wanted(self, object)
            })
            .collect();
        let from = from(&call.params, noun(kind), |id| ids.iter().position(|known| *known == id))?;
        cut(&call.params, url, &found, &from)
    }
}

/// Cuts the page out of a list that is part of an object.
pub fn page(params: &Value, url: &str, all: &[Value]) -> Answer {
    let found: Vec<(usize, &Value)> = all.iter().enumerate().collect();
    let noun = all.first().map_or("object", |object| object.text("object"));
    let from = from(params, noun, |id| all.iter().position(|object| object.text("id") == id))?;
    cut(params, url, &found, &from)
}

fn from(params: &Value, noun: &str, place: impl Fn(&str) -> Option<usize>) -> Result<From, StripeError> {
    let at = |param: &str| -> Result<Option<usize>, StripeError> {
        let Some(id) = params.some_text(param) else {
            return Ok(None);
        };
        let at = place(id).ok_or_else(|| StripeError::missing(noun, id, param).status(400))?;
        Ok(Some(at))
    };
    match (at("starting_after")?, at("ending_before")?) {
        (Some(_), Some(_)) => Err(StripeError::invalid(
            "You cannot parameterize both `starting_after` and `ending_before`.",
        )),
        (Some(after), None) => Ok(From::After(after)),
        (None, Some(before)) => Ok(From::Before(before)),
        (None, None) => Ok(From::Top),
    }
}

fn cut(params: &Value, url: &str, found: &[(usize, &Value)], from: &From) -> Answer {
    let limit = limit(params)?;
    let (first, end) = match from {
        From::Top => (0, limit.min(found.len())),
        From::After(after) => {
            let first = found.partition_point(|(place, _)| place <= after);
            (first, (first + limit).min(found.len()))
        }
        From::Before(before) => {
            let end = found.partition_point(|(place, _)| place < before);
            (end.saturating_sub(limit), end)
        }
    };
    let has_more = if matches!(from, From::Before(_)) {
        first > 0
    } else {
        end < found.len()
    };
    let data: Vec<&Value> = found
        .get(first..end)
        .unwrap_or_default()
        .iter()
        .map(|(_, object)| *object)
        .collect();
    Ok(json!({"object": "list", "data": data, "has_more": has_more, "url": url}))
}

/// How many objects a page has at most: 10 unless asked otherwise.
///
/// Errors: fewer than 1 or more than 100 are wanted.
pub fn limit(params: &Value) -> Result<usize, StripeError> {
    let limit = params.some_int("limit").unwrap_or(10);
    if (1..=100).contains(&limit) {
        return Ok(usize::try_from(limit).unwrap_or(10));
    }
    let (word, bound) = if limit < 1 { ("greater", 1) } else { ("less", 100) };
    let message = format!("This value must be {word} than or equal to {bound}.");
    Err(StripeError::invalid(message)
        .param("limit")
        .code("parameter_invalid_integer"))
}

/// Whether a moment is in the range that a list asks for: exactly that one, or by `gt`, `gte`, `lt` and `lte`. What never
/// happened is in no range.
pub fn in_range(moment: &Value, range: &Value) -> bool {
    if range.is_null() {
        return true;
    }
    let Some(moment) = moment.as_i64() else { return false };
    if let Some(exactly) = range.as_i64() {
        return moment == exactly;
    }
    range.some_int("gt").is_none_or(|than| moment > than)
        && range.some_int("gte").is_none_or(|than| moment >= than)
        && range.some_int("lt").is_none_or(|than| moment < than)
        && range.some_int("lte").is_none_or(|than| moment <= than)
}
