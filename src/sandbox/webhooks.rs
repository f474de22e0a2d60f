//! Sends the queued events as signed POSTs, in order, and keeps the result in the delivery log.
//!
//! Start reading at [`Sandbox::deliver_webhooks`]. As with GitHub nothing is sent twice by itself.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderValue, Request};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use sha2::Sha256;

use super::Sandbox;
use super::state::{Delivery, Outcome, OutgoingEvent};

/// How long GitHub waits for an answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

type Sender = Client<HttpConnector, Full<Bytes>>;

/// What is needed to send one event.
struct Envelope {
    url: String,
    headers: BTreeMap<String, String>,
    body: Bytes,
}

impl Sandbox {
    /// Sends what is queued now, one after the other, and gives the number of attempts.
    pub async fn deliver_webhooks(&self) -> usize {
        let sender: Sender = Client::builder(TokioExecutor::new()).build_http();
        let mut attempts = 0;
        // One by one, so that those under way are not taken for sent.
        while let Some(event) = self.with(|state| state.outgoing.pop_front()) {
            if self.deliver(&sender, event).await {
                attempts += 1;
            }
        }
        attempts
    }

    /// Sends events as they come up, until dropped.
    pub async fn keep_delivering(&self) {
        loop {
            self.deliver_webhooks().await;
            self.queued.notified().await;
        }
    }

    /// Sends one event; false when there is nowhere to send it.
    async fn deliver(&self, sender: &Sender, event: OutgoingEvent) -> bool {
        let Some(envelope) = self.envelope(&event) else {
            return false;
        };
        let (delivered_at, began) = (self.now(), Instant::now());
        let (status, status_code, answer) = post(sender, &envelope).await;
        let seconds = (began.elapsed().as_secs_f64() * 1000.0).round() / 1000.0;
        let outcome = Outcome { status, status_code, seconds, answer };
        let Envelope { url, headers, .. } = envelope;
        let delivery = Delivery { id: 0, event, delivered_at, url, headers, outcome };
        self.with(|state| state.log_delivery(delivery));
        true
    }

    fn envelope(&self, event: &OutgoingEvent) -> Option<Envelope> {
        let settings = self.with(|state| state.settings.clone());
        let url = settings.webhook_url?;
        let body = Bytes::from(event.payload.to_string());
        let signature = sign(&settings.webhook_secret, &body);
        let headers = [
            ("Accept", "*/*".to_owned()),
            ("Content-Type", "application/json".to_owned()),
            ("User-Agent", "GitHub-Hookshot/5a2d0b1".to_owned()),
            ("X-GitHub-Delivery", event.guid.clone()),
            ("X-GitHub-Event", event.event.clone()),
            ("X-GitHub-Hook-ID", (settings.app_id + 1).to_string()),
            ("X-GitHub-Hook-Installation-Target-ID", settings.app_id.to_string()),
            ("X-GitHub-Hook-Installation-Target-Type", "integration".to_owned()),
            ("X-Hub-Signature-256", format!("sha256={signature}")),
        ];
        let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Some(Envelope { url, headers, body })
    }
}

fn sign(secret: &str, body: &[u8]) -> String {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(body);
    hex::encode(mac.finalize().into_bytes())
}

/// Sends it and tells status, status code and body of what came back.
async fn post(sender: &Sender, envelope: &Envelope) -> (String, u16, String) {
    let mut request = Request::post(&envelope.url);
    for (name, value) in &envelope.headers {
        if let Ok(value) = HeaderValue::from_str(value) {
            request = request.header(name, value);
        }
    }
    let request = match request.body(Full::new(envelope.body.clone())) {
        Ok(request) => request,
        Err(error) => return (format!("not a valid address: {error}"), 0, String::new()),
    };
    let exchange = async {
        let response = sender.request(request).await.map_err(|_| "failed to connect to host")?;
        let status = response.status();
        let body = response.into_body().collect().await.map_err(|_| "connection broke off")?;
        Ok::<_, &str>((status, String::from_utf8_lossy(&body.to_bytes()).into_owned()))
    };
    match tokio::time::timeout(ANSWER_WITHIN, exchange).await {
        Ok(Ok((status, answer))) if status.is_success() => {
            ("OK".to_owned(), status.as_u16(), answer)
        }
        Ok(Ok((status, answer))) => {
            (format!("Invalid HTTP Response: {}", status.as_u16()), status.as_u16(), answer)
        }
        Ok(Err(problem)) => (problem.to_owned(), 502, String::new()),
        Err(_) => ("timed out".to_owned(), 504, String::new()),
    }
}
