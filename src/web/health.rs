//! Whether the service lives, whether it can work, and its figures.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::Web;
use crate::store::{Measure, StoreError};

/// The process is alive.
pub(super) async fn healthz() -> &'static str {
    "alive\n"
}

/// The store answers, and so the desk can take webhooks.
pub(super) async fn readyz(State(web): State<Web>) -> Response {
    match web.engine.store().ping().await {
        Ok(()) => "ready\n".into_response(),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n").into_response()
        }
    }
}

/// Figures as Prometheus reads them.
pub(super) async fn metrics(State(web): State<Web>) -> Response {
    if let Err(error) = measure(&web).await {
        tracing::error!(%error, "the queues could not be counted");
    }
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], web.engine.metrics().text()).into_response()
}

async fn measure(web: &Web) -> Result<(), StoreError> {
    let metrics = web.engine.metrics();
    let depths = web.engine.store().depths(web.engine.now()).await?;
    let limits = web.engine.limits();
    let budgets = [
        ("content_per_minute", limits.per_minute, depths.writes.0),
        ("content_per_hour", limits.per_hour, depths.writes.1),
    ];
    for (kind, limit, made) in budgets {
        if let Some(limit) = limit {
            metrics.set_budget(kind, (i64::from(limit) - made).max(0));
        }
    }
    if let Some(count) = web.engine.store().round_trips() {
        metrics.set_round_trips(count);
    }
    metrics.set_queue_depth("deliveries", depths.deliveries_waiting);
    metrics.set_queue_depth("set_aside", depths.deliveries_set_aside);
    metrics.set_queue_depth("actions", depths.actions_waiting);
    for turn in ["maintainers", "requester", "nobody"] {
        let depth = depths.turns.iter().find(|depth| depth.turn == turn);
        let oldest =
            depth.map_or(0, |depth| web.engine.now().duration_since(depth.oldest).as_secs().max(0));
        metrics.set_turn(turn, depth.map_or(0, |depth| depth.count), oldest);
    }
    for measure in Measure::ALL {
        let waits = web.engine.store().waits_lately(None, measure, web.engine.now()).await?;
        let hours = waits.map(|waits| (waits.half_hours, waits.most_hours));
        metrics.set_waiting(measure.name(), waits.map_or(0, |waits| waits.count), hours);
    }
    Ok(())
}
