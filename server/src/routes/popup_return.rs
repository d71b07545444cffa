//! `GET /popups/return`: where every popup comes back to. The page is static (`public/popups/return.html`); its script
//! tells the opener. Without JavaScript it goes to `next` by itself, which only the server can put into it.

use axum::{
    extract::{Query, State},
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use leptos::config::LeptosOptions;
use serde::Deserialize;

use super::problem_page::escape;

#[derive(Debug, Deserialize)]
pub struct Back {
    #[serde(default)]
    next: String,
}

pub async fn page(State(options): State<LeptosOptions>, Query(back): Query<Back>) -> Response {
    let path = format!("{}/popups/return.html", options.site_root);
    let Ok(Ok(page)) = tokio::task::spawn_blocking(move || std::fs::read_to_string(path)).await else {
        return (StatusCode::NOT_FOUND, "The return page is missing: build the site.\n").into_response();
    };
    let page = match app::own_path::own_path(&back.next) {
        Some(next) => {
            let refresh = format!(
                "<noscript><meta http-equiv=\"refresh\" content=\"0;url={}\" /></noscript>",
                escape(next)
            );
            page.replacen("</head>", &format!("{refresh}</head>"), 1)
        }
        None => page,
    };
    let policy = HeaderValue::from_static("default-src 'self'; base-uri 'none'; frame-ancestors 'none'");
    ([(header::CONTENT_SECURITY_POLICY, policy)], Html(page)).into_response()
}
