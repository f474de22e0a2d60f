//! What webhooks are sent with, well signed or not, and what their payloads look like.

use axum::body::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, Request, Uri};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};

use super::stand_in::{BODY, SECRET};

/// A client for one keydesk.
#[derive(Clone)]
pub(super) struct Wire {
    pub(super) base: Uri,
    client: Client<HttpConnector, Full<Bytes>>,
}

pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) text: String,
}

/// What waits in keydesk.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Depths {
    pub(super) deliveries: i64,
    pub(super) actions: i64,
    pub(super) set_aside: i64,
}

/// One delivery, to be spoilt at will before it is sent.
#[derive(Clone)]
pub(super) struct Hook {
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Bytes,
}

impl Hook {
    /// A delivery as GitHub sends it.
    pub(super) fn new(event: &str, guid: &str, body: impl Into<Bytes>) -> Self {
        let body = body.into();
        let headers = vec![
            ("x-github-event", event.to_owned()),
            ("x-github-delivery", guid.to_owned()),
            ("x-hub-signature-256", signature(SECRET, &body)),
            ("content-type", "application/json".to_owned()),
        ];
        Self { headers, body }
    }

    /// A delivery that tells of an opened request.
    pub(super) fn opened(guid: &str, issue: u64) -> Self {
        Self::new("issues", guid, opened(issue).to_string())
    }

    /// The same with another header, or without it.
    pub(super) fn with(mut self, name: &'static str, value: Option<&str>) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.extend(value.map(|value| (name, value.to_owned())));
        self
    }
}

/// The header that goes with a body.
pub(super) fn signature(secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
    mac.update(body);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

/// The payload of an opened request in a repository the stand-in does not know.
pub(super) fn opened(issue: u64) -> Value {
    let person = json!({"id": 7, "login": "ada", "type": "User"});
    json!({
        "action": "opened",
        "issue": {
            "id": issue, "number": issue, "title": "help", "body": BODY, "state": "open",
            "html_url": "https://github.com/x/y/issues/1", "user": person, "labels": [],
            "created_at": "2026-11-20T10:00:00Z", "updated_at": "2026-11-20T10:00:00Z",
        },
        "repository": {"id": 5, "full_name": "x/y", "private": false, "default_branch": "main"},
        "installation": {"id": 77},
        "sender": person,
    })
}

impl Wire {
    pub(super) fn to(base: &str) -> Self {
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { base: base.parse().expect("an address"), client }
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        let request = Request::get(format!("{}{path}", self.base)).body(Full::default());
        self.send(request.expect("a request")).await
    }

    pub(super) async fn post(&self, hook: &Hook) -> Answer {
        let mut request = Request::post(format!("{}webhooks/github", self.base));
        for (name, value) in &hook.headers {
            request = request.header(*name, value.as_bytes());
        }
        self.send(request.body(Full::new(hook.body.clone())).expect("a request")).await
    }

    pub(super) async fn status(&self, hook: &Hook) -> u16 {
        self.post(hook).await.status
    }

    /// An answer; status 0 where none came.
    pub(super) async fn send(&self, request: Request<Full<Bytes>>) -> Answer {
        let nothing = |error: String| Answer { status: 0, headers: HeaderMap::new(), text: error };
        let response = match self.client.request(request).await {
            Ok(response) => response,
            Err(error) => return nothing(format!("{error:?}")),
        };
        let (parts, body) = response.into_parts();
        match body.collect().await {
            Ok(body) => {
                let text = String::from_utf8_lossy(&body.to_bytes()).into_owned();
                Answer { status: parts.status.as_u16(), headers: parts.headers, text }
            }
            Err(error) => nothing(error.to_string()),
        }
    }

    /// What waits, by `/metrics`; nothing of it where the page does not come.
    pub(super) async fn depths(&self) -> Depths {
        let page = self.get("metrics").await.text;
        let depth = |queue: &str| {
            let start = format!("keydesk_queue_depth{{queue=\"{queue}\"}} ");
            let line = page.lines().find_map(|line| line.strip_prefix(&start));
            line.and_then(|number| number.parse().ok()).unwrap_or(-1)
        };
        Depths {
            deliveries: depth("deliveries"),
            actions: depth("actions"),
            set_aside: depth("set_aside"),
        }
    }
}
