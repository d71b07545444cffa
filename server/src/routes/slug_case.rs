//! `/c/SALT-LIGHT` is what people type: it leads to the community's address, which has small letters only.

use axum::{
    extract::Request,
    http::Method,
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};

pub async fn lower(request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD)
        && let Some(path) = in_small_letters(request.uri().path())
    {
        let query = request
            .uri()
            .query()
            .map_or_else(String::new, |query| format!("?{query}"));
        return Redirect::permanent(&format!("{path}{query}")).into_response();
    }
    next.run(request).await
}

/// The path with its slug in small letters, if that is another one.
fn in_small_letters(path: &str) -> Option<String> {
    let rest = path.strip_prefix("/c/")?;
    let (slug, rest) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let is_slug = slug.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (is_slug && slug.bytes().any(|byte| byte.is_ascii_uppercase()))
        .then(|| format!("/c/{}{rest}", slug.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::in_small_letters;

    #[test]
    fn only_the_slug_of_a_community_is_written_otherwise() {
        let lower = in_small_letters;
        assert_eq!(lower("/c/SALT-Light").as_deref(), Some("/c/salt-light"));
        assert_eq!(lower("/c/Club/posts/Ab").as_deref(), Some("/c/club/posts/Ab"));
        for path in ["/c/club", "/C/CLUB", "/", "/c/", "/sign-in", "/c/Cl%2fub/x"] {
            assert_eq!(lower(path), None, "{path}");
        }
    }
}
