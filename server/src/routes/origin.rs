//! Requests that change something must come from our own pages.
//!
//! Browsers say where a request comes from: `Sec-Fetch-Site`, and `Origin` on everything but plain reading. A request
//! with neither is no browser's, and carries nobody's cookies against their will.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::router::Shared;

pub async fn check(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if reads || comes_from_us(request.headers(), &shared.config.0.public_url) {
        return next.run(request).await;
    }
    (
        StatusCode::FORBIDDEN,
        "This request came from another site, so nothing was done. Open the page again and repeat it.\n",
    )
        .into_response()
}

fn comes_from_us(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match (text(header::ORIGIN.as_str()), text("sec-fetch-site")) {
        (Some(origin), _) if headers.get_all(header::ORIGIN).iter().count() == 1 => {
            // On a person's own machine it may be reached by several names; where it counts, by one and by https only.
            let host = origin
                .strip_prefix("http://")
                .filter(|_| public_url.starts_with("http://"));
            origin == public_url || (host.is_some() && host == text(header::HOST.as_str()))
        }
        (Some(_), _) => false,
        (None, Some(site)) => matches!(site, "same-origin" | "none"),
        (None, None) => headers.get(header::ORIGIN).is_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().expect("a header"));
        }
        comes_from_us(&headers, "https://shop.example")
    }

    fn from_at_home(origin: &'static str) -> bool {
        let mut headers = HeaderMap::new();
        headers.append("origin", origin.parse().expect("a header"));
        headers.append("host", "localhost:3000".parse().expect("a header"));
        comes_from_us(&headers, "http://127.0.0.1:3000")
    }

    #[test]
    fn our_own_pages_may_change_things() {
        assert!(from(&[("origin", "https://shop.example")]));
        assert!(from_at_home("http://127.0.0.1:3000") && from_at_home("http://localhost:3000"));
        assert!(from(&[("sec-fetch-site", "same-origin")]));
        assert!(from(&[]));
    }

    #[test]
    fn other_sites_may_not() {
        assert!(!from(&[("origin", "https://evil.example"), ("host", "shop.example")]));
        assert!(!from(&[("origin", "null"), ("host", "shop.example")]));
        assert!(
            !from(&[("origin", "http://shop.example"), ("host", "shop.example")]),
            "in the open"
        );
        assert!(!from_at_home("https://evil.example"));
        assert!(!from(&[
            ("origin", "https://shop.example"),
            ("origin", "https://evil.example")
        ]));
        assert!(!from(&[("sec-fetch-site", "cross-site")]));
        assert!(!from(&[("sec-fetch-site", "same-site")]));
    }
}
