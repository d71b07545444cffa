//! A form sent without JavaScript and refused leads back to its page with the refusal in the address (`server_fn` writes
//! it). This adds what was typed (`__typed`), so that the page can show it in the form again. What is too long for an
//! address (a post) is not led back: the browser alone has it, and is told not to lose it. A form that is too large is refused
//! here, before anything is read of it. A form that was done leads back to its page without what opened it there, and with its
//! name (`__done`), so that the page can say so.

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
    let sent = Sent {
        to: request.uri().path().to_owned(),
        from: text(&request, header::REFERER).unwrap_or_default().to_owned(),
    };
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
    let address = location.map(|location| sent.leads_to(location, &body));
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
    ["__path=", "__err=", "__typed=", "__done="]
        .iter()
        .any(|name| pair.starts_with(name))
}

fn is_form(request: &Request) -> bool {
    request.method() == Method::POST && has(request, header::CONTENT_TYPE, "application/x-www-form-urlencoded")
}

fn has(request: &Request, name: header::HeaderName, wanted: &str) -> bool {
    text(request, name).is_some_and(|value| value.contains(wanted))
}

fn text(request: &Request, name: header::HeaderName) -> Option<&str> {
    request.headers().get(name).and_then(|value| value.to_str().ok())
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

/// A form on its way.
struct Sent {
    /// The server function's path.
    to: String,
    /// The address of the page it stands in.
    from: String,
}

impl Sent {
    /// The address without what came of earlier forms, and with what came of this one.
    fn leads_to(&self, location: &str, body: &Bytes) -> String {
        let (page, query) = location.split_once('?').unwrap_or((location, ""));
        let (outcome, mut pairs): (Vec<&str>, Vec<&str>) = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .partition(|pair| is_of_refusal(pair));
        // An earlier refusal is there as well; this one was put behind it.
        let latest = |name: &str| outcome.iter().rev().find(|pair| pair.starts_with(name)).copied();
        let added;
        if let Some(refusal) = latest("__err=") {
            let kept: Vec<&str> = fields(body)
                .filter(|field| field.len() <= LONGEST_FIELD)
                .filter(|field| !NOT_REPEATED.contains(&field.split('=').next().unwrap_or_default()))
                .collect();
            // In hexadecimal: nothing on the way may decode a part of it.
            added = format!("__typed={}", hex::encode(kept.join("&")));
            pairs.extend(latest("__path="));
            pairs.extend([refusal, &added]);
        } else if self.from.split('?').next() == Some(page) {
            if pairs.iter().any(|pair| pair.starts_with("form=")) {
                pairs.retain(|pair| !pair.starts_with("form=") && !pair.starts_with("id="));
            }
            added = format!("__done={}", self.to);
            pairs.push(&added);
        }
        if pairs.is_empty() {
            page.to_owned()
        } else {
            format!("{page}?{}", pairs.join("&"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(location: &str, body: &str) -> String {
        let sent = Sent {
            to: "/api/name1".to_owned(),
            from: "http://x/c/club?form=name&id=7".to_owned(),
        };
        sent.leads_to(location, &Bytes::from(body.to_owned()))
    }

    #[test]
    fn a_refusal_brings_back_what_was_typed_and_nothing_secret() {
        assert_eq!(
            after("http://x/?a=1&__path=p&__err=e&__typed=old", "name=A+b&code=123456"),
            format!("http://x/?a=1&__path=p&__err=e&__typed={}", hex::encode("name=A+b"))
        );
    }

    #[test]
    fn of_refusals_one_after_the_other_the_address_tells_the_last() {
        assert_eq!(
            after(
                "http://x/?__path=p&__err=e&a=1&__typed=old&__done=d&__path=q&__err=f",
                "name=A"
            ),
            format!("http://x/?a=1&__path=q&__err=f&__typed={}", hex::encode("name=A"))
        );
    }

    #[test]
    fn what_leads_elsewhere_leaves_a_clean_address() {
        assert_eq!(after("/c/club?__typed=old&__done=d", "name=Club"), "/c/club");
        assert_eq!(after("/c/club?a=1&__typed=old", "name=Club"), "/c/club?a=1");
    }

    #[test]
    fn what_was_done_closes_its_form_and_is_told() {
        assert_eq!(
            after("http://x/c/club?page=2&form=name&id=7&__done=d", "name=Club"),
            "http://x/c/club?page=2&__done=/api/name1"
        );
    }

    #[test]
    fn a_long_text_is_not_put_into_the_address() {
        let body = format!("title=T&body={}", "x".repeat(3000));
        assert_eq!(
            after("/?__err=e", &body),
            format!("/?__err=e&__typed={}", hex::encode("title=T"))
        );
    }
}
