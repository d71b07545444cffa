//! `GET /dev/mailbox`: mails of fake mode, newest first. Only there.

use std::fmt::Write;

use axum::{extract::State, response::Html};
use store::Store;

use super::problem_page::escape;

pub async fn show(State(store): State<Store>) -> Html<String> {
    let mut letters = String::new();
    for letter in store.mailer().letters() {
        // Writing to a string cannot fail.
        let _ = write!(
            letters,
            "<article><h2>{}</h2><p>To <strong>{}</strong>, {}</p>{}</article>",
            escape(&letter.subject),
            escape(&letter.to),
            model::date::moment(letter.sent_at),
            letter.html,
        );
    }
    if letters.is_empty() {
        letters.push_str("<p>No mail yet. Ask for a sign-in code, then reload this page.</p>");
    }
    Html(format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Mailbox (fake mode)</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <link rel=\"stylesheet\" href=\"/popups/return.css\"></head>\
         <body><main><h1>Mailbox</h1><p>Fake mode sends no mail; this is what would have been sent.</p>{letters}</main></body></html>"
    ))
}
