//! The sign-in mail.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// The link to the sign-in page; opening it alone signs nobody in (mail scanners open links), its button does.
pub fn link(public_url: &str, token: &str, next: &str) -> String {
    let mut link = format!("{public_url}/sign-in?token={token}");
    if !next.is_empty() {
        link.push_str("&next=");
        link.extend(utf8_percent_encode(next, NON_ALPHANUMERIC));
    }
    link
}

/// Subject, text and HTML.
pub fn sign_in(code: &str, link: &str, minutes: u32) -> (String, String, String) {
    let subject = format!("{code} is your sign-in code");
    let text = format!(
        "Your sign-in code is {code}\n\nOr open this link:\n{link}\n\nBoth work once, for {minutes} minutes. If you did not ask for this, ignore it: nobody is signed in without it.\n"
    );
    let html = format!(
        "<p>Your sign-in code is</p><p style=\"font-size:28px;letter-spacing:4px\"><strong>{code}</strong></p>\
         <p>Or open <a href=\"{link}\">this link</a>.</p>\
         <p>Both work once, for {minutes} minutes. If you did not ask for this, ignore it: nobody is signed in without it.</p>",
        link = link.replace('&', "&amp;")
    );
    (subject, text, html)
}
