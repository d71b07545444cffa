//! `GET /c/{slug}/onboarding?popup=`: where Stripe leads when an onboarding link was used already. Makes a new one and
//! goes on, in whatever window this is.

use axum::{
    extract::{Path, Query, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use store::Store;

use super::{problem_page::problem_page, signed_in};

#[derive(Debug, Deserialize)]
pub struct Window {
    #[serde(default)]
    popup: String,
}

pub async fn fresh_link(
    State(store): State<Store>,
    Path(slug): Path<String>,
    Query(window): Query<Window>,
    headers: HeaderMap,
) -> Response {
    let link = async {
        let merchant = signed_in::visitor(&store, &headers, &slug).await?.merchant()?;
        store.connect().go_on_onboarding(&merchant, &window.popup).await
    };
    match link.await {
        Ok(address) => Redirect::to(&address.url).into_response(),
        Err(error) => problem_page(&error, &format!("/c/{slug}/manage/store")),
    }
}
