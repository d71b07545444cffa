//! A browser as plain as can be: it does not follow redirects, so that tests see where they lead.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::support::Stripe;

pub struct Browser {
    http: reqwest::Client,
    base: String,
}

/// What an address or a form answered.
#[derive(Debug)]
pub struct Page {
    pub status: u16,
    /// Where it redirects; empty when it does not.
    pub location: String,
    pub html: String,
    pub opener_policy: Option<String>,
}

impl Browser {
    pub fn new(stripe: &Stripe) -> Self {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Self {
            http,
            base: stripe.base(),
        }
    }

    /// `address`: a path, or one of fake-stripe's own addresses.
    pub async fn open(&self, address: &str) -> Page {
        read(self.http.get(self.url(address))).await
    }

    /// Posts a form, as pressing its button would.
    pub async fn submit(&self, address: &str, fields: &[(&str, &str)]) -> Page {
        let escape = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let body: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{}={}", escape(name), escape(value)))
            .collect();
        let request = self
            .http
            .post(self.url(address))
            .header("content-type", "application/x-www-form-urlencoded");
        read(request.body(body.join("&"))).await
    }

    /// Opens an address of fake-stripe and follows its redirects as long as they stay there.
    pub async fn follow(&self, address: &str) -> Page {
        let mut page = self.open(address).await;
        while page.location.starts_with('/') {
            page = self.open(&page.location).await;
        }
        page
    }

    fn url(&self, address: &str) -> String {
        let path = if address.starts_with('/') {
            address
        } else {
            let after_scheme = address.split_once("://").unwrap().1;
            &after_scheme[after_scheme.find('/').unwrap()..]
        };
        format!("{}{path}", self.base)
    }
}

async fn read(request: reqwest::RequestBuilder) -> Page {
    let answer = request.send().await.unwrap();
    let header = |name: &str| {
        answer
            .headers()
            .get(name)
            .map(|value| value.to_str().unwrap().to_owned())
    };
    Page {
        status: answer.status().as_u16(),
        location: header("location").unwrap_or_default(),
        opener_policy: header("cross-origin-opener-policy"),
        html: answer.text().await.unwrap(),
    }
}

impl Page {
    pub fn shows(&self, text: &str) -> bool {
        self.html.contains(text)
    }

    #[track_caller]
    pub fn must_show(&self, text: &str) {
        assert!(
            self.shows(text),
            "{text:?} is not on the page ({}, {}): {}",
            self.status,
            self.location,
            self.main()
        );
    }

    /// The value of the field with this name.
    pub fn value(&self, name: &str) -> String {
        let input = self
            .html
            .split("<input")
            .find(|input| input.contains(&format!(" name=\"{name}\"")))
            .unwrap();
        input
            .split(" value=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned()
    }

    fn main(&self) -> &str {
        self.html.split("<main").nth(1).unwrap_or(&self.html)
    }
}
