//! What is served over HTTP. Every route stands on this page.

mod health;
mod receive;
mod status;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use secrecy::SecretString;

use crate::engine::Engine;

/// GitHub never sends more.
pub const BODY_BYTES_MAX: usize = 25 << 20;

/// What the handlers share.
#[derive(Clone)]
pub struct Web {
    engine: Arc<Engine>,
    secrets: Arc<[SecretString]>,
}

/// The routes of `serve`. `secrets` are tried each, so that they can be rotated.
pub fn router(engine: Arc<Engine>, secrets: Vec<SecretString>) -> Router {
    let web = Web { engine, secrets: secrets.into() };
    Router::new()
        .route(
            "/webhooks/github",
            post(receive::receive).layer(DefaultBodyLimit::max(BODY_BYTES_MAX)),
        )
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(health::metrics))
        .route("/status/{owner}/{repository}/{number}", get(status::page))
        .route("/badge/{owner}/{repository}/{file}", get(status::badge))
        .with_state(web)
}
