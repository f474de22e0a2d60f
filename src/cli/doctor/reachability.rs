//! Whether the desk answers at its public address.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, header};
use http_body_util::{BodyExt, Full, Limited};

use super::finding::Finding;
use crate::github::transport::connection;

const CHECK: &str = "public address";
const TIMEOUT: Duration = Duration::from_secs(10);
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// What `GET /healthz` brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    pub(super) status: u16,
    /// Where it leads to, if it leads elsewhere.
    pub(super) location: Option<String>,
    pub(super) body: String,
}

/// Asks the public address whether somebody is there.
pub(super) async fn ask(public_url: &str) -> Result<Reply, String> {
    let request = Request::get(format!("{public_url}/healthz"))
        .header(header::USER_AGENT, "keydesk-doctor")
        .body(Full::<Bytes>::default())
        .map_err(|error| error.to_string())?;
    let connection = connection();
    let exchange = async {
        let response = connection.request(request).await.map_err(|error| {
            let why = if error.is_connect() { "no connection" } else { "the connection broke off" };
            why.to_owned()
        })?;
        let (parts, body) = response.into_parts();
        let body = Limited::new(body, ANSWER_BYTES_MAX).collect().await;
        let body = body.map_err(|_| "the answer broke off".to_owned())?.to_bytes();
        let location = parts.headers.get(header::LOCATION);
        Ok(Reply {
            status: parts.status.as_u16(),
            location: location.and_then(|place| place.to_str().ok()).map(str::to_owned),
            body: String::from_utf8_lossy(&body).into_owned(),
        })
    };
    tokio::time::timeout(TIMEOUT, exchange)
        .await
        .unwrap_or_else(|_| Err(format!("no answer in {} s", TIMEOUT.as_secs())))
}

/// Judges the answer.
pub(super) fn judge(public_url: &str, reply: &Result<Reply, String>) -> Finding {
    let fault =
        |what: String, help: &str| Finding::fault(CHECK, format!("{public_url}: {what}"), help);
    match reply {
        Ok(Reply { status: 200, body, .. }) if body.trim() == "alive" => {
            Finding::ok(CHECK, format!("{public_url} answers"))
        }
        Ok(Reply { status: 200, .. }) => fault(
            "something else than keydesk answers".to_owned(),
            "does the name lead to this machine, and the proxy to the port of LISTEN?",
        ),
        Ok(Reply { location: Some(place), .. }) => fault(
            format!("it leads on to {place}, which GitHub does not follow"),
            "set KEYDESK_PUBLIC_URL and the App's webhook to the address at the end",
        ),
        Ok(Reply { status, .. }) => fault(
            format!("it answers {status}"),
            "is `keydesk serve` running, and does the proxy lead to the port of LISTEN?",
        ),
        Err(why) => fault(
            why.clone(),
            "is `keydesk serve` running, does the name lead here, is the certificate good, and is the \
             port open? Some networks cannot reach their own public address from inside; then ask \
             from elsewhere",
        ),
    }
}
