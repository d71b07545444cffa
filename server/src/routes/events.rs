//! `GET /c/{slug}/events`: tells a page that something changed; what it is, the page asks itself.
//!
//! Changes of this process arrive at once; those of others are found by looking at a mark in the database.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::stream;
use store::{Store, actor::Visitor};
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

use super::signed_in;

/// How soon changes of other processes are found.
const LOOK: Duration = Duration::from_secs(3);
/// The same for who is signed out: there may be many of them, and none waits for a purchase.
const LOOK_FOR_VISITORS: Duration = Duration::from_secs(30);

pub async fn stream(
    State(store): State<Store>,
    State(stopping): State<CancellationToken>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Ok(visitor) = signed_in::visitor(&store, &headers, &slug).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let signed_in = visitor.customer().is_ok();
    let listening = Listening {
        look: if signed_in { LOOK } else { LOOK_FOR_VISITORS },
        changes: store.live().listen(),
        mark: None,
        store,
        visitor,
        signed_in,
        headers,
        slug,
        stopping,
    };
    let events = stream::unfold(listening, |mut listening| async move {
        let event = listening.next().await?;
        Some((Ok::<_, Infallible>(event), listening))
    });
    Sse::new(events).keep_alive(KeepAlive::default()).into_response()
}

struct Listening {
    look: Duration,
    changes: tokio::sync::broadcast::Receiver<store::live::Change>,
    mark: Option<String>,
    store: Store,
    visitor: Visitor,
    signed_in: bool,
    /// The request's, with its session.
    headers: HeaderMap,
    slug: String,
    stopping: CancellationToken,
}

impl Listening {
    async fn next(&mut self) -> Option<Event> {
        loop {
            tokio::select! {
                () = self.stopping.cancelled() => return None,
                change = self.changes.recv() => match change {
                    Ok(change) if !self.visitor.concerns(change) => {}
                    // Having lagged behind, something may have been missed.
                    Ok(_) | Err(RecvError::Lagged(_)) => {
                        self.look_again().await;
                        if self.is_over().await {
                            return None;
                        }
                        self.mark = self.store.mark(&self.visitor).await.ok();
                        return Some(changed());
                    }
                    Err(RecvError::Closed) => return None,
                },
                () = tokio::time::sleep(self.look) => {
                    if self.is_over().await {
                        return None;
                    }
                    let Ok(now) = self.store.mark(&self.visitor).await else { continue };
                    let before = self.mark.replace(now.clone());
                    if before.is_some_and(|before| before != now) {
                        self.look_again().await;
                        return Some(changed());
                    }
                }
            }
        }
    }

    /// Whether the session ended that this began with: what it may hear of has ended as well.
    async fn is_over(&self) -> bool {
        // A database that does not answer now says nothing about anybody.
        let session = signed_in::session(&self.store, &self.headers).await;
        self.signed_in && session.is_ok_and(|session| session.signed_in().is_none())
    }

    /// What changed may be what they may do, and so what concerns them.
    async fn look_again(&mut self) {
        if let Ok(visitor) = signed_in::visitor(&self.store, &self.headers, &self.slug).await {
            self.visitor = visitor;
        }
    }
}

fn changed() -> Event {
    Event::default().data("changed")
}
