//! Stripe's search query language (docs.stripe.com/search): clauses of a field, an operator and a value, joined by `AND`
//! (or nothing) or by `OR`, never by both. `-` before a clause negates it, `null` stands for a field that is not there.

use serde_json::Value;

use crate::{error::StripeError, fields::Fields};

/// How many clauses a query has at most.
const MOST_CLAUSES: usize = 10;
/// How short a part of a text may be that is looked for.
const SHORTEST_PART: usize = 3;

/// What can be done with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Is the whole value or not.
    Token,
    /// Is found by its words, and by a part of it.
    Text,
    /// Is compared.
    Number,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Is,
    Contains,
    Less,
    AtMost,
    More,
    AtLeast,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Wanted {
    Nothing,
    Text(String),
    Number(i64),
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Clause {
    is_negated: bool,
    field: String,
    /// Of `metadata`.
    key: Option<String>,
    kind: Kind,
    operator: Operator,
    wanted: Wanted,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    clauses: Vec<Clause>,
    /// Whether one clause is enough.
    any: bool,
}

impl Query {
    /// Reads a query about a resource (`customers`) with these fields.
    ///
    /// Errors: it is none, or asks for what the fields do not have.
    pub fn read(text: &str, resource: &str, fields: &[(&str, Kind)]) -> Result<Self, StripeError> {
        let mut rest = Rest(text.trim_start());
        let mut clauses = Vec::new();
        let mut joined_by: Option<bool> = None;
        while !rest.0.is_empty() {
            if !clauses.is_empty() {
                let by_or = rest.joint();
                if joined_by.is_some_and(|known| known != by_or) {
                    return Err(refused("You can't combine `AND` and `OR` in the same search query."));
                }
                joined_by = Some(by_or);
            }
            clauses.push(rest.clause(resource, fields)?);
            let at = rest.0;
            rest.0 = at.trim_start();
            if !rest.0.is_empty() && rest.0.len() == at.len() {
                return Err(unreadable());
            }
        }
        if clauses.is_empty() {
            return Err(unreadable());
        }
        if clauses.len() > MOST_CLAUSES {
            return Err(refused(&format!(
                "A search query can have at most {MOST_CLAUSES} clauses."
            )));
        }
        Ok(Self {
            clauses,
            any: joined_by == Some(true),
        })
    }

    pub fn finds(&self, object: &Value) -> bool {
        let mut clauses = self.clauses.iter();
        if self.any {
            clauses.any(|clause| clause.finds(object))
        } else {
            clauses.all(|clause| clause.finds(object))
        }
    }
}

/// What is left to read.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    /// The word between two clauses: whether it is `OR`.
    fn joint(&mut self) -> bool {
        for (word, is_or) in [("AND", false), ("OR", true)] {
            let start = self.0.get(..word.len());
            if start.is_some_and(|start| start.eq_ignore_ascii_case(word))
                && self.0[word.len()..].starts_with(char::is_whitespace)
            {
                self.0 = self.0[word.len()..].trim_start();
                return is_or;
            }
        }
        false
    }

    fn clause(&mut self, resource: &str, fields: &[(&str, Kind)]) -> Result<Clause, StripeError> {
        let is_negated = self.skip("-");
        let field = self.word();
        let key = if self.skip("[") {
            let key = self.quoted()?.ok_or_else(unreadable)?;
            if !self.skip("]") {
                return Err(unreadable());
            }
            Some(key)
        } else {
            None
        };
        let operator = self.operator().filter(|_| !field.is_empty()).ok_or_else(unreadable)?;
        let known = fields.iter().find(|(name, _)| *name == field);
        let Some((_, kind)) = known.filter(|_| key.is_some() == (field == "metadata")) else {
            return Err(refused(&format!(
                "Field `{field}` is an unsupported search field for resource `{resource}`. See \
                 http://stripe.com/docs/search#query-fields-for-{resource} for a list of supported fields."
            )));
        };
        let is_possible = match operator {
            Operator::Is => true,
            Operator::Contains => *kind == Kind::Text,
            _ => *kind == Kind::Number,
        };
        if !is_possible {
            return Err(refused(&format!(
                "Field `{field}` does not support this operator. See http://stripe.com/docs/search#query-fields-for-{resource} \
                 for a list of supported fields."
            )));
        }
        let wanted = self.value(*kind)?;
        match &wanted {
            Wanted::Nothing if operator != Operator::Is => return Err(unreadable()),
            Wanted::Text(part) if operator == Operator::Contains && part.chars().count() < SHORTEST_PART => {
                return Err(refused(&format!(
                    "Substring matching on `{field}` needs at least {SHORTEST_PART} characters."
                )));
            }
            _ => {}
        }
        Ok(Clause {
            is_negated,
            field: field.to_owned(),
            key,
            kind: *kind,
            operator,
            wanted,
        })
    }

    fn operator(&mut self) -> Option<Operator> {
        let all = [
            (">=", Operator::AtLeast),
            ("<=", Operator::AtMost),
            (">", Operator::More),
            ("<", Operator::Less),
            (":", Operator::Is),
            ("~", Operator::Contains),
        ];
        all.into_iter()
            .find_map(|(sign, operator)| self.skip(sign).then_some(operator))
    }

    /// A value: in quotes, a number that needs none, or `null`.
    fn value(&mut self, kind: Kind) -> Result<Wanted, StripeError> {
        let quoted = self.quoted()?;
        let bare = if quoted.is_none() { self.word() } else { "" };
        if bare.eq_ignore_ascii_case("null") {
            return Ok(Wanted::Nothing);
        }
        let text = quoted.as_deref().unwrap_or(bare);
        if kind == Kind::Number {
            return text.parse().map(Wanted::Number).map_err(|_| unreadable());
        }
        let is_number = !bare.is_empty() && bare.bytes().all(|digit| digit.is_ascii_digit());
        if quoted.is_some() || is_number {
            Ok(Wanted::Text(text.to_owned()))
        } else {
            Err(unreadable())
        }
    }

    /// A text in single or double quotes, in which `\` takes the next sign as it is; none when there is no quote.
    fn quoted(&mut self) -> Result<Option<String>, StripeError> {
        let Some(quote) = self.0.chars().next().filter(|first| matches!(first, '"' | '\'')) else {
            return Ok(None);
        };
        let mut text = String::new();
        let mut signs = self.0.char_indices().skip(1);
        while let Some((at, sign)) = signs.next() {
            if sign == quote {
                self.0 = &self.0[at + 1..];
                return Ok(Some(text));
            }
            let plain = if sign == '\\' { signs.next() } else { Some((at, sign)) };
            text.extend(plain.map(|(_, sign)| sign));
        }
        Err(unreadable())
    }

    /// Letters, digits, points and lines.
    fn word(&mut self) -> &'a str {
        let is_part = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '_' | '.');
        let end = self.0.find(|sign| !is_part(sign)).unwrap_or(self.0.len());
        let (word, rest) = self.0.split_at(end);
        self.0 = rest;
        word
    }

    fn skip(&mut self, sign: &str) -> bool {
        let rest = self.0.strip_prefix(sign);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }
}

impl Clause {
    fn finds(&self, object: &Value) -> bool {
        let field = object.at(&self.field);
        let value = match &self.key {
            // A key may have points in it.
            Some(key) => field.get(key).unwrap_or(&Value::Null),
            None => field,
        };
        self.fits(value) != self.is_negated
    }

    fn fits(&self, value: &Value) -> bool {
        match &self.wanted {
            Wanted::Nothing => value.is_null(),
            Wanted::Number(than) => value.as_i64().is_some_and(|number| match self.operator {
                Operator::Less => number < *than,
                Operator::AtMost => number <= *than,
                Operator::More => number > *than,
                Operator::AtLeast => number >= *than,
                Operator::Is | Operator::Contains => number == *than,
            }),
            Wanted::Text(wanted) => {
                let text = match value {
                    Value::String(text) => text.to_lowercase(),
                    Value::Bool(flag) => flag.to_string(),
                    _ => return false,
                };
                let wanted = wanted.to_lowercase();
                match (self.operator, self.kind) {
                    (Operator::Contains, _) => text.contains(&wanted),
                    (_, Kind::Text) => has_words(&text, &wanted),
                    _ => text == wanted,
                }
            }
        }
    }
}

/// Whether the wanted words follow each other in a text: `one two` is found in `one two three`.
fn has_words(text: &str, wanted: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let wanted: Vec<&str> = wanted.split_whitespace().collect();
    !wanted.is_empty() && words.windows(wanted.len()).any(|part| part == wanted)
}

fn unreadable() -> StripeError {
    refused(
        "We were unable to parse your search query. Try using the format `metadata[\"key\"]:\"value\"` to query for metadata or \
         key:\"value\" to query for other fields.",
    )
}

fn refused(message: &str) -> StripeError {
    StripeError::invalid(message).param("query")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Kind, Query};
    use crate::error::StripeError;

    fn read(text: &str) -> Result<Query, StripeError> {
        let fields = [
            ("active", Kind::Token),
            ("created", Kind::Number),
            ("email", Kind::Token),
            ("metadata", Kind::Token),
            ("name", Kind::Text),
        ];
        Query::read(text, "products", &fields)
    }

    #[test]
    fn what_fits_is_found() {
        let object = json!({
            "active": true, "created": 100, "email": null, "name": "Rocket \"Gold\" plan, yearly",
            "metadata": {"tier": "Gold", "a.b": "c d"},
        });
        for (query, expected) in [
            ("active:'true'", true),
            ("active:\"false\"", false),
            ("-active:'false'", true),
            ("name~'ROCK'", true),
            ("name~'silver'", false),
            ("name:'rocket'", true),
            (r#"name:"rocket \"gold\" plan,""#, true),
            ("name:'rocket plan,'", false),
            ("name:'rock'", false),
            ("metadata['tier']:'gold'", true),
            ("metadata[\"a.b\"]:'c d'", true),
            ("metadata['tier']:null", false),
            ("-metadata['tier']:NULL", true),
            ("metadata['other']:null", true),
            ("email:null", true),
            ("created>99 created<101", true),
            ("created>100", false),
            ("created>=100 and created<='100'", true),
            ("created:100", true),
            ("created<100 OR active:'true'", true),
            ("created<100 AND active:'true'", false),
            ("created<100 active:'true'", false),
            ("  active:'true'  ", true),
        ] {
            let read = read(query).unwrap_or_else(|refusal| panic!("{query}: {}", refusal.message));
            assert_eq!(read.finds(&object), expected, "{query}");
        }
    }

    #[test]
    fn what_is_no_query_is_refused() {
        let long = ["active:'true'"; 11].join(" ");
        for (query, part) in [
            ("", "unable to parse"),
            ("gold", "unable to parse"),
            ("name:", "unable to parse"),
            ("name:gold", "unable to parse"),
            ("name:'gold", "unable to parse"),
            ("name:'gold'created>1", "unable to parse"),
            ("name:'gold' AND", "unable to parse"),
            ("metadata['a':'b'", "unable to parse"),
            ("created>soon", "unable to parse"),
            ("(active:'true')", "unable to parse"),
            (
                "colour:'red'",
                "Field `colour` is an unsupported search field for resource `products`.",
            ),
            ("metadata:'gold'", "unsupported search field"),
            ("name['a']:'gold'", "unsupported search field"),
            ("name>'gold'", "does not support this operator"),
            ("active~'tru'", "does not support this operator"),
            ("name~'go'", "at least 3 characters"),
            ("active:'true' AND name~'gold' OR created>1", "can't combine"),
            ("active:'true' name~'gold' OR created>1", "can't combine"),
            (long.as_str(), "at most 10 clauses"),
        ] {
            let refusal = read(query).err().unwrap_or_else(|| panic!("{query} was taken"));
            assert!(refusal.message.contains(part), "{query}: {}", refusal.message);
        }
    }
}
