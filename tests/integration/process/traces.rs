//! What the real process sends to a collector of traces, built with the feature `otlp`.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::desk::{Desk, SOON};
use super::stand_in::{BODY, StandIn};

/// A collector, and every span it was sent.
async fn collector() -> (String, Arc<Mutex<Vec<Value>>>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
    let spans = Arc::new(Mutex::new(Vec::new()));
    let kept = spans.clone();
    let take = async move |body: String| {
        let body: Value = serde_json::from_str(&body).expect("JSON");
        let sent = body["resourceSpans"][0]["scopeSpans"][0]["spans"].as_array().cloned();
        kept.lock().expect("nobody panicked").extend(sent.expect("spans"));
    };
    let router = axum::Router::new().route("/v1/traces", axum::routing::post(take));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (endpoint, spans)
}

#[tokio::test]
async fn a_delivery_is_one_trace_from_its_receipt_to_the_last_action() {
    let github = StandIn::start().await;
    let (endpoint, spans) = collector().await;
    let mut desk = Desk::new(&github).with("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint);
    desk.start(&github).await;
    github.file("Locked out", BODY);
    desk.settled(&github, SOON).await;
    desk.terminate();
    assert_eq!(desk.ended(SOON).await.code(), Some(0));
    let spans = spans.lock().expect("nobody panicked");
    let card = spans.iter().find(|span| span["name"] == "put_card").expect("the comment");
    let of_it = spans.iter().filter(|span| span["traceId"] == card["traceId"]);
    let names: BTreeSet<&str> = of_it.filter_map(|span| span["name"].as_str()).collect();
    assert!(names.is_superset(&BTreeSet::from(["receive", "decide", "put_card"])), "{names:?}");
    let text = format!("{spans:?}");
    assert!(!text.contains("authenticator") && !text.contains("Locked out"), "{text}");
}
