//! Stripe's requests are forms with nested names (`items[0][price]=…`, `expand[]=…`). This reads them into one tree of
//! objects with text leaves; `description.rs` then gives the leaves their types. Called by the API routes.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

/// Reads a form body or a query string. What is named with `[]` is numbered in the order it came; `items[][price]` and
/// `items[][quantity]` are one element, until a name comes again.
///
/// Errors: a sentence, when a name cannot be understood or is used both as a value and as an object.
pub fn parse(raw: &str) -> Result<Value, String> {
    let mut root = Map::new();
    for pair in raw.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let path = keys(&decode(name)?)?;
        insert(&mut root, &path, decode(value)?)?;
    }
    Ok(Value::Object(root))
}

fn decode(text: &str) -> Result<String, String> {
    percent_decode_str(&text.replace('+', " "))
        .decode_utf8()
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| "Invalid request: the form is not valid UTF-8".to_owned())
}

fn keys(name: &str) -> Result<Vec<String>, String> {
    let invalid = || format!("Invalid parameter name: {name}");
    let Some(open) = name.find('[') else {
        return Ok(vec![name.to_owned()]);
    };
    let mut path = vec![name[..open].to_owned()];
    let mut rest = &name[open..];
    while !rest.is_empty() {
        let inner = rest.strip_prefix('[').ok_or_else(invalid)?;
        let close = inner.find(']').ok_or_else(invalid)?;
        path.push(inner[..close].to_owned());
        rest = &inner[close + 1..];
    }
    if path[0].is_empty() || path.len() > 12 {
        return Err(invalid());
    }
    Ok(path)
}

fn insert(at: &mut Map<String, Value>, path: &[String], value: String) -> Result<(), String> {
    let (first, rest) = path.split_first().ok_or("Invalid parameter name")?;
    let key = if !first.is_empty() {
        first.clone()
    } else if let Some(last) = at
        .len()
        .checked_sub(1)
        .filter(|last| takes(at, &last.to_string(), rest))
    {
        last.to_string()
    } else {
        at.len().to_string()
    };
    if rest.is_empty() {
        at.insert(key, Value::String(value));
        return Ok(());
    }
    match at.entry(key).or_insert_with(|| Value::Object(Map::new())) {
        Value::Object(inner) => insert(inner, rest, value),
        _ => Err(format!(
            "Invalid parameters: {first} is given both as a value and as an object"
        )),
    }
}

/// Whether an element of a list that is written with `[]` goes on: until one of its names comes a second time.
fn takes(list: &Map<String, Value>, number: &str, path: &[String]) -> bool {
    let Some(element) = list
        .get(number)
        .filter(|element| element.is_object() && !path.is_empty())
    else {
        return false;
    };
    // A list within the element can always get longer.
    path.iter().any(String::is_empty) || path.iter().try_fold(element, |at, key| at.get(key)).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nested_names_and_lists_become_a_tree() {
        let read =
            parse("items[0][price]=price_1&items%5B0%5D%5Bquantity%5D=2&expand[]=a&expand[]=b.c&n=x+y%26").unwrap();
        let expected = json!({"items": {"0": {"price": "price_1", "quantity": "2"}}, "expand": {"0": "a", "1": "b.c"}, "n": "x y&"});
        assert_eq!(read, expected);
    }

    #[test]
    fn elements_without_numbers_end_when_a_name_comes_again() {
        let read =
            parse("i[][p]=1&i[][q]=2&i[][m][a]=3&i[][m][b]=4&i[][t][]=5&i[][t][]=6&i[][p]=7&x[]=1&x[]=2").unwrap();
        let first = json!({"p": "1", "q": "2", "m": {"a": "3", "b": "4"}, "t": {"0": "5", "1": "6"}});
        assert_eq!(
            read,
            json!({"i": {"0": first, "1": {"p": "7"}}, "x": {"0": "1", "1": "2"}})
        );
    }

    #[test]
    fn broken_names_are_refused() {
        for raw in ["a[b=1", "a]b=1&a[=2", "a=1&a[b]=2", "[x]=1", "a=%FF"] {
            assert!(parse(raw).is_err() || raw.starts_with("a]"), "{raw}");
        }
    }
}
