//! What every request passes: planned faults, headers, tokens, limits.

use std::panic::resume_unwind;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use jiff::Timestamp;

use super::answer::Failure;
use super::{graphql, moves, news};
use crate::sandbox::Sandbox;
use crate::sandbox::faults::{FaultKind, Moment};
use crate::sandbox::state::{Actor, Budget, Refusal};

/// Versions of the REST API that are known.
const VERSIONS: [&str; 2] = ["2022-11-28", "2026-03-10"];

/// Stands before what a client is known by, which no token begins with.
const CLIENT: &str = "basic ";

/// Who sent a request, as far as its token tells.
#[derive(Clone, Debug)]
pub(super) enum Caller {
    /// The App itself, by its JSON web token.
    Owner,
    /// An account or the installation.
    Token(Actor),
    /// The App's client for signing in, by its name and secret.
    Client,
}

/// Lets faults strike, then checks the request and runs it.
pub(super) async fn guard(
    State(sandbox): State<Sandbox>,
    request: Request,
    next: Next,
) -> Response {
    let fault = fault_of(&sandbox, &request);
    let now = sandbox.now();
    let checked = checked(sandbox, request, next);
    let mut response = struck(fault, checked).await;
    // The server would set its machine's time.
    if let Ok(date) = HeaderValue::from_str(&now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
    {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}

/// Lets faults strike where no token is asked for.
pub(super) async fn guard_open(
    State(sandbox): State<Sandbox>,
    request: Request,
    next: Next,
) -> Response {
    let fault = fault_of(&sandbox, &request);
    struck(fault, async move { next.run(request).await }).await
}

/// What goes wrong with a request, if anything does.
fn fault_of(sandbox: &Sandbox, request: &Request) -> Option<FaultKind> {
    sandbox.with(|state| state.faults.strike(request.method().as_str(), request.uri().path()))
}

/// The answer as the fault leaves it.
async fn struck(
    fault: Option<FaultKind>,
    checked: impl Future<Output = Response> + Send + 'static,
) -> Response {
    match fault {
        None => checked.await,
        Some(FaultKind::Hang(time, Moment::Before)) => {
            let late = async move {
                tokio::time::sleep(time).await;
                checked.await
            };
            tokio::spawn(late).await.unwrap_or_else(|_| status_only(500))
        }
        Some(FaultKind::Hang(time, Moment::After)) => {
            let response = checked.await;
            tokio::time::sleep(time).await;
            response
        }
        Some(FaultKind::Late(time)) => {
            tokio::spawn(async move {
                tokio::time::sleep(time).await;
                checked.await
            });
            break_off()
        }
        Some(FaultKind::Status(status, Moment::Before)) => status_only(status),
        Some(FaultKind::Status(status, Moment::After)) => {
            checked.await;
            status_only(status)
        }
        Some(FaultKind::Close(Moment::Before)) => break_off(),
        Some(FaultKind::Close(Moment::After)) => {
            checked.await;
            break_off()
        }
        Some(FaultKind::SecondaryLimit(seconds)) => secondary_limit(seconds),
    }
}

/// Unwinds the connection's task, which closes the connection; the panic hook is not called.
fn break_off() -> Response {
    resume_unwind(Box::new("the sandbox closes this connection on purpose"))
}

fn status_only(status: u16) -> Response {
    Failure(Refusal::new(status, "Server Error")).into_response()
}

fn secondary_limit(seconds: u64) -> Response {
    let message = "You have exceeded a secondary rate limit. Please wait a few minutes before you \
                   try again.";
    let mut response = Failure(Refusal::new(403, message)).into_response();
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// Runs the request if its headers, its token and the limits allow, and adds the limit's headers.
async fn checked(sandbox: Sandbox, mut request: Request, next: Next) -> Response {
    let now = sandbox.now();
    let token = match check_headers(request.headers()) {
        Ok(token) => token,
        Err(refusal) => return Failure(refusal).into_response(),
    };
    let caller = match find_caller(&sandbox, &token, now) {
        Ok(caller) => caller,
        Err(refusal) => return Failure(refusal).into_response(),
    };
    let is_free = request.uri().path() == "/rate_limit";
    let budget = match is_free {
        true => sandbox.with(|state| state.budget(&token, now)),
        false => sandbox.with(|state| state.count_request(&token, now)),
    };
    let asks_for_news = news::Asked::of(&request);
    let path = request.uri().path();
    let moved = sandbox.with(|state| moves::new_place(state, request.method(), path));
    let mut response = if budget.used > budget.limit {
        let message = "API rate limit exceeded for this installation.";
        match path == graphql::PATH {
            true => graphql::limited(message),
            false => Failure(Refusal::new(403, message)).into_response(),
        }
    } else if let Some(moved) = moved {
        Failure(moved).into_response()
    } else if creates_content(request.method(), request.uri().path())
        && !sandbox.with(|state| state.may_create_content(&token, now))
    {
        secondary_limit(60)
    } else {
        request.extensions_mut().insert(caller);
        request.extensions_mut().insert(budget);
        asks_for_news.answer(next.run(request).await).await
    };
    let budget = match response.status() {
        StatusCode::NOT_MODIFIED => sandbox.with(|state| state.forgive_request(&token, now)),
        _ => budget,
    };
    add_limits(response.headers_mut(), budget);
    response
}

/// The token, if all headers are as GitHub wants them.
fn check_headers(headers: &HeaderMap) -> Result<String, Refusal> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if text("user-agent").is_none_or(|agent| agent.trim().is_empty()) {
        return Err(Refusal::new(
            403,
            "Request forbidden by administrative rules. Please make sure your request has a \
             User-Agent header.",
        ));
    }
    if let Some(version) = text("x-github-api-version")
        && !VERSIONS.contains(&version)
    {
        let message = format!("\"{version}\" is not a supported version. Supported: {VERSIONS:?}");
        return Err(Refusal::new(400, &message));
    }
    let authorization = text("authorization").unwrap_or_default();
    let token = authorization.split_once(' ').and_then(|(scheme, token)| {
        let token = token.trim();
        match scheme.to_ascii_lowercase().as_str() {
            "bearer" | "token" => Some(token.to_owned()),
            "basic" => Some(format!("{CLIENT}{token}")),
            _ => None,
        }
    });
    token.ok_or_else(|| Refusal::new(401, "Requires authentication"))
}

fn find_caller(sandbox: &Sandbox, token: &str, now: Timestamp) -> Result<Caller, Refusal> {
    if let Some(given) = token.strip_prefix(CLIENT) {
        let (id, secret) = sandbox.with(|state| state.settings.oauth_client.clone());
        let is_known = STANDARD.encode(format!("{id}:{secret}")) == given;
        return is_known
            .then_some(Caller::Client)
            .ok_or_else(|| Refusal::new(401, "Bad credentials"));
    }
    if token.split('.').count() == 3 {
        let checked = sandbox.with(|state| state.check_app_token(token, now));
        return match checked {
            Ok(()) => Ok(Caller::Owner),
            Err(problem) => Err(Refusal::new(401, &problem.to_string())),
        };
    }
    let actor = sandbox.with(|state| state.actor_of(token, now));
    actor.map(Caller::Token).ok_or_else(|| Refusal::new(401, "Bad credentials"))
}

/// Whether a request makes or edits a comment, an issue or a label.
fn creates_content(method: &Method, path: &str) -> bool {
    if *method != Method::POST && *method != Method::PATCH {
        return false;
    }
    let segments: Vec<&str> = path.trim_matches('/').split('/').skip(3).collect();
    matches!(
        segments[..],
        ["issues" | "labels"]
            | ["issues" | "labels", _]
            | ["issues", _, "comments"]
            | ["issues", "comments", _]
    )
}

fn add_limits(headers: &mut HeaderMap, budget: Budget) {
    let remaining = budget.limit.saturating_sub(budget.used);
    let numbers = [
        ("x-ratelimit-limit", budget.limit),
        ("x-ratelimit-remaining", remaining),
        ("x-ratelimit-used", budget.used.min(budget.limit)),
        ("x-ratelimit-reset", budget.resets_at.as_second().unsigned_abs()),
    ];
    for (name, number) in numbers {
        headers.insert(name, HeaderValue::from(number));
    }
    headers.insert("x-ratelimit-resource", HeaderValue::from_static("core"));
    headers.insert("x-github-media-type", HeaderValue::from_static("github.v3; format=json"));
}
