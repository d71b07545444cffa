//! What all routes share: the engine behind a lock, the state file, faults, the log of requests. `App::act` is the only
//! way to the engine; it does what is due, makes one transaction, saves it, and wakes the delivery of events.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::sync::Notify;

use crate::{
    engine::{Engine, snapshot::SavedWhole},
    error::StripeError,
    http::{
        faults::{Fault, Faults},
        idempotency::Remembered,
        limits::Limits,
        request_log::RequestLog,
    },
    state_file,
};

#[derive(Clone)]
pub struct App(Arc<Shared>);

struct Shared {
    engine: Mutex<Engine>,
    remembered: Mutex<Remembered>,
    state: Option<PathBuf>,
    events_wait: Notify,
    event_sent: Notify,
    faults: Mutex<Faults>,
    limits: Mutex<Limits>,
    log: Mutex<RequestLog>,
    /// Whether hosted pages send `Cross-Origin-Opener-Policy: same-origin`, as a real payment page may.
    coop: AtomicBool,
    /// Held while events are sent, so that they leave in order.
    delivering: tokio::sync::Mutex<()>,
    client: reqwest::Client,
}

impl App {
    pub fn new(engine: Engine, remembered: Remembered, state: Option<PathBuf>, client: reqwest::Client) -> Self {
        Self(Arc::new(Shared {
            engine: Mutex::new(engine),
            remembered: Mutex::new(remembered),
            state,
            events_wait: Notify::new(),
            event_sent: Notify::new(),
            faults: Mutex::default(),
            limits: Mutex::default(),
            log: Mutex::default(),
            coop: AtomicBool::new(false),
            delivering: tokio::sync::Mutex::new(()),
            client,
        }))
    }

    /// Changes (or reads) the state in one transaction, which is written to the state file before this returns.
    ///
    /// Errors: what `act` refuses; a 500 when the state file cannot be written.
    pub fn act<T>(&self, act: impl FnOnce(&mut Engine) -> Result<T, StripeError>) -> Result<T, StripeError> {
        let mut engine = self.engine();
        engine.do_due();
        // Only what this transaction does is refused: what was due has happened.
        #[cfg(feature = "validate")]
        let due = crate::validation::news();
        let outcome = engine.transaction(|engine| {
            let outcome = act(engine);
            #[cfg(feature = "validate")]
            crate::validation::refuse_differences()?;
            outcome
        });
        let waiting = !engine.outbox.pending.is_empty();
        let saved = if engine.changed { self.save(&mut engine) } else { Ok(()) };
        drop(engine);
        if waiting {
            self.0.events_wait.notify_one();
        }
        saved?;
        #[cfg(feature = "validate")]
        if let Some(violation) = due {
            return Err(crate::validation::differs(&violation));
        }
        outcome
    }

    /// Reads or changes the state without a transaction (the outbox's book-keeping).
    pub fn engine(&self) -> MutexGuard<'_, Engine> {
        self.0.engine.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes the state file, when there is one.
    pub fn save(&self, engine: &mut Engine) -> Result<(), StripeError> {
        let Some(path) = &self.0.state else { return Ok(()) };
        let remembered = self.remembered();
        let written = engine
            .snapshot(&remembered)
            .map_err(std::io::Error::from)
            .and_then(|state| state_file::write(path, &state));
        written.map_err(|error| {
            tracing::error!(%error, path = %path.display(), "the state file could not be written");
            StripeError::failure("fake-stripe could not write its state file")
        })
    }

    /// Everything there is, as JSON.
    ///
    /// Errors: never in practice; everything is plain JSON.
    pub fn whole_state(&self) -> Result<Vec<u8>, StripeError> {
        let engine = self.engine();
        let (remembered, faults) = (self.remembered(), self.faults());
        serde_json::to_vec(&engine.whole(&remembered, &faults, self.limits().allowed()))
            .map_err(|error| StripeError::invalid(error.to_string()).status(500))
    }

    /// Puts another state in place of this one; answers the time there. What is being delivered is delivered first.
    ///
    /// Errors: a 500 when the state file cannot be written.
    pub async fn replace_state(&self, mut saved: SavedWhole) -> Result<i64, StripeError> {
        let _alone = self.only_deliverer().await;
        let (faults, limits) = (std::mem::take(&mut saved.faults), saved.limits);
        let now = {
            let mut engine = self.engine();
            *self.remembered() = engine.replace(saved);
            *self.faults() = faults;
            self.limits().allow(limits);
            self.save(&mut engine)?;
            engine.now()
        };
        self.wake_delivery();
        Ok(now)
    }

    pub fn remembered(&self) -> MutexGuard<'_, Remembered> {
        self.0.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn faults(&self) -> MutexGuard<'_, Faults> {
        self.0.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The fault that hits a request. Its chances come from the seed, so a run can be repeated.
    pub fn draw_fault(&self, method: &str, path: &str) -> Option<Fault> {
        let mut engine = self.engine();
        let mut faults = self.faults();
        faults.hit(method, path, || {
            f64::from(u32::try_from(engine.ids.below(1_000_000)).unwrap_or(0)) / 1_000_000.0
        })
    }

    pub fn limits(&self) -> MutexGuard<'_, Limits> {
        self.0.limits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn log(&self) -> MutexGuard<'_, RequestLog> {
        self.0.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn cuts_openers_off(&self) -> bool {
        self.0.coop.load(Ordering::Relaxed)
    }

    pub fn cut_openers_off(&self, cut: bool) {
        self.0.coop.store(cut, Ordering::Relaxed);
    }

    pub fn client(&self) -> &reqwest::Client {
        &self.0.client
    }

    pub fn wake_delivery(&self) {
        self.0.events_wait.notify_one();
    }

    pub async fn events_to_deliver(&self) {
        self.0.events_wait.notified().await;
    }

    pub fn event_was_sent(&self) {
        self.0.event_sent.notify_waiters();
    }

    /// Returns when no event is about to leave.
    pub async fn all_sent(&self) {
        loop {
            let mut sent = std::pin::pin!(self.0.event_sent.notified());
            // What is sent from here on is heard.
            sent.as_mut().enable();
            if !self.engine().outbox.is_sending() {
                return;
            }
            sent.await;
        }
    }

    pub async fn only_deliverer(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.0.delivering.lock().await
    }
}
