//! `POST /dev/clock`: time moves only between two pieces of work.

use std::sync::Arc;

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use store::Clock;

use super::{site::Site, webhook_route::sign};
use crate::{fake_mode::BothClocks, router::LARGEST_BODY, routes::dev_clock::TimeTravel};

const DAY: i64 = 86_400;

async fn site() -> Site {
    let clock = Clock::ahead(0);
    let both = clock.clone();
    let travel = |stripe: &fake_stripe::FakeStripe| {
        let app = stripe.app().clone();
        Some(TimeTravel::of(Arc::new(BothClocks { app, clock: both })).impatient())
    };
    Site::of_fake_mode(travel, clock).await
}

/// Status and text of the answer to a step of a day.
async fn step(site: &Site) -> (StatusCode, String) {
    let request = Request::post("/dev/clock")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ORIGIN, "http://127.0.0.1:3000")
        .body(Body::from(format!("advance={DAY}&next=/c/club")))
        .expect("a request");
    let answer = site.answer(request).await;
    let status = answer.status();
    let text = to_bytes(answer.into_body(), LARGEST_BODY).await.expect("a body");
    (status, String::from_utf8_lossy(&text).into_owned())
}

/// A step, when what was under way is done.
async fn steps(site: &Site) {
    let mut answer = step(site).await;
    while answer.0 == StatusCode::SERVICE_UNAVAILABLE {
        answer = step(site).await;
    }
    assert_eq!(answer.0, StatusCode::SEE_OTHER, "{}", answer.1);
}

#[tokio::test]
async fn time_stands_while_a_job_is_due() {
    let site = site().await;
    let event = br#"{"id":"evt_1","type":"invoice.paid","account":"acct_1"}"#;
    let signature = sign("whsec_1", event, site.store.now().timestamp());
    let taken = site.store.receive_webhook(Some(&signature), event).await;
    taken.expect("stored").expect("taken");
    let before = site.store.now();
    let (status, text) = step(&site).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        text.contains("still works on one job") && text.contains("/c/club"),
        "{text}"
    );
    assert!(site.store.now() - before < chrono::Duration::days(1), "not moved");
    site.store.work_jobs().await.expect("worked");
    steps(&site).await;
    assert!(site.store.now() - before >= chrono::Duration::days(1));
    assert_eq!(
        site.stripe.app().engine().time.now() / DAY,
        site.store.now().timestamp() / DAY
    );
    site.stripe.stop().await;
}

#[tokio::test]
async fn time_stands_while_an_event_is_on_its_way() {
    let site = site().await;
    // Whoever is to have it takes the connection, and says nothing.
    let endpoint = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/", endpoint.local_addr().expect("an address"));
    let app = site.stripe.app();
    let held = |engine: &mut fake_stripe::engine::Engine| {
        engine.outbox.url = Some(url);
        engine
            .outbox
            .add("evt_1", 0, &[fake_stripe::outbox::CONFIGURED.to_owned()]);
        Ok(())
    };
    app.act(held).expect("on its way");
    let (status, text) = step(&site).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(text.contains("still sends events"), "{text}");
    drop(endpoint);
    steps(&site).await;
    site.stripe.stop().await;
}
