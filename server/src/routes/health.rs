//! Is it alive, is it ready, how is it doing.

use axum::{extract::State, http::StatusCode};
use metrics_exporter_prometheus::PrometheusHandle;
use store::Store;

use crate::migrate;

pub async fn alive() -> &'static str {
    "alive\n"
}

/// The database answers and its schema is ours.
pub async fn ready(State(store): State<Store>) -> (StatusCode, &'static str) {
    if migrate::is_up_to_date(store.database()).await {
        (StatusCode::OK, "ready\n")
    } else {
        (
            StatusCode::SERVICE_UNAVAILABLE,
            "not ready: the database does not answer, or migrations are pending\n",
        )
    }
}

/// Prometheus text.
pub async fn metrics(State(metrics): State<PrometheusHandle>, State(store): State<Store>) -> String {
    if let Ok(queue) = store.queue_state().await {
        #[expect(clippy::cast_precision_loss, reason = "a gauge of how many")]
        {
            metrics::gauge!("jobs_waiting").set(queue.waiting as f64);
            metrics::gauge!("jobs_needing_attention").set(queue.needs_attention as f64);
        }
    }
    metrics.render()
}
