//! `POST /webhooks/stripe`, by its contract.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};

use super::site::Site;

#[tokio::test]
async fn the_webhook_route_answers_by_its_contract() {
    let site = Site::new().await;
    let post = |body: Vec<u8>, signature: Option<String>| {
        let mut request = Request::post("/webhooks/stripe");
        if let Some(signature) = signature {
            request = request.header("stripe-signature", signature);
        }
        let answer = site.answer(request.body(Body::from(body)).expect("a request"));
        async move { answer.await.status() }
    };
    let event = br#"{"id":"evt_1","type":"invoice.paid","account":"acct_1"}"#.to_vec();
    assert_eq!(post(event.clone(), None).await, StatusCode::BAD_REQUEST);
    assert_eq!(
        post(event.clone(), Some("t=1,v1=00".into())).await,
        StatusCode::BAD_REQUEST
    );
    let signed = |body: &[u8]| sign("whsec_1", body, site.store.now().timestamp());
    assert_eq!(post(event.clone(), Some(signed(&event))).await, StatusCode::OK);
    assert_eq!(
        post(event.clone(), Some(signed(&event))).await,
        StatusCode::OK,
        "seen before"
    );
    assert_eq!(post(b"[]".to_vec(), Some(signed(b"[]"))).await, StatusCode::BAD_REQUEST);
    let others = br#"{"id":"evt_2","type":"invoice.paid","account":"acct_1"}"#.to_vec();
    let signature = sign("whsec_configured", &others, site.store.now().timestamp());
    assert_eq!(
        post(others, Some(signature)).await,
        StatusCode::OK,
        "signed by somebody else than the fake Stripe"
    );
    let stale = sign("whsec_1", &event, site.store.now().timestamp() - 301);
    assert_eq!(post(event.clone(), Some(stale)).await, StatusCode::BAD_REQUEST);
    let large = vec![b' '; 1024 * 1024 + 1];
    assert_eq!(
        post(large.clone(), Some(signed(&large))).await,
        StatusCode::PAYLOAD_TOO_LARGE
    );
    site.stripe.stop().await;
}

pub(super) fn sign(secret: &str, body: &[u8], at: i64) -> String {
    use hmac::{Hmac, KeyInit, Mac};
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
    mac.update(format!("{at}.").as_bytes());
    mac.update(body);
    format!("t={at},v1={}", hex::encode(mac.finalize().into_bytes()))
}
