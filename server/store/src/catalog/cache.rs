//! Which prices an account can charge, kept between page views.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::Duration;
use model::{Timestamp, id::ConnectionId};

use crate::{Store, connect::Connection};

/// Other processes hear of a change by this at the latest.
const KEPT: Duration = Duration::minutes(10);

type Prices = Arc<HashSet<String>>;

/// One entry for each connection.
#[derive(Debug, Default)]
pub(crate) struct CatalogCache(Mutex<HashMap<ConnectionId, Entry>>);

#[derive(Debug, Default)]
struct Entry {
    kept: Option<(Timestamp, Prices)>,
    /// How often it was forgotten: what was asked for before is not kept after.
    forgotten: u64,
    /// How often Stripe could not be asked.
    failed: u64,
    /// One asks at a time, however many look.
    asking: Arc<tokio::sync::Mutex<()>>,
}

impl CatalogCache {
    fn entries(&self) -> MutexGuard<'_, HashMap<ConnectionId, Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with<T>(&self, connection: ConnectionId, look: impl FnOnce(&mut Entry) -> T) -> T {
        look(self.entries().entry(connection).or_default())
    }

    fn get(&self, connection: ConnectionId, now: Timestamp) -> Option<Prices> {
        let entries = self.entries();
        let (since, prices) = entries.get(&connection)?.kept.as_ref()?;
        (now - *since < KEPT).then(|| Arc::clone(prices))
    }

    /// Something about the account's prices changed.
    pub(crate) fn forget(&self, connection: ConnectionId) {
        self.with(connection, |entry| {
            entry.kept = None;
            entry.forgotten += 1;
        });
    }
}

impl Store {
    /// Ids of the prices that can be charged: active, and of an active product. `None` when Stripe cannot be asked.
    pub(crate) async fn chargeable_prices(&self, connection: &Connection) -> Option<Prices> {
        if connection.disconnected {
            return None;
        }
        let (id, cache) = (connection.id, self.catalog_cache());
        if let Some(prices) = cache.get(id, self.now()) {
            return Some(prices);
        }
        let (asking, failed_before) = cache.with(id, |entry| (Arc::clone(&entry.asking), entry.failed));
        let _alone = asking.lock().await;
        // Whoever asked meanwhile asked for everybody.
        if let Some(prices) = cache.get(id, self.now()) {
            return Some(prices);
        }
        let (failed, forgotten) = cache.with(id, |entry| (entry.failed, entry.forgotten));
        if failed != failed_before {
            return None;
        }
        let now = self.now();
        match self
            .noticing(connection, self.on(connection).active_prices().await)
            .await
        {
            Ok(prices) => {
                let prices = Arc::new(prices.into_iter().collect());
                cache.with(id, |entry| {
                    if entry.forgotten == forgotten {
                        entry.kept = Some((now, Arc::clone(&prices)));
                    }
                });
                Some(prices)
            }
            Err(error) => {
                tracing::warn!(%error, account = connection.account, "the catalog is shown without asking Stripe");
                cache.with(id, |entry| entry.failed += 1);
                None
            }
        }
    }
}
