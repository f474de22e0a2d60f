//! `/api/v1`: what the staff pages show and do, as JSON.
//!
//! Each answer is made of what the page of the same name is made of, so that neither can tell more
//! than the other. `openapi.json` is kept by hand and held against these routes by a test: one file,
//! and no crate that would have to see into every handler.

mod caller;

use axum::body::Bytes;
use axum::extract::{Path, Query, RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Web;
use super::charts::{self, ChartName, ChartQuery};
use super::page::Problem;
use super::ticket::{self, TicketPath};
use super::{operations, queue};
use caller::Caller;

const OPENAPI: &str = include_str!("openapi.json");

/// All routes, below `/api/v1`.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/queue", get(requests))
        .route("/tickets/{owner}/{repository}/{number}", get(request))
        .route("/tickets/{owner}/{repository}/{number}/commands", post(command))
        .route("/charts/{name}", get(chart))
        .route("/operations", get(operation))
        .route("/openapi.json", get(openapi))
        .fallback(nothing)
}

async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], OPENAPI).into_response()
}

async fn nothing() -> Problem {
    let now = "GET /api/v1/openapi.json lists what there is.";
    Problem::new(StatusCode::NOT_FOUND, "Nothing here", "There is nothing at this address.", now)
}

/// The queue, as its address filters it.
async fn requests(
    State(web): State<Web>,
    Caller(staff): Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Problem> {
    let page = queue::look(&web, &staff, &query.unwrap_or_default()).await?;
    let mut page = plain(as_json(&page)?);
    let next = page["next"].as_str().map(|address| format!("/api/v1/queue{}", &address[1..]));
    for row in page["rows"].as_array_mut().into_iter().flatten() {
        row["turn"] = match row["turn"].as_str() {
            Some("us") => json!("maintainers"),
            Some("them") => json!("requester"),
            _ => json!("nobody"),
        };
    }
    Ok(Json(json!({
        "found": page["found"],
        "before": page["before"],
        "next": next,
        "unsaid": page["unsaid"],
        "requests": page["rows"].take(),
    })))
}

/// One ticket with its history.
async fn request(
    State(web): State<Web>,
    Caller(staff): Caller,
    Path(path): TicketPath,
) -> Result<Json<Value>, Problem> {
    let mut page = plain(as_json(&ticket::look(&web, &staff, path).await?)?);
    for text in ["title", "body"] {
        let parts = page[text].as_array().into_iter().flatten();
        page[text] = parts.filter_map(|part| part["text"].as_str()).collect::<String>().into();
    }
    if let Some(page) = page.as_object_mut() {
        page.remove("notice");
    }
    Ok(Json(page))
}

/// A command as it is sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    command: String,
    #[serde(default)]
    arguments: String,
    /// 32 hexadecimal digits by which a second attempt is known to be one.
    id: Option<String>,
}

/// Does what a button of the ticket's page does.
async fn command(
    State(web): State<Web>,
    Path(path): TicketPath,
    Caller(staff): Caller,
    body: Bytes,
) -> Result<Response, Problem> {
    let sent: Sent = serde_json::from_slice(&body).map_err(|error| unreadable(&error))?;
    let id = sent.id.unwrap_or_else(|| hex::encode(&(web.pages.chance)()[..16]));
    let pressed = (id.as_str(), (sent.command.as_str(), sent.arguments.as_str()));
    let reasons = ticket::carry_out(&web, (&staff, path), pressed).await?;
    let reasons = reasons.ok_or_else(|| {
        unreadable(&"a command is a name without its slash, an id 32 hexadecimal digits")
    })?;
    let status = if reasons.is_empty() { StatusCode::ACCEPTED } else { StatusCode::OK };
    let is_done = reasons.iter().all(|reason| !reason.contains("was not carried out"));
    let is_decided = !reasons.is_empty();
    let told = json!({"id": id, "decided": is_decided, "carried_out": is_decided && is_done, "reasons": reasons});
    Ok((status, Json(told)).into_response())
}

fn unreadable(error: &dyn std::fmt::Display) -> Problem {
    let now = "Send {\"command\": \"need\", \"arguments\": \"the name of one project\"}.";
    Problem::new(StatusCode::BAD_REQUEST, "Not done", format!("This cannot be read: {error}."), now)
}

/// One chart.
async fn chart(
    State(web): State<Web>,
    Caller(staff): Caller,
    Path(name): Path<String>,
    Query(query): Query<ChartQuery>,
) -> Result<Json<Value>, Problem> {
    let name = ChartName::find(&name).ok_or_else(Problem::not_here)?;
    let (chart, repository) = charts::find(&web, (&staff, &query), name).await?;
    Ok(Json(chart.json(&repository)))
}

/// What waits and why.
async fn operation(State(web): State<Web>, Caller(staff): Caller) -> Result<Json<Value>, Problem> {
    let found = operations::look(&web, &staff).await?.ok_or_else(Problem::not_here)?;
    let mut page = plain(as_json(&found)?);
    if let Some(page) = page.as_object_mut() {
        page.remove("notice");
    }
    Ok(Json(page))
}

fn as_json(page: &impl serde::Serialize) -> Result<Value, Problem> {
    serde_json::to_value(page).map_err(|error| {
        tracing::error!(%error, "an answer could not be put together");
        let what = "This answer could not be put together.";
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "Not told", what, "The log says why.")
    })
}

/// The same with each moment as machines read it.
fn plain(value: Value) -> Value {
    match value {
        Value::Object(mut fields) => match fields.remove("iso") {
            Some(iso) if fields.contains_key("exact") => iso,
            iso => {
                fields.extend(iso.map(|iso| ("iso".to_owned(), iso)));
                fields.into_iter().map(|(name, value)| (name, plain(value))).collect()
            }
        },
        Value::Array(items) => items.into_iter().map(plain).collect(),
        other => other,
    }
}

/// What every answer passes last: problems become `{"error", "help"}`, and nobody keeps them.
pub(super) async fn finish(mut response: Response) -> Response {
    let status = response.status();
    let told = match response.extensions_mut().remove::<Problem>() {
        Some(problem) => Some(problem.told()),
        None if status.is_client_error() => Some((
            "This is not how this address is asked.".to_owned(),
            "GET /api/v1/openapi.json says how.".to_owned(),
        )),
        None => None,
    };
    if let Some((error, help)) = told {
        response = (status, Json(json!({"error": error, "help": help}))).into_response();
    }
    if status == StatusCode::UNAUTHORIZED {
        let how = HeaderValue::from_static("Bearer");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, how);
    }
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
