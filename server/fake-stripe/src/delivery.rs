//! Sends events to the webhook endpoints: signed, in order, again with backoff until they answer 2xx. Runs as a task beside
//! the API, which never waits for it; `POST /_fake/outbox/flush` sends everything at once.

mod rest;

use std::{collections::HashSet, time::Duration};

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::task::JoinSet;

use self::rest::Resting;
use crate::{
    app::App,
    clock::system_now,
    engine::Engine,
    error::StripeError,
    fields::Fields,
    outbox::{CONFIGURED, Mode},
};

/// What became of one endpoint's events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Sent {
    taken: u32,
    failed: u32,
}

/// The delivery task.
pub async fn run(app: App) {
    let mut resting = Resting::default();
    loop {
        match resting.next_end() {
            None => app.events_to_deliver().await,
            Some(end) => tokio::select! {
                () = app.events_to_deliver() => {}
                () = tokio::time::sleep_until(end) => {}
            },
        }
        let _alone = app.only_deliverer().await;
        let endpoints = {
            let engine = app.engine();
            let delivers = engine.outbox.mode == Mode::Deliver;
            if delivers {
                engine.outbox.endpoints()
            } else {
                Vec::new()
            }
        };
        resting.keep(&endpoints);
        let awake = endpoints.into_iter().filter(|endpoint| !resting.rests(endpoint));
        for (endpoint, sent) in send_pending(&app, awake.collect(), false).await {
            resting.note(endpoint, sent.failed > 0);
        }
    }
}

/// Sends everything that waits, also what is held. Answers how many were taken and how many were not.
pub async fn flush(app: &App) -> (u32, u32) {
    let _alone = app.only_deliverer().await;
    let endpoints = app.engine().outbox.endpoints();
    let sent = send_pending(app, endpoints, true).await;
    sent.iter().fold((0, 0), |(taken, failed), (_, sent)| {
        (taken + sent.taken, failed + sent.failed)
    })
}

/// Sends exactly these events in exactly this order, whatever the mode, each to the configured endpoint and to those that
/// ask for it, and each after the one before was answered.
///
/// Errors: one of them does not exist, or events go nowhere.
pub async fn deliver(app: &App, events: &[String]) -> Result<(u32, u32), StripeError> {
    let _alone = app.only_deliverer().await;
    {
        let engine = app.engine();
        if !engine.has_endpoint() {
            return Err(StripeError::invalid(
                "Events go nowhere: set an address with POST /_fake/webhook, or make a webhook endpoint.",
            ));
        }
        let unknown = events.iter().find(|id| engine.get(id).text("object") != "event");
        if let Some(unknown) = unknown {
            return Err(StripeError::missing("event", unknown, "events"));
        }
    }
    let (mut taken, mut failed) = (0, 0);
    for id in events {
        // By hand also what the configured endpoint would not get.
        let mut endpoints = app.engine().receivers(id);
        endpoints.retain(|endpoint| endpoint != CONFIGURED);
        endpoints.insert(0, CONFIGURED.to_owned());
        for endpoint in endpoints {
            let next = ready_to_send(&app.engine(), id, &endpoint);
            let Some(next) = next else { continue };
            let error = send(app, &next).await.err();
            if error.is_some() {
                failed += 1;
            } else {
                taken += 1;
            }
            app.engine().outbox.attempted(id, &endpoint, error);
        }
        app.event_was_sent();
    }
    app.save(&mut app.engine())?;
    Ok((taken, failed))
}

/// What became of what waits for these endpoints, which get it side by side. Saved at the end: what a crash forgets is
/// only sent once more.
async fn send_pending(app: &App, endpoints: Vec<String>, held_too: bool) -> Vec<(String, Sent)> {
    let mut tasks = JoinSet::new();
    for endpoint in endpoints {
        let app = app.clone();
        tasks.spawn(async move {
            let sent = send_each(&app, &endpoint, held_too).await;
            (endpoint, sent)
        });
    }
    let sent = tasks.join_all().await;
    if sent.iter().any(|(_, sent)| *sent != Sent::default())
        && let Err(refusal) = app.save(&mut app.engine())
    {
        tracing::error!(message = refusal.message, "delivery not recorded");
    }
    sent
}

async fn send_each(app: &App, endpoint: &str, held_too: bool) -> Sent {
    let mut sent = Sent::default();
    let mut tried = HashSet::new();
    loop {
        let Some(next) = next_event(app, endpoint, &tried, held_too) else {
            return sent;
        };
        tried.insert(next.id.clone());
        if next.delay_ms > 0 {
            tokio::time::sleep(Duration::from_millis(next.delay_ms)).await;
        }
        let mut error = send(app, &next).await.err();
        for _ in 0..next.duplicate {
            error = send(app, &next).await.err();
        }
        let unreachable = error.as_deref().is_some_and(|text| text.starts_with("no connection"));
        if error.is_some() {
            sent.failed += 1;
        } else {
            sent.taken += 1;
        }
        app.engine().outbox.attempted(&next.id, endpoint, error);
        app.event_was_sent();
        if unreachable && !held_too {
            return sent;
        }
    }
}

struct Next {
    id: String,
    body: String,
    url: String,
    signature: String,
    duplicate: u32,
    delay_ms: u64,
}

fn next_event(app: &App, endpoint: &str, tried: &HashSet<String>, held_too: bool) -> Option<Next> {
    let mut engine = app.engine();
    if engine.outbox.mode == Mode::Hold && !held_too {
        return None;
    }
    let left: Vec<String> = engine
        .outbox
        .pending
        .iter()
        .filter(|waiting| waiting.endpoint == endpoint && !tried.contains(&waiting.event))
        .map(|waiting| waiting.event.clone())
        .collect();
    let at = if engine.outbox.shuffle {
        engine.ids.below(left.len())
    } else {
        0
    };
    ready_to_send(&engine, left.get(at)?, endpoint)
}

/// An event as it leaves; none when the endpoint is gone.
fn ready_to_send(engine: &Engine, id: &str, endpoint: &str) -> Option<Next> {
    let target = engine.target(endpoint)?;
    let body = engine.event_for(id, endpoint).to_string();
    let signature = signature(&target.secret, signing_time(engine), &body);
    Some(Next {
        id: id.to_owned(),
        body,
        url: target.url,
        signature,
        duplicate: engine.outbox.duplicate,
        delay_ms: engine.outbox.delay_ms,
    })
}

/// A fixed clock is shared with the receiver; a running one that was moved on is not.
fn signing_time(engine: &Engine) -> i64 {
    let by_system = engine.outbox.sign_with_system_time.unwrap_or(!engine.time.is_fixed());
    if by_system { system_now() } else { engine.time.now() }
}

/// The `Stripe-Signature` header: HMAC-SHA256 of `time.body` under the endpoint's secret.
pub fn signature(secret: &str, time: i64, body: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(format!("{time}.{body}").as_bytes());
    format!("t={time},v1={}", hex::encode(mac.finalize().into_bytes()))
}

async fn send(app: &App, next: &Next) -> Result<(), String> {
    let answer = app
        .client()
        .post(&next.url)
        .header("Content-Type", "application/json; charset=utf-8")
        .header(
            "User-Agent",
            "Stripe/1.0 (+https://stripe.com/docs/webhooks) fake-stripe",
        )
        .header("Stripe-Signature", &next.signature)
        .body(next.body.clone())
        .send()
        .await;
    match answer {
        Ok(answer) if answer.status().is_success() => Ok(()),
        Ok(answer) => Err(format!("HTTP {}", answer.status().as_u16())),
        Err(error) if error.is_connect() => Err(format!("no connection: {error}")),
        Err(error) => Err(error.to_string()),
    }
}

/// What `GET /_fake/outbox` shows.
pub fn describe(engine: &Engine) -> Value {
    let outbox = &engine.outbox;
    let shown = |id: &str| json!({"id": id, "type": engine.get(id)["type"], "account": engine.get(id)["account"]});
    json!({
        "url": outbox.url, "mode": outbox.mode, "duplicate": outbox.duplicate, "shuffle": outbox.shuffle,
        "delay_ms": outbox.delay_ms,
        "pending": outbox.pending.iter().map(|waiting| {
            let mut event = shown(&waiting.event);
            let endpoint = Some(&waiting.endpoint).filter(|endpoint| *endpoint != CONFIGURED);
            event["endpoint"] = json!(endpoint);
            event["attempts"] = json!(waiting.attempts);
            event["last_error"] = json!(waiting.last_error);
            event
        }).collect::<Vec<_>>(),
        "dropped": outbox.dropped.iter().map(|id| shown(id)).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_signature_is_stripes() {
        // Computed with `printf '%s' '1700000000.{}' | openssl dgst -sha256 -hmac whsec_test`.
        let header = super::signature("whsec_test", 1_700_000_000, "{}");
        assert!(header.starts_with("t=1700000000,v1="));
        assert_eq!(header.len(), "t=1700000000,v1=".len() + 64);
    }
}
