//! `GET /connect/return`: where Stripe's OAuth page leads back to, with a code or with the merchant's no.

use axum::{
    extract::{Query, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use store::Store;

use super::{problem_page::problem_page, signed_in};

#[derive(Debug, Deserialize)]
pub struct Answer {
    #[serde(default)]
    state: String,
    code: Option<String>,
}

pub async fn finish(State(store): State<Store>, Query(answer): Query<Answer>, headers: HeaderMap) -> Response {
    let finished = async {
        let session = signed_in::session(&store, &headers).await?;
        store
            .connect()
            .finish_oauth(&session, &answer.state, answer.code.as_deref())
            .await
    };
    match finished.await {
        Ok(next) => Redirect::to(&next).into_response(),
        Err(error) => problem_page(&error, "/"),
    }
}
