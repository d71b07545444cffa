//! A form sent without JavaScript and refused leads back to its page with the refusal in the address (`server_fn` writes
//! it). This adds what was typed (`__typed`), so that the page can show it in the form again. What is too long for an
//! address (a post) is not led back: the browser alone has it, and is told not to lose it. A form that is too large is refused
//! here, before anything is read of it.

use app::error::Failure;
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};

use leptos::server_fn::error::ServerFnUrlError;
use model::Problem;

use super::problem_page;
use crate::router::LARGEST_BODY;

/// Addresses should stay short.
const LONGEST_FIELD: usize = 2000;
/// What only the person who typed it should ever read, and is of no use a second time.
const NOT_REPEATED: [&str; 2] = ["code", "token"];

pub async fn keep_typed(request: Request, next: Next) -> Response {
    if !is_form(&request) {
        return next.run(request).await;
    }
    let wants_page = has(&request, header::ACCEPT, "text/html");
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        let text =
            "This is larger than 1 MiB, which is the most that can be sent. Make it shorter and send it again.\n";
        return (StatusCode::PAYLOAD_TOO_LARGE, text).into_response();
    };
    let mut response = next.run(Request::from_parts(parts, Body::from(body.clone()))).await;
    // Browsers ask for a page when they send a form themselves; our script asks for JSON, and keeps the form as it is.
    if !wants_page {
        return response;
    }
    let location = response.headers().get(header::LOCATION);
    let location = location.and_then(|location| location.to_str().ok());
    if let Some(refusal) = location.and_then(refusal).filter(|_| has_long_field(&body)) {
        let (what, kept) = match refusal {
            // Its form would carry the old fingerprint again.
            Failure::Problem(Problem::EditedMeanwhile { .. }) => (
                "This was changed elsewhere while you had it open, so it was not saved.".to_owned(),
                "What you typed is long, and only your browser has it: press its Back button, copy it, load the page again to see how it is now, and put yours in.",
            ),
            other => (
                other.to_string(),
                "What you typed is long, and only your browser has it: press its Back button, change this, and send it again.",
            ),
        };
        return problem_page::page(StatusCode::UNPROCESSABLE_ENTITY, &[&what, kept], "");
    }
    let address = location.map(|location| with_typed(location, &body));
    if let Some(Ok(address)) = address.as_deref().map(HeaderValue::from_str) {
        response.headers_mut().insert(header::LOCATION, address);
    }
    response
}

/// A link on another site, or in a letter, may carry any refusal it likes: it is taken out of the address before the page is
/// drawn. (Browsers lead back from our own form as `same-origin`; the few that do not say are believed.)
pub async fn only_ours(request: Request, next: Next) -> Response {
    let from = request
        .headers()
        .get("sec-fetch-site")
        .and_then(|value| value.to_str().ok());
    let is_foreign = from.is_some_and(|from| from != "same-origin");
    let query = request.uri().query().unwrap_or_default();
    if is_foreign && query.split('&').any(is_of_refusal) {
        let rest: Vec<&str> = query.split('&').filter(|pair| !is_of_refusal(pair)).collect();
        let page = request.uri().path();
        // Several slashes at the start would lead to another host.
        let page = format!("/{}", page.trim_start_matches('/'));
        let address = if rest.is_empty() {
            page
        } else {
            format!("{page}?{}", rest.join("&"))
        };
        return Redirect::to(&address).into_response();
    }
    next.run(request).await
}

fn is_of_refusal(pair: &str) -> bool {
    ["__path=", "__err=", "__typed="]
        .iter()
        .any(|name| pair.starts_with(name))
}

fn is_form(request: &Request) -> bool {
    request.method() == Method::POST && has(request, header::CONTENT_TYPE, "application/x-www-form-urlencoded")
}

fn has(request: &Request, name: header::HeaderName, wanted: &str) -> bool {
    let value = request.headers().get(name).and_then(|value| value.to_str().ok());
    value.is_some_and(|value| value.contains(wanted))
}

/// The refusal that an address tells of.
fn refusal(location: &str) -> Option<Failure> {
    let (_, query) = location.split_once('?')?;
    let told = query.split('&').find_map(|pair| pair.strip_prefix("__err="))?;
    let told = percent_encoding::percent_decode_str(told).decode_utf8().ok()?;
    Some(ServerFnUrlError::<Failure>::decode_err(&told))
}

fn fields(body: &Bytes) -> impl Iterator<Item = &str> {
    std::str::from_utf8(body).unwrap_or_default().split('&')
}

fn has_long_field(body: &Bytes) -> bool {
    fields(body).any(|field| field.len() > LONGEST_FIELD)
}

/// The address without what was typed earlier; with what was typed now, when it tells of a refusal.
fn with_typed(location: &str, body: &Bytes) -> String {
    let (page, query) = location.split_once('?').unwrap_or((location, ""));
    let mut pairs: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("__typed="))
        .collect();
    let typed;
    if pairs.iter().any(|pair| pair.starts_with("__err=")) {
        let kept: Vec<&str> = fields(body)
            .filter(|field| field.len() <= LONGEST_FIELD)
            .filter(|field| !NOT_REPEATED.contains(&field.split('=').next().unwrap_or_default()))
            .collect();
        // In hexadecimal: nothing on the way may decode a part of it.
        typed = format!("__typed={}", hex::encode(kept.join("&")));
        pairs.push(&typed);
    }
    if pairs.is_empty() {
        page.to_owned()
    } else {
        format!("{page}?{}", pairs.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(location: &str, body: &'static str) -> String {
        with_typed(location, &Bytes::from_static(body.as_bytes()))
    }

    #[test]
    fn a_refusal_brings_back_what_was_typed_and_nothing_secret() {
        assert_eq!(
            after("http://x/?a=1&__path=p&__err=e&__typed=old", "name=A+b&code=123456"),
            format!("http://x/?a=1&__path=p&__err=e&__typed={}", hex::encode("name=A+b"))
        );
    }

    #[test]
    fn what_was_done_leaves_a_clean_address() {
        assert_eq!(after("/c/club?__typed=old", "name=Club"), "/c/club");
        assert_eq!(after("/c/club?a=1&__typed=old", "name=Club"), "/c/club?a=1");
    }

    #[test]
    fn a_long_text_is_not_put_into_the_address() {
        let body = Bytes::from(format!("title=T&body={}", "x".repeat(3000)));
        assert_eq!(
            with_typed("/?__err=e", &body),
            format!("/?__err=e&__typed={}", hex::encode("title=T"))
        );
    }
}
