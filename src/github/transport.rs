//! Requests over the wire, by octocrab's connection and nothing more of it: what a status means
//! and what may be repeated is decided here.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{AUTHORIZATION, LOCATION, USER_AGENT};
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri};
use http_body_util::BodyExt;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use octocrab::service::middleware::base_uri::BaseUriLayer;
use octocrab::service::middleware::extra_headers::ExtraHeadersLayer;
use octocrab::{AuthState, Octocrab, OctocrabBuilder};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::{CallError, deadline};
use crate::clock::Clock;

/// GitHub ends a request after 10 s; later than this nobody is going to answer.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(15);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// GitHub's advice where a secondary limit names no time.
const SECONDARY_LIMIT_PAUSE: Duration = Duration::from_secs(60);
/// No stated wait is believed beyond this.
const PAUSE_MAX: Duration = Duration::from_secs(2 * 60 * 60);
/// Connections are given up before the other side would.
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);
const ANSWER_BYTES_MAX: usize = 26 << 20;
const PRODUCT: &str = concat!("keydesk/", env!("CARGO_PKG_VERSION"));

/// One request to be made.
#[derive(Debug)]
pub struct Call<'a> {
    /// GET, POST, PATCH, PUT or DELETE.
    pub method: Method,
    /// Path and query below the API's base, with its leading slash.
    pub path: String,
    /// Token or JWT.
    pub credential: &'a SecretString,
    /// JSON to send.
    pub body: Option<Value>,
    /// GitHub's mark of what is known already: answered with 304 where nothing is new.
    pub etag: Option<&'a str>,
}

/// What came back, if it was no error of the server.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status, below 500.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

impl Answer {
    /// The body as JSON.
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T, CallError> {
        serde_json::from_slice(&self.body).map_err(|error| {
            CallError::Unclear(format!("an answer that was not as documented: {error}"))
        })
    }

    /// The path and query of the next page, if there is one. The host is left out: a page on
    /// another host would be asked for without credentials.
    pub fn next_page(&self, base_path: &str) -> Option<String> {
        let link = self.headers.get(http::header::LINK)?.to_str().ok()?;
        let next = link.split(',').find(|part| part.contains("rel=\"next\""))?;
        let address = next.split(['<', '>']).nth(1)?;
        relative_path(address, base_path)
    }
}

/// A connection pool to one API base.
#[derive(Debug, Clone)]
pub struct Transport {
    octocrab: Octocrab,
    base_path: String,
    graphql_path: String,
    clock: DebugClock,
}

/// A clock that can stand in a `Debug` type.
#[derive(Clone)]
struct DebugClock(Clock);

impl std::fmt::Debug for DebugClock {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Clock")
    }
}

impl Transport {
    /// Connects lazily to `api_url`, any base such as `https://github.example.com/api/v3`.
    ///
    /// # Errors
    /// Says so if `api_url` is no address.
    pub fn new(api_url: &str, clock: Clock) -> Result<Self, String> {
        let uri: Uri = api_url
            .trim_end_matches('/')
            .parse()
            .map_err(|error| format!("{api_url} is no address: {error}"))?;
        let base_path = uri.path().trim_end_matches('/').to_owned();
        let graphql_path = graphql_path(&base_path);
        let octocrab = connect(origin(uri).ok_or_else(|| format!("{api_url} names no host"))?)?;
        Ok(Self { octocrab, base_path, graphql_path, clock: DebugClock(clock) })
    }

    /// The path of the base, which links to further pages repeat.
    pub fn base_path(&self) -> &str {
        &self.base_path
    }

    /// The time.
    pub fn now(&self) -> jiff::Timestamp {
        (self.clock.0)()
    }

    /// Makes one request, following a single redirection (a renamed repository). Whatever host
    /// the redirection names, the request stays with ours.
    ///
    /// # Errors
    /// [`CallError`] for everything but an answer below 500 that is no limit.
    pub async fn send(&self, call: &Call<'_>) -> Result<Answer, CallError> {
        let below_base = |path: &str| format!("{}{path}", self.base_path);
        let answer = self.send_once(call, &below_base(&call.path)).await?;
        if !answer.status.is_redirection() || answer.status == StatusCode::NOT_MODIFIED {
            return Ok(answer);
        }
        let target = answer.headers.get(LOCATION).and_then(|target| target.to_str().ok());
        match target.and_then(|target| relative_path(target, &self.base_path)) {
            Some(path) => self.send_once(call, &below_base(&path)).await,
            None => Ok(answer),
        }
    }

    /// Sends a GraphQL request. Refused ones come as answers too, with status 200.
    ///
    /// # Errors
    /// As [`Transport::send`].
    pub async fn send_graphql(
        &self,
        credential: &SecretString,
        body: Value,
    ) -> Result<Answer, CallError> {
        let path = self.graphql_path.clone();
        let call = Call { method: Method::POST, path, credential, body: Some(body), etag: None };
        self.send_once(&call, &call.path).await
    }

    async fn send_once(&self, call: &Call<'_>, path: &str) -> Result<Answer, CallError> {
        let request = self.request(call, path)?;
        let exchange = async {
            if call.method != Method::GET && deadline::is_over() {
                let why = "this process was held up; nothing was sent";
                return Err(CallError::Unreachable(why.to_owned()));
            }
            let response = self.octocrab.send(request).await.map_err(|error| classify(&error))?;
            let (parts, body) = response.into_parts();
            let body = http_body_util::Limited::new(body, ANSWER_BYTES_MAX)
                .collect()
                .await
                .map_err(|_| CallError::Unclear("the answer broke off".to_owned()))?;
            Ok(Answer { status: parts.status, headers: parts.headers, body: body.to_bytes() })
        };
        let answer = tokio::time::timeout(REQUEST_TIMEOUT, exchange).await.map_err(|_| {
            CallError::Unclear(format!("no answer in {} s", REQUEST_TIMEOUT.as_secs()))
        })??;
        self.judge(answer)
    }

    fn request(
        &self,
        call: &Call<'_>,
        path: &str,
    ) -> Result<Request<octocrab::OctoBody>, CallError> {
        let unusable = |error: String| CallError::Refused { status: 0, message: error };
        let bearer = format!("Bearer {}", call.credential.expose_secret());
        let mut bearer = HeaderValue::from_str(&bearer).map_err(|_| {
            unusable("the credential holds a character no header may hold".to_owned())
        })?;
        bearer.set_sensitive(true);
        let mut builder = Request::builder()
            .method(call.method.clone())
            .uri(path)
            .header(AUTHORIZATION, bearer)
            .header(http::header::ACCEPT, "application/vnd.github+json");
        if let Some(etag) = call.etag {
            builder = builder.header(http::header::IF_NONE_MATCH, etag);
        }
        self.octocrab
            .build_request(builder, call.body.as_ref())
            .map_err(|_| unusable(format!("{path} is no path")))
    }

    /// Limits and errors of the server are told apart from answers.
    fn judge(&self, answer: Answer) -> Result<Answer, CallError> {
        if answer.status.is_server_error() {
            return Err(CallError::Unclear(format!("GitHub answered {}", answer.status.as_u16())));
        }
        match self.pause_asked_for(&answer) {
            Some(after) => Err(CallError::Limited { after: after.min(PAUSE_MAX) }),
            None => Ok(answer),
        }
    }

    /// What to make of an answer that says, in its body only, that a limit was reached.
    pub fn limited(&self, answer: &Answer) -> CallError {
        let after = self.pause_in_headers(answer).unwrap_or(SECONDARY_LIMIT_PAUSE);
        CallError::Limited { after: after.min(PAUSE_MAX) }
    }

    fn pause_in_headers(&self, answer: &Answer) -> Option<Duration> {
        let number =
            |name: &str| answer.headers.get(name)?.to_str().ok()?.trim().parse::<i64>().ok();
        if let Some(seconds) = number("retry-after") {
            return Some(Duration::from_secs(seconds.max(1).unsigned_abs()));
        }
        if number("x-ratelimit-remaining") == Some(0) {
            let reset = number("x-ratelimit-reset").unwrap_or(0);
            let seconds = (reset - self.now().as_second()).max(1);
            return Some(Duration::from_secs(seconds.unsigned_abs()));
        }
        None
    }

    fn pause_asked_for(&self, answer: &Answer) -> Option<Duration> {
        if !matches!(answer.status, StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS) {
            return None;
        }
        if let Some(pause) = self.pause_in_headers(answer) {
            return Some(pause);
        }
        let message = String::from_utf8_lossy(&answer.body).to_lowercase();
        let is_limit = answer.status == StatusCode::TOO_MANY_REQUESTS
            || message.contains("secondary rate limit")
            || message.contains("abuse detection");
        is_limit.then_some(SECONDARY_LIMIT_PAUSE)
    }
}

/// Where GraphQL is served: on Enterprise Server beside the REST base, elsewhere below it.
fn graphql_path(base_path: &str) -> String {
    match base_path.strip_suffix("/api/v3") {
        Some(above) => format!("{above}/api/graphql"),
        None => format!("{base_path}/graphql"),
    }
}

/// Scheme and host alone: paths are joined here, since REST and GraphQL may have different bases.
fn origin(uri: Uri) -> Option<Uri> {
    let mut parts = uri.into_parts();
    parts.path_and_query = Some(http::uri::PathAndQuery::from_static("/"));
    parts.authority.is_some().then(|| Uri::from_parts(parts).ok()).flatten()
}

/// A pool of connections, plain or TLS.
pub type Connection<Body> = Client<HttpsConnector<HttpConnector>, Body>;

/// A pool that never sends a request twice: hyper's default would, where a pooled connection
/// turns out to be closed.
pub fn connection<Body>() -> Connection<Body>
where
    Body: http_body::Body + Send,
    Body::Data: Send,
{
    let mut http = HttpConnector::new();
    http.set_connect_timeout(Some(CONNECT_TIMEOUT));
    http.enforce_http(false);
    let connector = HttpsConnectorBuilder::new()
        .with_webpki_roots()
        .https_or_http()
        .enable_http1()
        .wrap_connector(http);
    Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE_TIMEOUT)
        .retry_canceled_requests(false)
        .build(connector)
}

/// octocrab over a connection of our own: its default one names itself in the User-Agent.
fn connect(base_uri: Uri) -> Result<Octocrab, String> {
    let connection = connection();
    let headers = vec![(USER_AGENT, HeaderValue::from_static(PRODUCT))];
    let built = OctocrabBuilder::new_empty()
        .with_service(connection)
        .with_layer(&BaseUriLayer::new(base_uri))
        .with_layer(&ExtraHeadersLayer::new(Arc::new(headers)))
        .with_auth(AuthState::None)
        .build();
    built.map_err(|_: std::convert::Infallible| "no client could be made".to_owned())
}

/// Path and query of an address below the base.
fn relative_path(address: &str, base_path: &str) -> Option<String> {
    let uri: Uri = address.parse().ok()?;
    let path = uri.path_and_query()?.as_str();
    Some(path.strip_prefix(base_path).unwrap_or(path).to_owned())
}

/// No connection means that nothing was sent; anything later is unclear. The error's own text is
/// left out: octocrab prints a backtrace there.
fn classify(error: &octocrab::Error) -> CallError {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(inner) = cause {
        if let Some(client) = inner.downcast_ref::<hyper_util::client::legacy::Error>() {
            return if client.is_connect() {
                CallError::Unreachable("no connection".to_owned())
            } else {
                CallError::Unclear("the connection broke off".to_owned())
            };
        }
        cause = inner.source();
    }
    CallError::Unclear("the request did not come to an end".to_owned())
}

#[cfg(test)]
mod tests {
    use super::graphql_path;

    #[test]
    fn graphql_lies_beside_or_below_the_rest_base() {
        let rows = [
            ("", "/graphql"),
            ("/api/v3", "/api/graphql"),
            ("/github/api/v3", "/github/api/graphql"),
            ("/api/github", "/api/github/graphql"),
        ];
        for (base, wanted) in rows {
            assert_eq!(graphql_path(base), wanted, "{base}");
        }
    }
}
