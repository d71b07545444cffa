//! A program that receives events and verifies their signatures.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use tokio::sync::Notify;

/// What the configured endpoint signs with.
pub const SECRET: &str = "whsec_receiver";

#[derive(Clone, Default)]
pub struct Receiver {
    /// Signing times and events, in the order in which they came.
    pub got: Arc<Mutex<Vec<(String, Value)>>>,
    /// How many are refused from now on.
    pub refuse_next: Arc<Mutex<u32>>,
    /// What it verifies with; `SECRET` unless another was given.
    secret: Arc<Mutex<Option<String>>>,
    came: Arc<Notify>,
}

impl Receiver {
    pub async fn listen(&self) -> String {
        let routes = Router::new().route("/hook", post(receive)).with_state(self.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        url
    }

    pub fn trust(&self, secret: &Value) {
        *self.secret.lock().unwrap() = Some(secret.as_str().unwrap().to_owned());
    }

    pub fn types(&self) -> Vec<String> {
        self.got
            .lock()
            .unwrap()
            .iter()
            .map(|(_, event)| event["type"].as_str().unwrap().to_owned())
            .collect()
    }

    pub async fn until(&self, count: usize) {
        while self.got.lock().unwrap().len() < count {
            self.came.notified().await;
        }
    }
}

async fn receive(State(receiver): State<Receiver>, headers: HeaderMap, body: String) -> StatusCode {
    let refused = {
        let mut left = receiver.refuse_next.lock().unwrap();
        let refused = *left > 0;
        *left = left.saturating_sub(1);
        refused
    };
    if refused {
        return StatusCode::INTERNAL_SERVER_ERROR;
    }
    let header = headers["stripe-signature"].to_str().unwrap().to_owned();
    let (time, signature) = header.strip_prefix("t=").unwrap().split_once(",v1=").unwrap();
    let secret = receiver.secret.lock().unwrap().clone();
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_deref().unwrap_or(SECRET).as_bytes()).unwrap();
    mac.update(format!("{time}.{body}").as_bytes());
    mac.verify_slice(&hex::decode(signature).unwrap()).unwrap();
    receiver
        .got
        .lock()
        .unwrap()
        .push((time.to_owned(), serde_json::from_str(&body).unwrap()));
    receiver.came.notify_one();
    StatusCode::OK
}
