//! A plain page for a problem in a popup: no script, no more than the sentence and a way back.

use std::any::Any;

use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};

/// `back` is a path of ours.
pub fn problem_page(error: &store::Error, back: &str) -> Response {
    let (status, sentence) = if let Some(problem) = error.problem() {
        (StatusCode::BAD_REQUEST, problem.to_string())
    } else {
        let reference = store::error::reference();
        tracing::error!(reference, %error, "a request failed");
        (
            StatusCode::INTERNAL_SERVER_ERROR,
            format!("Something went wrong on our side. Reference: {reference}"),
        )
    };
    let back = format!("<p><a href=\"{}\">Go back</a></p>", escape(back));
    page(status, &[&sentence], &back)
}

/// What a fault of ours leaves of an answer. The panic itself is in the log already, without a request.
pub fn panicked(_: Box<dyn Any + Send>) -> Response {
    let reference = store::error::reference();
    tracing::error!(reference, "a request panicked");
    let sentence = format!("Something went wrong on our side. Reference: {reference}");
    page(
        StatusCode::INTERNAL_SERVER_ERROR,
        &[&sentence],
        "<p><a href=\"/\">Go to the start</a></p>",
    )
}

/// `rest` is HTML.
pub fn page(status: StatusCode, sentences: &[&str], rest: &str) -> Response {
    let sentences: Vec<String> = sentences
        .iter()
        .map(|sentence| format!("<p role=\"alert\">{}</p>", escape(sentence)))
        .collect();
    let page = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>That did not work</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <link rel=\"stylesheet\" href=\"/popups/return.css\"></head>\
         <body><main><h1>That did not work</h1>{}{rest}</main></body></html>",
        sentences.concat()
    );
    (status, Html(page)).into_response()
}

/// For text and attribute values.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}
