//! The stand-in GitHub over HTTP, in this very process: counted, slowed down, or hanging.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use http::Method;
use keydesk::sandbox::clock::Flow;
use keydesk::sandbox::seed::tracker;
use keydesk::sandbox::state::{AccountKind, Actor, NewIssue, Role};
use keydesk::sandbox::{Sandbox, SandboxSettings};

use crate::desk::SECRET;

/// What a locked-out person writes.
pub(crate) const BODY: &str = "### PyPI Username\n\nada\n\n### Reason for request\n\nI lost my phone \
    with the authenticator app and I have no recovery codes.\n\n### Recovery Codes\n\n- [x] I never \
    generated or have lost access to the recovery codes for my account\n\n### Code of Conduct\n\n\
    - [x] I agree to follow the PSF Code of Conduct\n\n### Acknowledgement\n\n- [x] I understand \
    that it may take a significant amount of time to process my account recovery request.";

/// The tracker's name in addresses.
pub(crate) fn tracker_name() -> String {
    let tracker = tracker();
    format!("{}/{}", tracker.owner, tracker.name)
}

/// One request of the bot.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) came: Instant,
    pub(crate) answered: Option<Instant>,
}

/// What happens between the bot and the stand-in.
#[derive(Default)]
struct Line {
    delay_ms: AtomicU64,
    hangs: AtomicBool,
    asked: Mutex<Vec<Asked>>,
}

/// A served stand-in with the demo's tracker.
pub(crate) struct GitHub {
    pub(crate) sandbox: Sandbox,
    pub(crate) api_url: String,
    pub(crate) token: String,
    line: Arc<Line>,
}

impl GitHub {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let home = format!("http://{}", listener.local_addr().expect("an address"));
        let api_url = format!("{home}/api/v3");
        let start = keydesk::clock::system()();
        let sandbox = Sandbox::new(SandboxSettings {
            flow: Flow::Flowing,
            webhook_secret: SECRET.to_owned(),
            api_url: api_url.clone(),
            requests_per_hour: 100_000_000,
            content_limits: (100_000_000, 100_000_000),
            ..SandboxSettings::starting_at(start)
        });
        let token = sandbox.with(|state| {
            state.seed_demo(start, None).expect("a tracker");
            let login = SandboxSettings::starting_at(start).bot_login();
            let role = state.acting(Actor::App, start).give_role(&tracker(), &login, Role::Write);
            role.expect("a role");
            state.create_personal_token(&login)
        });
        let line = Arc::new(Line::default());
        let service = axum::Router::new()
            .merge(sandbox.api_at("/api/v3"))
            .layer(from_fn_with_state(Arc::clone(&line), pass));
        tokio::spawn(async move { axum::serve(listener, service).await });
        let delivering = sandbox.clone();
        tokio::spawn(async move { delivering.keep_delivering().await });
        Self { sandbox, api_url, token, line }
    }

    /// How the bot reaches it.
    pub(crate) fn access(&self) -> (&str, &str) {
        (&self.api_url, &self.token)
    }

    /// Where webhooks go from now on.
    pub(crate) fn send_webhooks_to(&self, port: Option<u16>) {
        let url = port.map(|port| format!("http://127.0.0.1:{port}/webhooks/github"));
        self.sandbox.with(|state| state.settings.webhook_url = url);
    }

    /// How long each answer takes from now on.
    pub(crate) fn delay_answers(&self, delay: Duration) {
        self.line.delay_ms.store(delay.as_millis() as u64, Ordering::Relaxed);
    }

    /// Answers nothing any more.
    pub(crate) fn hang(&self) {
        self.line.hangs.store(true, Ordering::Relaxed);
    }

    /// What was asked since it was last forgotten.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.line.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Begins to count anew.
    pub(crate) fn forget_asked(&self) {
        self.line.asked.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Files a request of a person who has none yet.
    pub(crate) fn file(&self, login: &str) -> u64 {
        let now = self.sandbox.now();
        self.sandbox.with(|state| {
            state.add_user(login, AccountKind::User);
            let new = NewIssue {
                title: "I am locked out".to_owned(),
                body: Some(BODY.replacen("ada", login, 1)),
                labels: vec!["account-recovery".to_owned()],
                ..NewIssue::default()
            };
            let mut person = state.acting(Actor::Person(login.to_owned()), now);
            person.create_issue(&tracker(), new).expect("an issue")
        })
    }

    /// Somebody comments.
    pub(crate) fn comment(&self, (login, number): (&str, u64), text: &str) {
        let now = self.sandbox.now();
        self.sandbox.with(|state| {
            let mut person = state.acting(Actor::Person(login.to_owned()), now);
            person.create_comment(&tracker().issue(number), text).expect("a comment");
        });
    }

    /// How many comments there are.
    pub(crate) fn comments(&self) -> u64 {
        self.sandbox.with(|state| {
            let repository = state.find_repository(&tracker()).expect("the tracker");
            let comments = repository.issues.iter().map(|issue| issue.comments.len() as u64);
            comments.sum()
        })
    }

    /// Waits until every webhook was answered.
    pub(crate) async fn wait_until_told(&self) {
        while self.sandbox.with(|state| state.events_waiting()) > 0 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
}

async fn pass(State(line): State<Arc<Line>>, request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let index = {
        let mut asked = line.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.push(Asked { method, path, came: Instant::now(), answered: None });
        asked.len() - 1
    };
    if line.hangs.load(Ordering::Relaxed) {
        std::future::pending::<()>().await;
    }
    let delay = line.delay_ms.load(Ordering::Relaxed);
    if delay > 0 {
        tokio::time::sleep(Duration::from_millis(delay)).await;
    }
    let response = next.run(request).await;
    let mut asked = line.asked.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(asked) = asked.get_mut(index) {
        asked.answered = Some(Instant::now());
    }
    response
}
