//! Spans as OTLP has them over HTTP in JSON, sent in batches beside the work. What cannot be sent is
//! dropped: traces never hold up a delivery.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request};
use http_body_util::Full;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::sync::{mpsc, oneshot};

use super::Of;
use crate::clock;
use crate::github::transport::{Connection, connection};

/// So many spans wait at most; further ones are dropped.
const WAITING_MAX: usize = 4_096;
/// So many are sent at once.
const BATCH_MAX: usize = 256;
/// None waits longer than this.
const BATCH_EVERY: Duration = Duration::from_secs(2);
const SEND_WITHIN: Duration = Duration::from_secs(5);
/// So many actions are remembered with the delivery they come of.
const LINKS_MAX: usize = 10_000;
/// The number of a kind of span: work within a process.
const INTERNAL: u8 = 1;

static OUTBOX: OnceLock<mpsc::Sender<Note>> = OnceLock::new();
static LINKS: Mutex<Links> = Mutex::new(Links { of: None, order: VecDeque::new() });
static STEPS: AtomicU64 = AtomicU64::new(0);

enum Note {
    Span(Value),
    /// Send what is there, and say so.
    Flush(oneshot::Sender<()>),
}

/// Deliveries by the keys of actions that come of them; the oldest go first.
struct Links {
    of: Option<HashMap<String, String>>,
    order: VecDeque<String>,
}

/// A step that was begun.
#[derive(Debug)]
pub struct Step {
    began: i128,
}

impl Step {
    /// Begins one.
    pub fn begin() -> Self {
        Self { began: now() }
    }

    /// Ends it: what it was, what it was about, and how it ended.
    pub fn end(self, name: &'static str, of: Of<'_>, outcome: &str) {
        let Some(outbox) = OUTBOX.get() else { return };
        // Nobody waits where too much waits already.
        let _ = outbox.try_send(Note::Span(span((name, outcome), of, (self.began, now()))));
    }
}

/// Notes that these actions come of a delivery.
pub fn link<'a>(delivery: &str, actions: impl Iterator<Item = &'a str>) {
    if OUTBOX.get().is_none() {
        return;
    }
    let mut links = LINKS.lock().unwrap_or_else(PoisonError::into_inner);
    for action in actions {
        links.order.push_back(action.to_owned());
        links.of.get_or_insert_default().insert(action.to_owned(), delivery.to_owned());
        if links.order.len() > LINKS_MAX {
            let oldest = links.order.pop_front();
            oldest.and_then(|oldest| links.of.as_mut()?.remove(&oldest));
        }
    }
}

/// Begins to send what is noted, if there is somewhere to send it to.
pub fn start() {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let Some(endpoint) = variable("OTEL_EXPORTER_OTLP_ENDPOINT") else { return };
    let (sender, receiver) = mpsc::channel(WAITING_MAX);
    if OUTBOX.set(sender).is_err() {
        return;
    }
    let headers = variable("OTEL_EXPORTER_OTLP_HEADERS").unwrap_or_default();
    let service = variable("OTEL_SERVICE_NAME").unwrap_or_else(|| "keydesk".to_owned());
    tracing::info!("traces are sent by OTLP");
    tokio::spawn(Collector::new(&endpoint, &headers, service).collect(receiver));
}

/// Sends what is left.
pub async fn finish() {
    let Some(outbox) = OUTBOX.get() else { return };
    let (done, told) = oneshot::channel();
    if outbox.send(Note::Flush(done)).await.is_ok() {
        // An error means that nobody sends any more.
        let _ = told.await;
    }
}

fn now() -> i128 {
    (clock::system())().as_nanosecond()
}

/// A span as OTLP writes it. The receipt is the root of its trace; all others are its children.
fn span((name, outcome): (&str, &str), of: Of<'_>, (began, ended): (i128, i128)) -> Value {
    let (trace_of, attribute) = match of {
        Of::Delivery(delivery) => (delivery.to_owned(), ("delivery.id", delivery)),
        Of::Action(key) => {
            let links = LINKS.lock().unwrap_or_else(PoisonError::into_inner);
            let delivery = links.of.as_ref().and_then(|of| of.get(key)).cloned();
            // Of one that was decided on elsewhere the delivery is not known.
            (delivery.unwrap_or_else(|| key.to_owned()), ("action.key", key))
        }
    };
    let digest = Sha256::digest(&trace_of);
    let (trace, root) = (hex::encode(&digest[..16]), hex::encode(&digest[16..24]));
    let mut span = json!({
        "traceId": trace,
        "name": name,
        "kind": INTERNAL,
        "startTimeUnixNano": began.to_string(),
        "endTimeUnixNano": ended.to_string(),
        "attributes": [
            text("delivery.id", &trace_of), text(attribute.0, attribute.1), text("outcome", outcome),
        ],
    });
    if name == ROOT {
        span["spanId"] = root.into();
    } else {
        let number = STEPS.fetch_add(1, Ordering::Relaxed);
        let own = Sha256::digest(format!("{trace}/{name}/{began}/{number}"));
        span["spanId"] = hex::encode(&own[..8]).into();
        span["parentSpanId"] = root.into();
    }
    span
}

/// The step every trace begins with.
const ROOT: &str = "receive";

fn text(key: &str, value: &str) -> Value {
    json!({ "key": key, "value": { "stringValue": value } })
}

/// Whoever takes the spans.
struct Collector {
    address: String,
    headers: Vec<(HeaderName, HeaderValue)>,
    service: String,
    connection: Connection<Full<Bytes>>,
}

impl Collector {
    fn new(endpoint: &str, headers: &str, service: String) -> Self {
        let address = format!("{}/v1/traces", endpoint.trim_end_matches('/'));
        let pair = |pair: &str| {
            let (name, value) = pair.split_once('=')?;
            let mut value = HeaderValue::from_str(value.trim()).ok()?;
            value.set_sensitive(true);
            Some((name.trim().parse().ok()?, value))
        };
        let headers = headers.split(',').filter_map(pair).collect();
        Self { address, headers, service, connection: connection() }
    }

    async fn collect(self, mut notes: mpsc::Receiver<Note>) {
        let mut spans = Vec::new();
        let mut due = tokio::time::interval(BATCH_EVERY);
        loop {
            let mut told = None;
            tokio::select! {
                note = notes.recv() => match note {
                    Some(Note::Span(span)) => {
                        spans.push(span);
                        if spans.len() < BATCH_MAX {
                            continue;
                        }
                    }
                    Some(Note::Flush(done)) => told = Some(done),
                    None => return,
                },
                _ = due.tick() => {}
            }
            if !spans.is_empty() {
                self.send(std::mem::take(&mut spans)).await;
            }
            // An error means that nobody waits for it.
            let _ = told.map(|done| done.send(()));
        }
    }

    async fn send(&self, spans: Vec<Value>) {
        let count = spans.len();
        let body = json!({ "resourceSpans": [{
            "resource": { "attributes": [
                text("service.name", &self.service),
                text("service.version", env!("CARGO_PKG_VERSION")),
            ] },
            "scopeSpans": [{ "scope": { "name": "keydesk" }, "spans": spans }],
        }] });
        let mut request =
            Request::post(&self.address).header(http::header::CONTENT_TYPE, "application/json");
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let Ok(request) = request.body(Full::new(Bytes::from(body.to_string()))) else {
            tracing::warn!("OTEL_EXPORTER_OTLP_ENDPOINT is no address; its traces are dropped");
            return;
        };
        let sent = tokio::time::timeout(SEND_WITHIN, self.connection.request(request)).await;
        match sent {
            Ok(Ok(answer)) if answer.status().is_success() => {}
            Ok(Ok(answer)) => {
                let status = answer.status().as_u16();
                tracing::warn!(count, status, "spans were refused and dropped");
            }
            Ok(Err(_)) | Err(_) => tracing::warn!(count, "spans could not be sent and are dropped"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steps_of_a_delivery_are_one_trace_below_its_receipt() {
        let (sender, _receiver) = mpsc::channel(1);
        // Nobody else in this process sets it.
        let _ = OUTBOX.set(sender);
        let times = (1_000_000_000, 1_500_000_000);
        link("72d3162e", ["issue:1:opened/0"].into_iter());
        let root = span(("receive", "kept"), Of::Delivery("72d3162e"), times);
        let decided = span(("decide", "done"), Of::Delivery("72d3162e"), times);
        let done = span(("act", "done"), Of::Action("issue:1:opened/0"), times);
        let other = span(("act", "done"), Of::Action("issue:2:opened/0"), times);
        assert!(root.get("parentSpanId").is_none());
        for child in [&decided, &done] {
            assert_eq!(
                (&child["traceId"], &child["parentSpanId"]),
                (&root["traceId"], &root["spanId"])
            );
            assert_ne!(child["spanId"], root["spanId"]);
        }
        assert_ne!(other["traceId"], root["traceId"]);
        assert_eq!(root["traceId"].as_str().map(str::len), Some(32));
        assert_eq!(root["spanId"].as_str().map(str::len), Some(16));
        assert_eq!(root["endTimeUnixNano"], "1500000000");
    }

    #[tokio::test]
    async fn what_is_noted_is_posted_as_json_with_the_headers_asked_for() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let endpoint = format!("http://{}/", listener.local_addr().expect("an address"));
        let (seen, mut told) = mpsc::channel(1);
        let take = async move |headers: http::HeaderMap, body: String| {
            seen.send((headers, body)).await.expect("the test waits");
        };
        let router = axum::Router::new().route("/v1/traces", axum::routing::post(take));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let collector = Collector::new(&endpoint, "x-key=a-b, broken", "desk".to_owned());
        let (sender, receiver) = mpsc::channel(4);
        tokio::spawn(collector.collect(receiver));
        let noted = span(("decide", "done"), Of::Delivery("7"), (1, 2));
        assert!(sender.send(Note::Span(noted.clone())).await.is_ok());
        let (done, flushed) = oneshot::channel();
        assert!(sender.send(Note::Flush(done)).await.is_ok());
        let (headers, body) = told.recv().await.expect("a post");
        flushed.await.expect("it says so");
        assert_eq!(
            (&headers["x-key"], &headers["content-type"]),
            (&HeaderValue::from_static("a-b"), &HeaderValue::from_static("application/json"),)
        );
        let body: Value = serde_json::from_str(&body).expect("JSON");
        let sent = &body["resourceSpans"][0];
        assert_eq!(sent["scopeSpans"][0]["spans"], json!([noted]));
        assert_eq!(sent["resource"]["attributes"][0]["value"]["stringValue"], "desk");
    }
}
