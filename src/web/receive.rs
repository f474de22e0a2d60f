//! `POST /webhooks/github`: verified, kept durably, and only then acknowledged.

use std::time::Instant;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hmac::{Hmac, KeyInit, Mac};
use http_body::Body as _;
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

use super::Web;
use crate::engine::{AcceptError, Accepted};
use crate::trace::{Of, Step};

/// GitHub's ids are UUIDs; this is what is let into a key.
const GUID_BYTES_MAX: usize = 100;

/// Hardly a delivery is larger. Those that are come in by so few at a time, so that nobody without the
/// secret can fill the memory; the others do not wait for them.
const SMALL_BODY_BYTES_MAX: u64 = 128 << 10;

/// Bodies that are not small, or do not say so, and are read at the same time.
pub(super) const LARGE_BODIES_MAX: usize = 2;

/// Why a delivery is refused.
enum Refusal {
    NotSigned,
    BadSignature,
    BadHeader(&'static str),
    BadBody(String),
    TooLarge,
    NotKept,
}

/// Takes one delivery of GitHub.
pub(super) async fn receive(State(web): State<Web>, request: Request) -> Response {
    let event = event_name(request.headers());
    let (outcome, response) = match take(&web, request).await {
        Ok(Accepted::Kept) => ("kept", (StatusCode::ACCEPTED, "kept\n").into_response()),
        Ok(Accepted::SeenBefore) => {
            ("seen_before", (StatusCode::OK, "seen before\n").into_response())
        }
        Ok(Accepted::NoUse) => {
            ("no_use", (StatusCode::OK, "no use for this event\n").into_response())
        }
        Err(refusal) => (refusal.outcome(), refusal.into_response()),
    };
    web.engine.metrics().count_delivery(&event, outcome);
    response
}

async fn take(web: &Web, request: Request) -> Result<Accepted, Refusal> {
    let headers = request.headers().clone();
    let signature = signature(&headers)?;
    let body = read_body(web, request).await?;
    let (started, step) = (Instant::now(), Step::begin());
    if !is_signed(&body, signature, &web.secrets) {
        return Err(Refusal::BadSignature);
    }
    let event = text(&headers, "x-github-event").ok_or(Refusal::BadHeader("X-GitHub-Event"))?;
    let guid = guid(&headers)?;
    let accepted = web.engine.accept(event, guid, &body).await.map_err(|error| match error {
        AcceptError::Malformed(error) => Refusal::BadBody(error.to_string()),
        AcceptError::NotKept(error) => {
            tracing::error!(delivery.id = guid, %error, "a delivery could not be kept");
            Refusal::NotKept
        }
    })?;
    web.engine.metrics().observe_ack(started.elapsed().as_secs_f64());
    tracing::debug!(delivery.id = guid, event, outcome = ?accepted, "received");
    if matches!(accepted, Accepted::Kept) {
        step.end("receive", Of::Delivery(guid), event);
    }
    Ok(accepted)
}

async fn read_body(web: &Web, request: Request) -> Result<Bytes, Refusal> {
    let is_small =
        request.body().size_hint().upper().is_some_and(|bytes| bytes <= SMALL_BODY_BYTES_MAX);
    // It is never closed, so there is always a turn.
    let _turn = if is_small { None } else { web.large_bodies.acquire().await.ok() };
    Bytes::from_request(request, &()).await.map_err(Refusal::from)
}

/// The 32 bytes of `X-Hub-Signature-256`. The older SHA-1 header counts for nothing.
fn signature(headers: &HeaderMap) -> Result<[u8; 32], Refusal> {
    let given = headers.get("x-hub-signature-256").ok_or(Refusal::NotSigned)?;
    let digits = given.as_bytes().strip_prefix(b"sha256=").ok_or(Refusal::BadSignature)?;
    let mut signature = [0; 32];
    hex::decode_to_slice(digits, &mut signature).map_err(|_| Refusal::BadSignature)?;
    Ok(signature)
}

/// Whether one of the secrets signed the body. Each is tried in constant time, whichever fits.
fn is_signed(body: &[u8], signature: [u8; 32], secrets: &[SecretString]) -> bool {
    secrets.iter().fold(false, |is_signed, secret| {
        let mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes());
        let fits = mac.is_ok_and(|mut mac| {
            mac.update(body);
            mac.verify_slice(&signature).is_ok()
        });
        is_signed | fits
    })
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().filter(|text| !text.is_empty())
}

fn guid(headers: &HeaderMap) -> Result<&str, Refusal> {
    let guid = text(headers, "x-github-delivery").ok_or(Refusal::BadHeader("X-GitHub-Delivery"))?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if guid.len() <= GUID_BYTES_MAX && guid.bytes().all(is_plain) {
        Ok(guid)
    } else {
        Err(Refusal::BadHeader("X-GitHub-Delivery"))
    }
}

fn event_name(headers: &HeaderMap) -> String {
    text(headers, "x-github-event").unwrap_or("other").to_owned()
}

impl From<BytesRejection> for Refusal {
    fn from(rejection: BytesRejection) -> Self {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Self::TooLarge
        } else {
            Self::BadBody("it did not come whole".to_owned())
        }
    }
}

impl Refusal {
    /// Its name in the figures.
    fn outcome(&self) -> &'static str {
        match self {
            Self::NotSigned | Self::BadSignature => "bad_signature",
            Self::BadHeader(_) | Self::BadBody(_) => "malformed",
            Self::TooLarge => "too_large",
            Self::NotKept => "not_kept",
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::NotSigned => {
                let text = "X-Hub-Signature-256 is missing: set a secret for the webhook\n";
                (StatusCode::UNAUTHORIZED, text).into_response()
            }
            Self::BadSignature => {
                let text = "the signature does not fit: is the webhook's secret the one of GITHUB_WEBHOOK_SECRET?\n";
                (StatusCode::UNAUTHORIZED, text).into_response()
            }
            Self::BadHeader(name) => {
                (StatusCode::BAD_REQUEST, format!("the header {name} is missing or odd\n"))
                    .into_response()
            }
            Self::BadBody(why) => {
                let text = format!("{why}; set the webhook's content type to application/json\n");
                (StatusCode::BAD_REQUEST, text).into_response()
            }
            Self::TooLarge => {
                (StatusCode::PAYLOAD_TOO_LARGE, "GitHub sends 25 MiB at the most\n").into_response()
            }
            Self::NotKept => {
                let text = "it could not be kept; send it again\n";
                (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "30")], text)
                    .into_response()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of GitHub's page on validating webhooks.
    #[test]
    fn githubs_own_example_is_signed() {
        let digits = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        let headers = |digits: &str| {
            let value = format!("sha256={digits}").parse().expect("a value");
            HeaderMap::from_iter([(header::HeaderName::from_static("x-hub-signature-256"), value)])
        };
        let given = |digits: &str| signature(&headers(digits)).ok().expect("32 bytes");
        let secrets = ["another", "It's a Secret to Everybody"].map(SecretString::from);
        assert!(is_signed(b"Hello, World!", given(digits), &secrets));
        assert!(is_signed(b"Hello, World!", given(&digits.to_uppercase()), &secrets));
        assert!(!is_signed(b"Hello, World?", given(digits), &secrets));
        assert!(!is_signed(b"Hello, World!", given(digits), &secrets[..1]));
        assert!(!is_signed(b"Hello, World!", given(digits), &[]));
        assert!(signature(&headers(&digits[1..])).is_err());
    }
}
