//! What is read from the server: with the page when it renders there, by a call when the browser asks again.

use std::{fmt::Debug, future::Future};

use codee::{Decoder, Encoder};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::Failure;

/// A resource whose reading can fail. `ui::Loaded` and `loaded_live::LoadedLive` draw one.
pub type Reading<T> = Resource<Result<T, Failure>, Json>;

/// Reads with `read` what belongs to `source`, and again whenever that changes.
///
/// `let posts = reading(move || community.key(), |(slug, _)| posts(slug));`
pub fn reading<T, S, F>(
    source: impl Fn() -> S + Send + Sync + 'static,
    read: impl Fn(S) -> F + Send + Sync + 'static,
) -> Reading<T>
where
    T: Clone + Serialize + for<'de> Deserialize<'de> + Send + Sync + 'static,
    S: PartialEq + Clone + Debug + Send + Sync + 'static,
    F: Future<Output = Result<T, Failure>> + Send + 'static,
{
    #[cfg(feature = "ssr")]
    let read = crate::ssr::page_reads::once_a_page(read);
    Resource::new_with_options(source, read, false)
}

/// JSON that is read the way server functions read their answers. Leptos' own codec reads from a text instead of from
/// bytes, and with it the browser would get the code for reading each type twice.
#[derive(Debug)]
pub struct Json;

impl<T: Serialize> Encoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> Result<String, serde_json::Error> {
        serde_json::to_string(value)
    }
}

impl<T: for<'de> Deserialize<'de>> Decoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, serde_json::Error> {
        serde_json::from_slice(text.as_bytes())
    }
}
