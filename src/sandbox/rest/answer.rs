//! What handlers share: places from paths, bodies, pages of a list, refusals as GitHub words them.

use std::collections::HashMap;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequestParts, OriginalUri, Query};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderValue, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::access::Caller;
use crate::sandbox::Sandbox;
use crate::sandbox::state::{Acting, Actor, Budget, Refusal};

/// Where GitHub says its errors are explained.
const DOCUMENTATION: &str = "https://docs.github.com/rest";

/// What a handler gives back.
pub(super) type Answer = Result<Response, Failure>;

/// A refusal on its way out.
#[derive(Debug)]
pub(super) struct Failure(pub(super) Refusal);

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self(refusal)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let Self(refusal) = self;
        let status =
            StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut body = json!({
            "message": refusal.message,
            "documentation_url": DOCUMENTATION,
            "status": refusal.status.to_string(),
        });
        if !refusal.errors.is_empty() {
            body["errors"] = refusal.errors.into();
        }
        let mut response = (status, Json(body)).into_response();
        if let Some(place) = refusal.moved_to.and_then(|url| HeaderValue::from_str(&url).ok()) {
            response.headers_mut().insert(header::LOCATION, place);
        }
        response
    }
}

/// Answers whatever the stand-in does not know.
pub(super) async fn no_such_route() -> Response {
    Failure(Refusal::not_found()).into_response()
}

/// One request: the sandbox, its sender, its query and its own address.
pub(super) struct Call {
    pub(super) sandbox: Sandbox,
    pub(super) caller: Caller,
    pub(super) budget: Budget,
    pub(super) query: HashMap<String, String>,
    address: String,
    pub(super) accept: String,
}

impl FromRequestParts<Sandbox> for Call {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, sandbox: &Sandbox) -> Result<Self, Failure> {
        let caller = parts.extensions.get::<Caller>().cloned();
        let caller = caller.ok_or_else(|| Refusal::new(401, "Requires authentication"))?;
        let budget = parts.extensions.get::<Budget>().copied();
        let budget = budget.ok_or_else(|| Refusal::new(401, "Requires authentication"))?;
        let query = Query::<HashMap<String, String>>::try_from_uri(&parts.uri)
            .map_err(|_| Refusal::new(422, "Invalid request."))?
            .0;
        let header = |name| {
            let value: Option<&HeaderValue> = parts.headers.get(name);
            value.and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
        };
        let (host, accept) = (header(header::HOST), header(header::ACCEPT));
        let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0);
        let host = uri.authority().map_or(host, |authority| authority.to_string());
        let address = format!("http://{host}{}", uri.path());
        Ok(Self { sandbox: sandbox.clone(), caller, budget, query, address, accept })
    }
}

impl Call {
    /// Does something as the sender of the request, who must not be the App's bare JSON web token.
    pub(super) fn act<T>(
        &self,
        work: impl FnOnce(&mut Acting<'_>) -> Result<T, Refusal>,
    ) -> Result<T, Failure> {
        let Caller::Token(actor) = self.caller.clone() else {
            return Err(Refusal::forbidden().into());
        };
        Ok(self.act_as(actor, work)?)
    }

    /// Does something as the App, for routes that want its JSON web token.
    pub(super) fn act_as_owner<T>(
        &self,
        work: impl FnOnce(&mut Acting<'_>) -> Result<T, Refusal>,
    ) -> Result<T, Failure> {
        match self.caller {
            Caller::Owner => Ok(self.act_as(Actor::App, work)?),
            Caller::Token(_) | Caller::Client => {
                Err(Refusal::new(401, "A JSON web token could not be decoded").into())
            }
        }
    }

    fn act_as<T>(
        &self,
        actor: Actor,
        work: impl FnOnce(&mut Acting<'_>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let now = self.sandbox.now();
        self.sandbox.with(|state| work(&mut state.acting(actor, now)))
    }

    /// A number from the query.
    pub(super) fn number(&self, name: &str) -> Option<usize> {
        self.query.get(name).and_then(|value| value.parse().ok())
    }

    /// A time from the query.
    pub(super) fn since(&self) -> Result<Option<jiff::Timestamp>, Refusal> {
        let Some(text) = self.query.get("since") else {
            return Ok(None);
        };
        text.parse().map(Some).map_err(|_| Refusal::new(422, "Invalid request. `since` is no time"))
    }

    /// The page asked for, with the `Link` header to the others.
    pub(super) fn page_of(&self, items: Vec<Value>) -> Response {
        let size = self.number("per_page").unwrap_or(30).clamp(1, 100);
        let page = self.number("page").unwrap_or(1).max(1);
        let last = items.len().div_ceil(size).max(1);
        let mut links = Vec::new();
        if page > 1 {
            links.push((page - 1, "prev"));
        }
        if page < last {
            links.push((page + 1, "next"));
            links.push((last, "last"));
        }
        if page > 1 {
            links.push((1, "first"));
        }
        let links: Vec<String> = links
            .into_iter()
            .map(|(page, name)| {
                format!("<{}>; rel=\"{name}\"", self.address_with("page", &page.to_string()))
            })
            .collect();
        let shown: Vec<Value> = items.into_iter().skip((page - 1) * size).take(size).collect();
        with_links(shown, &links)
    }

    /// This request's own address with one value of its query changed.
    pub(super) fn address_with(&self, name: &str, value: &str) -> String {
        let mut query: Vec<(&str, &str)> =
            self.query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        query.retain(|(other, _)| *other != name);
        query.push((name, value));
        query.sort_unstable();
        let query: Vec<String> =
            query.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        format!("{}?{}", self.address, query.join("&"))
    }
}

/// A list with a `Link` header.
pub(super) fn with_links(items: Vec<Value>, links: &[String]) -> Response {
    let mut response = Json(items).into_response();
    if let Ok(value) = HeaderValue::from_str(&links.join(", "))
        && !links.is_empty()
    {
        response.headers_mut().insert(header::LINK, value);
    }
    response
}

fn encoded(text: &str) -> String {
    crate::sandbox::payload::urlencoded(text)
}

/// The body of a request.
pub(super) fn parse<T: DeserializeOwned>(body: &Bytes) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| {
        if error.is_data() {
            Refusal::new(422, &format!("Invalid request. {error}"))
        } else {
            Refusal::new(400, "Problems parsing JSON")
        }
    })
}

/// 200 with JSON.
pub(super) fn ok(body: Value) -> Response {
    Json(body).into_response()
}

/// 201 with JSON.
pub(super) fn created(body: Value) -> Response {
    (StatusCode::CREATED, Json(body)).into_response()
}

/// 204.
pub(super) fn done() -> Response {
    StatusCode::NO_CONTENT.into_response()
}
