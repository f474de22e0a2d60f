//! The stand-in GitHub: the only fake of the project, for tests and for `keydesk demo`.
//!
//! Start reading at [`Sandbox`]. `state` is the machine in memory, without HTTP; `github` is the
//! bot's way to it within one process, `listing` what is long of it, `calls` its log; `rest` serves it as api.github.com would; `webhooks` sends
//! its events, signed, to the bot; `pages` are a small tracker to look at and click in; `faults`
//! lets things go wrong on purpose; `clock` is the time all of them share.
//!
//! **Invariants.** Real time is read in `clock` only. Nothing leaves the machine but the webhooks,
//! and those go to the address in the settings.

mod calls;
pub mod clock;
pub mod faults;
pub mod github;
mod in_memory;
mod listing;
mod pages;
pub mod payload;
mod rest;
pub mod seed;
pub mod state;
mod webhooks;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;

use clock::{Clock, Flow};
use state::{Permission, State};

/// How a sandbox is set up.
#[derive(Clone, Debug)]
pub struct SandboxSettings {
    /// The App's number.
    pub app_id: u64,
    /// The App's name in addresses; its account is `<slug>[bot]`.
    pub app_slug: String,
    /// The number of its one installation.
    pub installation_id: u64,
    /// The App's public key (PKCS#1, DER); with it the signatures of its tokens are checked.
    pub app_public_key: Option<Vec<u8>>,
    /// The App's private key in PEM, which whoever makes an App from a manifest is handed.
    pub app_private_key: String,
    /// Where webhooks go; nowhere without.
    pub webhook_url: Option<String>,
    /// What webhooks are signed with.
    pub webhook_secret: String,
    /// What webhooks are said to be sent as: `json` or `form`. They are sent as JSON.
    pub webhook_content_type: String,
    /// Whether the webhook is said to look at certificates.
    pub checks_certificates: bool,
    /// What the App is subscribed to.
    pub events: Vec<String>,
    /// Since when the owner has suspended the installation.
    pub suspended_at: Option<Timestamp>,
    /// The time at which the sandbox begins.
    pub start: Timestamp,
    /// Whether its clock moves by itself.
    pub flow: Flow,
    /// Where the REST face is served, as payloads name it.
    pub api_url: String,
    /// Where the pages are served, as payloads name it.
    pub pages_url: String,
    /// Where the bot's own pages are, to which people come back who sign in; nowhere without.
    pub desk_url: Option<String>,
    /// The name and the secret of the App's client for signing in.
    pub oauth_client: (String, String),
    /// Requests a token has in an hour.
    pub requests_per_hour: u64,
    /// Content-creating requests a token has in a minute and in an hour.
    pub content_limits: (usize, usize),
    /// What the App is not allowed.
    pub lacking: BTreeSet<Permission>,
}

impl SandboxSettings {
    /// Settings for a sandbox that begins at `start`; the addresses are still those of nowhere.
    #[must_use]
    pub fn starting_at(start: Timestamp) -> Self {
        Self {
            app_id: 4242,
            app_slug: "keydesk".to_owned(),
            installation_id: 77,
            app_public_key: None,
            app_private_key: String::new(),
            webhook_url: None,
            webhook_secret: "sandbox".to_owned(),
            webhook_content_type: "json".to_owned(),
            checks_certificates: true,
            events: payload::EVENTS.map(str::to_owned).into(),
            suspended_at: None,
            start,
            flow: Flow::Still,
            api_url: "http://127.0.0.1/api".to_owned(),
            pages_url: "http://127.0.0.1".to_owned(),
            desk_url: None,
            oauth_client: ("Iv1.sandbox".to_owned(), "sandbox-client-secret".to_owned()),
            requests_per_hour: 5_000,
            content_limits: (80, 500),
            lacking: BTreeSet::new(),
        }
    }

    /// The login of the App's account.
    #[must_use]
    pub fn bot_login(&self) -> String {
        format!("{}[bot]", self.app_slug)
    }
}

/// A handle on one sandbox; a clone is the same sandbox.
#[derive(Clone, Debug)]
pub struct Sandbox {
    state: Arc<Mutex<State>>,
    clock: Clock,
    queued: Arc<Notify>,
}

impl Sandbox {
    /// An empty GitHub.
    #[must_use]
    pub fn new(settings: SandboxSettings) -> Self {
        let clock = Clock::starting_at(settings.start, settings.flow);
        Self::with_clock(settings, clock)
    }

    /// An empty GitHub on a clock that is there already.
    #[must_use]
    pub fn with_clock(settings: SandboxSettings, clock: Clock) -> Self {
        let state = Arc::new(Mutex::new(State::new(settings)));
        Self { state, clock, queued: Arc::new(Notify::new()) }
    }

    /// Looks at the state or changes it; events that come of it are sent by whoever delivers.
    pub fn with<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = look(&mut state);
        if state.events_waiting() > 0 {
            self.queued.notify_one();
        }
        answer
    }

    /// The REST face, with `/graphql` below it; links in answers follow the path it is nested
    /// under. Where that ends in `/api/v3`, serve [`Sandbox::api_at`] instead.
    pub fn router(&self) -> axum::Router {
        rest::router(self.clone())
    }

    /// The REST face under a path such as `/api/v3`, and GraphQL where GitHub has it then: at
    /// `/api/graphql` on Enterprise Server, below the base elsewhere.
    pub fn api_at(&self, base: &str) -> axum::Router {
        let rest = axum::Router::new().nest(base, self.router());
        match base.strip_suffix("/v3") {
            Some(above) if above.ends_with("/api") => {
                rest.nest(above, rest::graphql_router(self.clone()))
            }
            Some(_) | None => rest,
        }
    }

    /// The pages of the demo's tracker, to be nested under any path.
    pub fn pages(&self) -> axum::Router {
        pages::router(self.clone())
    }

    /// The same without a page at `/`, to stand beside the bot's own pages; its first is `/tracker`.
    pub fn tracker(&self) -> axum::Router {
        pages::tracker(self.clone())
    }

    /// The page at which people sign in, and what is behind it, as they are beside `/api/v3`.
    pub fn sign_in(&self) -> axum::Router {
        pages::sign_in_router(self.clone())
    }

    /// The pages at which Apps are made from a manifest, beside those of signing in.
    pub fn app_making(&self) -> axum::Router {
        pages::manifest_router(self.clone())
    }

    /// The clock everybody around this sandbox shares.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The time in the sandbox.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Moves the sandbox's clock.
    pub fn move_clock(&self, by: SignedDuration) {
        self.clock.move_by(by);
    }
}
