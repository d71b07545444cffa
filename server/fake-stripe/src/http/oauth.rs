//! Stripe's OAuth endpoints for Connect: `POST /oauth/token` and `POST /oauth/deauthorize`.

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::post,
};
use serde_json::{Value, json};

use crate::{
    app::App,
    engine::{Engine, access, oauth::OAuthError},
    fields::Fields,
    form,
};

pub fn router() -> Router<App> {
    Router::new()
        .route("/oauth/token", post(token))
        .route("/oauth/deauthorize", post(deauthorize))
}

async fn token(State(app): State<App>, headers: HeaderMap, body: String) -> Response {
    exchange(&app, &headers, &body, Engine::oauth_token)
}

async fn deauthorize(State(app): State<App>, headers: HeaderMap, body: String) -> Response {
    exchange(&app, &headers, &body, Engine::oauth_deauthorize)
}

/// The key comes as for the API, or as `client_secret` in the form.
fn exchange(
    app: &App,
    headers: &HeaderMap,
    body: &str,
    act: fn(&mut Engine, &Value) -> Result<Value, OAuthError>,
) -> Response {
    let params = form::parse(body).unwrap_or_default();
    let secret = params
        .some_text("client_secret")
        .map(|secret| format!("Bearer {secret}"));
    let header = headers.get("authorization").and_then(|value| value.to_str().ok());
    if access::check_key(secret.as_deref().or(header)).is_err() {
        let refusal = OAuthError {
            error: "invalid_client",
            description: "No such API key".to_owned(),
        };
        return refused(StatusCode::UNAUTHORIZED, &refusal);
    }
    match app.act(|engine| Ok(act(engine, &params))) {
        Ok(Ok(answer)) => Json(answer).into_response(),
        Ok(Err(refusal)) if refusal.error == "invalid_client" => refused(StatusCode::UNAUTHORIZED, &refusal),
        Ok(Err(refusal)) => refused(StatusCode::BAD_REQUEST, &refusal),
        Err(failure) => failure.into_response(),
    }
}

fn refused(status: StatusCode, refusal: &OAuthError) -> Response {
    (
        status,
        Json(json!({"error": refusal.error, "error_description": refusal.description})),
    )
        .into_response()
}
