//! What server functions need of the request they run in: the store, the session, where to go on. Server only.

pub mod page_reads;

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, header, request::Parts};
use leptos::prelude::*;
use leptos_axum::{ResponseOptions, redirect};
use model::Timestamp;
use store::{
    Store,
    actor::{Session, Visitor},
    session::SessionToken,
};

use crate::{error::Failure, own_path::own_path, ui::status::answer_failure};

/// The session cookie's name. The prefix makes browsers refuse it from other hosts of the same domain, and over plain http.
const fn cookie_name(https: bool) -> &'static str {
    if https { "__Host-session" } else { "session" }
}

/// The asking client's address, as the server sees it; given by context.
#[derive(Debug, Clone)]
pub struct ClientAddress(pub Arc<str>);

/// The time of fake mode, whose clock can be moved; given by context there and nowhere else.
#[derive(Debug, Clone, Copy)]
pub struct DevClock(pub Timestamp);

/// The path and query of the page being rendered.
pub fn page_path() -> String {
    let path = use_context::<Parts>().and_then(|parts| parts.uri.path_and_query().map(ToString::to_string));
    path.unwrap_or_else(|| "/".to_owned())
}

impl From<store::Error> for Failure {
    /// A person's problem passes; anything else is logged under a reference, which is all they get.
    fn from(error: store::Error) -> Self {
        if let Some(problem) = error.problem() {
            tracing::debug!(%error, "refused");
            return problem.into();
        }
        let reference = store::error::reference();
        tracing::error!(reference, error = &error as &dyn std::error::Error, "a request failed");
        Self::Unexpected { reference }
    }
}

/// Gives a call from the browser the status that fits its failure. A page being rendered, and a form sent without
/// JavaScript (which is answered by leading back to its page), decide about their status themselves.
pub fn answer_call(failure: &Failure) {
    let wants_html = use_context::<Parts>().is_some_and(|parts| {
        let accept = parts.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
        accept.is_some_and(|accept| accept.contains("text/html"))
    });
    if !wants_html {
        answer_failure(failure);
    }
}

/// The store.
///
/// # Errors
/// Outside of a request, which is a mistake in the server's wiring.
pub fn store() -> Result<Store, Failure> {
    use_context().ok_or(Failure::Unexpected {
        reference: String::new(),
    })
}

/// Who asks. Asked for once in a request.
///
/// # Errors
/// When the database cannot be asked.
pub async fn session() -> Result<Session, Failure> {
    let store = store()?;
    let token = use_context::<Parts>().and_then(|parts| cookie(&store, &parts.headers));
    Ok(store.sessions().find(token.as_deref()).await?)
}

/// Who asks in the community named `slug`.
///
/// # Errors
/// `Problem::NotFound` when there is none.
pub async fn visitor(slug: &str) -> Result<(Store, Visitor), Failure> {
    let store = store()?;
    let visitor = store.visitor(&session().await?, slug).await?;
    Ok((store, visitor))
}

/// The session's token in a request's cookies.
pub fn cookie(store: &Store, headers: &HeaderMap) -> Option<String> {
    let expected = cookie_name(is_https(store));
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == expected)
        .map(|(_, value)| value.to_owned())
}

fn is_https(store: &Store) -> bool {
    store.public_url().starts_with("https://")
}

/// For rate limits.
pub fn client_address() -> String {
    use_context::<ClientAddress>().map_or_else(String::new, |address| address.0.to_string())
}

/// Keeps the browser signed in.
pub fn set_session_cookie(token: &SessionToken) {
    write_cookie(&token.token, token.max_age);
}

/// Forgets the session in the browser.
pub fn clear_session_cookie() {
    write_cookie("", 0);
}

fn write_cookie(value: &str, max_age: i64) {
    let https = store().is_ok_and(|store| is_https(&store));
    let (name, secure) = (cookie_name(https), if https { "; Secure" } else { "" });
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age}{secure}");
    if let (Some(response), Ok(cookie)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(&cookie)) {
        response.append_header(header::SET_COOKIE, cookie);
    }
}

/// Leads to a path of ours; anything else leads home.
pub fn go_to(path: &str) {
    redirect(own_path(path).unwrap_or("/"));
}

/// Leads through sign-in and back to `path`.
pub fn go_to_sign_in(path: &str) {
    let next: String = url_encoded(own_path(path).unwrap_or("/"));
    redirect(&format!("/sign-in?next={next}"));
}

/// Leads to where the code of this sign-in `attempt` is typed in; the e-mail address is not told to the address bar.
pub fn go_to_code_entry(attempt: &str, next: &str) {
    let attempt = url_encoded(attempt);
    let next = url_encoded(own_path(next).unwrap_or("/"));
    redirect(&format!("/sign-in?attempt={attempt}&next={next}"));
}

/// Leads to an address that Stripe gave us.
pub fn go_to_stripe(url: &str) {
    redirect(url);
}

fn url_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}
