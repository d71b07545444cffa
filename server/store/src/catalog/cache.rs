//! Which prices an account can charge, kept between page views.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

use chrono::Duration;
use model::{Timestamp, id::ConnectionId};

use crate::{Store, connect::Connection};

/// Other processes hear of a change by this at the latest.
const KEPT: Duration = Duration::minutes(10);

type Prices = Arc<HashSet<String>>;

/// One entry for each connection.
#[derive(Debug, Default)]
pub(crate) struct CatalogCache(Mutex<HashMap<ConnectionId, (Timestamp, Prices)>>);

impl CatalogCache {
    fn get(&self, connection: ConnectionId, now: Timestamp) -> Option<Prices> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(&connection)
            .filter(|(since, _)| now - *since < KEPT)
            .map(|(_, prices)| Arc::clone(prices))
    }

    fn keep(&self, connection: ConnectionId, now: Timestamp, prices: &Prices) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(connection, (now, Arc::clone(prices)));
    }

    /// Something about the account's prices changed.
    pub(crate) fn forget(&self, connection: ConnectionId) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&connection);
    }
}

impl Store {
    /// Ids of the prices that can be charged: active, and of an active product. `None` when Stripe cannot be asked.
    pub(crate) async fn chargeable_prices(&self, connection: &Connection) -> Option<Prices> {
        if connection.disconnected {
            return None;
        }
        let now = self.now();
        if let Some(prices) = self.catalog_cache().get(connection.id, now) {
            return Some(prices);
        }
        match self
            .noticing(connection, self.on(connection).active_prices().await)
            .await
        {
            Ok(prices) => {
                let prices = Arc::new(prices.into_iter().collect());
                self.catalog_cache().keep(connection.id, now, &prices);
                Some(prices)
            }
            Err(error) => {
                tracing::warn!(%error, account = connection.account, "the catalog is shown without asking Stripe");
                None
            }
        }
    }
}
