//! A ticket's public page and its badge: what everybody may know, and nothing else.

use std::sync::LazyLock;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, context};
use serde_json::json;

use super::{Web, asset};
use crate::store::{PublicTicket, Standing, StoreError};
use crate::triage::{Standstill, WaitingTimes};

/// GitHub's image proxy and browsers ask again after a minute.
const CACHE: &str = "public, max-age=60";

/// No script, no frame, nothing from elsewhere.
const CONTENT_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; \
                              frame-ancestors 'none'; base-uri 'none'";

static PAGES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut pages = Environment::new();
    let status = include_str!("../../templates/pages/public/status.html");
    pages.add_template("status.html", status).expect("a test renders the page");
    pages
});

/// `GET /status/{owner}/{repository}/{number}`: a page, or JSON for who asks for it.
pub(super) async fn page(
    State(web): State<Web>,
    Path((owner, repository, number)): Path<(String, String, u64)>,
    headers: HeaderMap,
) -> Response {
    let found = match find_facts(&web, format!("{owner}/{repository}"), number).await {
        Ok(Some(found)) => found,
        Ok(None) => return not_found(),
        Err(error) => return unavailable(&error),
    };
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    let answer = if accept.is_some_and(|accept| accept.contains("application/json")) {
        Json(as_json(&found)).into_response()
    } else {
        Html(as_html(&found)).into_response()
    };
    let guards = [
        (header::CACHE_CONTROL, CACHE),
        (header::VARY, "accept"),
        (header::CONTENT_SECURITY_POLICY, CONTENT_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (guards, answer).into_response()
}

/// `GET /badge/{owner}/{repository}/{number}.svg`: the place in the queue as a small image.
pub(super) async fn badge(
    State(web): State<Web>,
    Path((owner, repository, file)): Path<(String, String, String)>,
) -> Response {
    let number = file.strip_suffix(".svg").and_then(|number| number.parse().ok());
    let Some(number) = number else { return not_found() };
    match web.engine.store().public_ticket(format!("{owner}/{repository}"), number).await {
        Ok(Some(found)) => {
            let guards = [
                (header::CONTENT_TYPE, "image/svg+xml; charset=utf-8"),
                (header::CACHE_CONTROL, CACHE),
                (header::CONTENT_SECURITY_POLICY, CONTENT_POLICY),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            ];
            (guards, drawn(&words(found.standing))).into_response()
        }
        Ok(None) => not_found(),
        Err(error) => unavailable(&error),
    }
}

/// What the page tells, and nothing else of the ticket.
struct Facts {
    repository: String,
    number: u64,
    url: String,
    opened_at: Timestamp,
    standing: Standing,
    standstill: Option<Standstill>,
    waiting: Option<WaitingTimes>,
}

async fn find_facts(
    web: &Web,
    full_name: String,
    number: u64,
) -> Result<Option<Facts>, StoreError> {
    let store = web.engine.store();
    let Some(found) = store.public_ticket(full_name, number).await? else {
        return Ok(None);
    };
    let PublicTicket { desk, ticket, standing } = found;
    Ok(Some(Facts {
        waiting: store.waiting_times(desk.repository.id).await?,
        standstill: web.engine.standstill(&desk, &ticket),
        repository: desk.repository.full_name(),
        number,
        url: ticket.url,
        opened_at: ticket.opened_at,
        standing,
    }))
}

/// What the badge says.
fn words(standing: Standing) -> String {
    match standing {
        Standing::Answered => "answered".to_owned(),
        Standing::WaitingForRequester => "waiting for you".to_owned(),
        Standing::InQueue { place, length } => format!("#{place} of {length}"),
    }
}

fn sentence(standing: Standing) -> String {
    match standing {
        Standing::Answered => "This request is closed.".to_owned(),
        Standing::WaitingForRequester => {
            "It waits for an answer of the person who asked; the request says which.".to_owned()
        }
        Standing::InQueue { place, length } => {
            format!("It waits for the maintainers, as number {place} of {length}.")
        }
    }
}

/// A clock that stands still, in words for whoever waits.
fn rest(standstill: &Standstill) -> String {
    match standstill {
        Standstill::Snoozed(until) => {
            format!("The maintainers put it aside until {}.", until.strftime("%Y-%m-%d"))
        }
        Standstill::Away(until, why) if why.is_empty() => {
            format!("The maintainers are away until {until}, and the clock stands still.")
        }
        Standstill::Away(until, why) => {
            format!("The maintainers are away until {until} ({why}), and the clock stands still.")
        }
    }
}

fn as_html(facts: &Facts) -> String {
    let page = PAGES.get_template("status.html").expect("a test renders the page");
    let facts = context! {
        number => facts.number,
        repository => facts.repository.as_str(),
        url => facts.url.as_str(),
        opened_on => facts.opened_at.strftime("%Y-%m-%d").to_string(),
        words => words(facts.standing),
        sentence => sentence(facts.standing),
        rest => facts.standstill.as_ref().map(rest),
        waiting => Value::from(Serde(facts.waiting)),
        icon => asset::ICON.path(),
        style => asset::STYLE.path(),
    };
    page.render(facts).expect("a test renders the page")
}

fn as_json(facts: &Facts) -> serde_json::Value {
    let (place, length) = match facts.standing {
        Standing::InQueue { place, length } => (Some(place), Some(length)),
        Standing::Answered | Standing::WaitingForRequester => (None, None),
    };
    json!({
        "repository": facts.repository,
        "number": facts.number,
        "url": facts.url,
        "opened_at": facts.opened_at,
        "status": words(facts.standing),
        "place": place,
        "length": length,
        "rest": facts.standstill.as_ref().map(rest),
        "waiting": facts.waiting,
    })
}

/// An image in the shape people know from badges: a name at the left, the state at the right.
fn drawn(words: &str) -> String {
    let (name, name_width) = ("request", 54);
    let words_width = 12 + 7 * words.len();
    let width = name_width + words_width;
    let (name_middle, words_middle) = (name_width / 2, name_width + words_width / 2);
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" aria-label="{name}: {words}"><title>{name}: {words}</title><rect width="{width}" height="20" rx="3" fill="#1f6feb"/><rect width="{name_width}" height="20" rx="3" fill="#444c56"/><g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11"><text x="{name_middle}" y="14">{name}</text><text x="{words_middle}" y="14">{words}</text></g></svg>"##
    )
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "no such request is known here\n").into_response()
}

fn unavailable(error: &StoreError) -> Response {
    tracing::error!(%error, "a public page could not be shown");
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "5")], "try again soon\n")
        .into_response()
}
