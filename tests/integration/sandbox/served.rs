//! A served sandbox and a small client for it.

use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::State as Shared;
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, Method, Request};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use jiff::Timestamp;
use keydesk::sandbox::state::{Actor, NewIssue, RepositoryName};
use keydesk::sandbox::{Sandbox, SandboxSettings};
use serde_json::{Value, json};

pub(super) const SUPPORT: &str = "/repos/acme/support";

pub(super) fn support() -> RepositoryName {
    RepositoryName::new("acme", "support")
}

pub(super) fn start() -> Timestamp {
    "2026-11-23T09:00:00.5Z".parse().expect("a time")
}

/// An answer, with its body as JSON or null.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Value,
    pub(super) text: String,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

pub(super) type Received = Arc<Mutex<Vec<(HeaderMap, Bytes)>>>;

/// A served sandbox, with somebody who listens to its webhooks.
pub(super) struct Served {
    pub(super) sandbox: Sandbox,
    pub(super) home: String,
    pub(super) token: String,
    pub(super) received: Received,
    client: Client<HttpConnector, Full<Bytes>>,
}

impl Served {
    pub(super) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let home = format!("http://{}", listener.local_addr().expect("an address"));
        let mut settings = SandboxSettings::starting_at(start());
        settings.api_url = format!("{home}/api/v3");
        settings.pages_url = format!("{home}/github");
        settings.webhook_url = Some(format!("{home}/hook"));
        let sandbox = Sandbox::new(settings);
        let token = sandbox.with(|state| {
            state.seed_demo(start(), None).expect("a seeded tracker");
            state.create_installation_token(start()).0
        });
        let received = Received::default();
        let hook =
            post(async |Shared(received): Shared<Received>, headers: HeaderMap, body: Bytes| {
                received.lock().expect("no panic").push((headers, body));
            });
        let service = axum::Router::new()
            .route("/hook", hook)
            .with_state(received.clone())
            .merge(sandbox.api_at("/api/v3"))
            .nest("/github", sandbox.pages());
        tokio::spawn(async move { axum::serve(listener, service).await });
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { sandbox, home, token, received, client }
    }

    pub(super) async fn send(&self, request: Request<Full<Bytes>>) -> Option<Answer> {
        let response = self.client.request(request).await.ok()?;
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.ok()?.to_bytes();
        Some(Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
            text: String::from_utf8_lossy(&bytes).into_owned(),
        })
    }

    pub(super) fn request(&self, route: &str, token: &str, body: Value) -> Request<Full<Bytes>> {
        let (method, path) = route.split_once(' ').expect("METHOD /path");
        let body = if body.is_null() { String::new() } else { body.to_string() };
        Request::builder()
            .method(Method::from_bytes(method.as_bytes()).expect("a method"))
            .uri(format!("{}/api/v3{path}", self.home))
            .header("authorization", format!("Bearer {token}"))
            .header("user-agent", "keydesk-test")
            .header("x-github-api-version", "2022-11-28")
            .body(Full::new(body.into()))
            .expect("a request")
    }

    pub(super) async fn try_call(&self, route: &str, body: Value) -> Option<Answer> {
        self.send(self.request(route, &self.token, body)).await
    }

    pub(super) async fn call(&self, route: &str, body: Value) -> Answer {
        self.try_call(route, body).await.expect("an answer")
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        self.call(&format!("GET {path}"), Value::Null).await
    }

    pub(super) async fn owner_call(&self, route: &str) -> Answer {
        let token = app_token(4242, start(), 540);
        self.send(self.request(route, &token, Value::Null)).await.expect("an answer")
    }

    /// Opens an issue as the requester, or as whom the login says.
    pub(super) fn open(&self, title: &str) -> u64 {
        let now = self.sandbox.now();
        self.sandbox.with(|state| {
            let mut ada = state.acting(Actor::Person("ada-locked-out".to_owned()), now);
            let new = NewIssue { title: title.to_owned(), ..NewIssue::default() };
            ada.create_issue(&support(), new).expect("an issue")
        })
    }

    /// Names and actions of the events queued since the last look.
    pub(super) fn events(&self) -> Vec<String> {
        let events = self.sandbox.with(|state| state.take_events());
        let name = |action: &Option<String>| action.clone().map(|it| format!(".{it}"));
        events.iter().map(|it| it.event.clone() + &name(&it.action).unwrap_or_default()).collect()
    }
}

/// A token of the App that is signed by nobody.
pub(super) fn app_token(issuer: u64, now: Timestamp, seconds: i64) -> String {
    let encoded = |part: Value| URL_SAFE_NO_PAD.encode(part.to_string());
    let claims = json!({
        "iss": issuer.to_string(), "iat": now.as_second() - 30, "exp": now.as_second() + seconds,
    });
    format!("{}.{}.c2ln", encoded(json!({ "alg": "RS256", "typ": "JWT" })), encoded(claims))
}
