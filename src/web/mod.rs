//! What is served over HTTP. Every route stands on this page.

mod access;
mod api;
mod asset;
mod charts;
pub mod connections;
mod events;
mod health;
mod operations;
mod page;
mod queue;
mod receive;
pub mod setup;
pub mod sign_in;
mod status;
mod ticket;
mod tokens;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{map_response, map_response_with_state};
use axum::routing::{any, get, post};
use secrecy::SecretString;
use tokio::sync::Semaphore;

use crate::clock::Clock;
use crate::engine::{Engine, Stop};
use crate::settings::ShownSetting;
pub use page::Layout;
use setup::SetUp;
use sign_in::{Chance, Entrance, Seal};

/// GitHub never sends more.
pub const BODY_BYTES_MAX: usize = 25 << 20;

/// No form of the staff pages is longer.
const FORM_BYTES_MAX: usize = 64 << 10;

/// How the staff pages are served.
pub struct Pages {
    /// Who may come in.
    pub entrance: Entrance,
    /// What cookies and forms are sealed with.
    pub seal: Seal,
    /// The time by which people are signed in. The demo's own clock jumps.
    pub clock: Clock,
    /// Where unguessable bytes come from.
    pub chance: Chance,
    /// Whether browsers reach the pages over HTTPS, so that cookies may go nowhere else.
    pub is_https: bool,
    /// Where people reach the pages from outside, without a slash at its end.
    pub public_url: Option<String>,
    /// The tracker of the demo: those who are not signed in come there first, and pages lead back.
    pub tracker: Option<String>,
    /// The templates.
    pub layout: Layout,
    /// What the operator set, without what is secret.
    pub settings: Vec<ShownSetting>,
    /// Ends what would go on for ever.
    pub stop: Stop,
}

impl Pages {
    fn now(&self) -> jiff::Timestamp {
        (self.clock)()
    }

    /// Where GitHub sends people back to; none for the address the App names.
    fn callback(&self) -> Option<String> {
        self.public_url.as_ref().map(|url| format!("{url}/sign-in/callback"))
    }
}

/// What the handlers share.
#[derive(Clone)]
pub struct Web {
    engine: Arc<Engine>,
    secrets: Arc<[SecretString]>,
    pages: Arc<Pages>,
    large_bodies: Arc<Semaphore>,
}

impl Web {
    /// What the handlers share. `secrets` of webhooks are tried each, so that they can be rotated.
    pub fn new(engine: Arc<Engine>, secrets: Vec<SecretString>, pages: Pages) -> Self {
        Self {
            engine,
            secrets: secrets.into(),
            pages: Arc::new(pages),
            large_bodies: Arc::new(Semaphore::new(receive::LARGE_BODIES_MAX)),
        }
    }
}

/// The routes of `serve` and `demo`.
pub fn router(web: Web) -> Router {
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
        .route("/assets/{file}", get(asset::show))
        .nest("/api/v1", api::routes().layer(map_response(api::finish)))
        .merge(staff_routes(&web))
        .with_state(web)
}

/// The pages of those who run the desk.
fn staff_routes(web: &Web) -> Router<Web> {
    Router::new()
        .route("/", get(queue::page))
        .route("/charts", get(charts::page))
        .route("/charts/{file}", get(charts::csv))
        .route("/events", get(events::changes))
        .route("/operations", get(operations::page))
        .route("/operations/again", post(operations::again))
        .route("/tickets/{owner}/{repository}/{number}", get(ticket::page))
        .route("/tickets/{owner}/{repository}/{number}/preview", get(ticket::preview))
        .route("/tickets/{owner}/{repository}/{number}/press", post(ticket::press))
        .route("/tickets/{owner}/{repository}/{number}/retry", post(ticket::retry))
        .route("/tokens", get(tokens::page).post(tokens::make))
        .route("/tokens/revoke", post(tokens::revoke))
        .route("/sign-in", get(sign_in::start))
        .route("/sign-in/callback", get(sign_in::callback))
        .route("/sign-in/once/{token}", get(sign_in::once))
        .route("/sign-out", post(sign_in::out))
        .route("/signed-out", get(sign_in::signed_out))
        .route("/setup", get(setup::is_over))
        .route("/setup/{*rest}", get(setup::is_over))
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .layer(map_response_with_state(web.clone(), page::finish))
}

/// The routes of set-up mode.
pub fn setup_router(setup: Arc<SetUp>) -> Router {
    Router::new()
        .route("/healthz", get(health::healthz))
        .route("/readyz", any(setup::not_ready))
        .route("/webhooks/github", any(setup::not_ready))
        .route("/setup", get(setup::start))
        .route("/setup/once/{token}", get(setup::once))
        .route("/setup/created", get(setup::created))
        .route("/setup/assets/{file}", get(asset::show))
        .fallback(setup::not_here)
        .layer(map_response_with_state(setup.clone(), setup::finish))
        .with_state(setup)
}

/// What is said at every other address.
pub fn with_nothing_elsewhere(router: Router, web: Web) -> Router {
    router.fallback_service(Router::new().fallback(page::nothing_here).with_state(web))
}
