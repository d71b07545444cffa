//! How a call to the server can fail, as the browser sees it: the error type of every server function.
//!
//! The server makes [`Failure::Problem`] from what a person can act on and [`Failure::Unexpected`] from everything
//! else; the other two arise on the way. `ui::Failed` and `ui::Field` show them.

use std::fmt;

use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use model::Problem;
use serde::{Deserialize, Serialize};

/// Why a server function did not do what was asked. `Display` is the sentence to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Failure {
    /// Something a person can act on.
    Problem(Problem),
    /// Something is broken on the server; its log has the details under `reference`, which is empty when the
    /// failure happened where no reference could be made.
    Unexpected { reference: String },
    /// The request never arrived or its answer never came back: no network, or the server is down.
    Unreachable,
    /// One side could not read what the other sent: a broken form, or a page from before an update.
    Unreadable,
}

impl Failure {
    /// The name of the form field this is about, if it is about one.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Problem(problem) => problem.field(),
            _ => None,
        }
    }

    /// The sentence about the form field called `name`.
    pub fn about(&self, name: &str) -> Option<&str> {
        let Self::Problem(problem) = self else { return None };
        let mut fields = problem.fields();
        fields.find(|(field, _)| *field == name).map(|(_, sentence)| sentence)
    }

    /// The sentence for the form as a whole: nothing when each field it is about is one of `fields`, which say it themselves.
    pub fn beside(&self, fields: &[&str]) -> Option<String> {
        let Self::Problem(problem) = self else {
            return Some(self.to_string());
        };
        let mut left = problem.fields().filter(|(field, _)| !fields.contains(field)).peekable();
        if left.peek().is_none() && problem.field().is_some() {
            return None;
        }
        let left: Vec<&str> = left.map(|(_, sentence)| sentence).collect();
        Some(if left.is_empty() {
            self.to_string()
        } else {
            left.join(" ")
        })
    }

    /// The server did not say anything about what was asked: it, or something on the way to it, is out of order. That passes.
    pub fn is_passing(&self) -> bool {
        !matches!(self, Self::Problem(_))
    }

    /// What to quote to the people who run the server, when the log holds more.
    pub fn reference(&self) -> Option<&str> {
        match self {
            Self::Unexpected { reference } if !reference.is_empty() => Some(reference),
            _ => None,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Problem(problem) => problem.fmt(f),
            Self::Unexpected { .. } => f.write_str("Something went wrong on our side."),
            Self::Unreachable => f.write_str("The server could not be reached. Check your connection and try again."),
            Self::Unreadable => {
                f.write_str("The server and this page did not understand each other. Reload the page and try again.")
            }
        }
    }
}

impl std::error::Error for Failure {}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        let failure = Self::Problem(problem);
        #[cfg(feature = "ssr")]
        crate::ssr::answer_call(&failure);
        failure
    }
}

impl FromServerFnError for Failure {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        let failure = match error {
            ServerFnErrorErr::Request(_) => Self::Unreachable,
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Deserialization(_)
            | ServerFnErrorErr::Serialization(_)
            | ServerFnErrorErr::UnsupportedRequestMethod(_) => Self::Unreadable,
            ServerFnErrorErr::Registration(_)
            | ServerFnErrorErr::ServerError(_)
            | ServerFnErrorErr::MiddlewareError(_)
            | ServerFnErrorErr::Response(_) => Self::Unexpected {
                reference: String::new(),
            },
        };
        #[cfg(feature = "ssr")]
        crate::ssr::answer_call(&failure);
        failure
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_arrives_as_it_was_sent() {
        for failure in [
            Failure::Problem(Problem::invalid("slug", "This slug is taken.")),
            Failure::Unexpected {
                reference: "7K2M".into(),
            },
            Failure::Unreachable,
            Failure::Unreadable,
        ] {
            assert_eq!(Failure::de(failure.ser()), failure);
        }
    }

    #[test]
    fn a_form_says_what_its_fields_do_not() {
        let both = Problem::together([Problem::invalid("a", "A."), Problem::invalid("b", "B.")]).expect("both");
        let both = Failure::Problem(both);
        assert_eq!(both.about("b"), Some("B."));
        assert_eq!(both.beside(&["a", "b"]), None);
        assert_eq!(both.beside(&["a"]).as_deref(), Some("B."));
        assert_eq!(both.beside(&[]).as_deref(), Some("A. B."));
        let other = Failure::Problem(Problem::SignInNeeded);
        assert_eq!(other.beside(&["a"]), Some(other.to_string()));
    }

    #[test]
    fn an_answer_that_is_no_failure_is_unreadable() {
        assert_eq!(Failure::de("<html>502</html>".into()), Failure::Unreadable);
    }

    #[test]
    fn only_an_unexpected_failure_with_a_reference_shows_one() {
        let failure = |reference: &str| Failure::Unexpected {
            reference: reference.into(),
        };
        assert_eq!(failure("7K2M").reference(), Some("7K2M"));
        assert_eq!(failure("").reference(), None);
        assert_eq!(Failure::Unreachable.reference(), None);
    }
}
