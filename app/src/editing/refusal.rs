//! A form sent without JavaScript comes back with its refusal in the address (`__path`, `__err`), as `server_fn` writes
//! it; server actions made afterwards start out with it. What was typed is there too (`__typed`, written by
//! `server/src/routes/refused_form.rs`), for the fields of the refused form. When it was done instead, the address says
//! which (`__done`), for the page to say so.

use std::sync::Arc;

use leptos::{prelude::*, server::ServerActionError, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;
use percent_encoding::percent_decode_str;

use crate::{error::Failure, first_page::is_first_page};

#[derive(Clone)]
struct Typed(Arc<str>);

#[derive(Clone)]
struct Done(Arc<str>);

/// What such a form adds to the address.
pub(super) const OUTCOME: [&str; 4] = ["__path", "__err", "__typed", "__done"];

/// To be called before a page's server actions are made.
pub fn provide_refusal() {
    // Only a page that the server drew may have one: a link that is followed in the browser may say anything.
    if !is_first_page() {
        return;
    }
    let query = use_query_map();
    let (refusal, typed, done) = query.with_untracked(|query| {
        let refusal = query.get("__path").zip(query.get("__err"));
        (refusal, query.get("__typed"), query.get("__done"))
    });
    if let Some(path) = done {
        provide_context(Done(path.into()));
    }
    if let Some((path, refusal)) = refusal {
        provide_context(ServerActionError::new(&path, &refusal));
        provide_context(Typed(typed.unwrap_or_default().into()));
    }
}

/// Whether the page came back from a form of `F` that was done.
pub fn was_done<F: ServerFn>() -> bool {
    is_first_page() && use_context::<Done>().is_some_and(|Done(path)| *path == *F::PATH)
}

/// What was typed into the field called `name` of the form that came back refused: the one with a failure from the start.
pub fn typed(name: &str, failure: Signal<Option<Failure>>) -> Option<String> {
    let mut fields = refused_form(failure)?.into_iter();
    fields.find_map(|(field, value)| (field == name).then_some(value))
}

/// What was ticked of the boxes called `name`, in the same way.
pub fn ticked(name: &str, failure: Signal<Option<Failure>>) -> Option<Vec<String>> {
    let fields = refused_form(failure)?.into_iter();
    let ticked = fields.filter_map(|(field, value)| (field == name).then_some(value));
    Some(ticked.collect())
}

/// The names and values of the form that came back refused.
fn refused_form(failure: Signal<Option<Failure>>) -> Option<Vec<(String, String)>> {
    failure.with_untracked(Option::is_some).then_some(())?;
    let Typed(typed) = use_context()?;
    let form = String::from_utf8(hex::decode(typed.as_bytes()).ok()?).ok()?;
    let text = |part: &str| {
        let spaced = part.replace('+', " ");
        percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
    };
    let fields = form.split('&').filter_map(|field| field.split_once('='));
    Some(fields.map(|(field, value)| (text(field), text(value))).collect())
}
