//! A small tracker to look at and click in: what the demo shows of the stand-in GitHub.
//!
//! Start reading at [`router`]; `act` holds what the buttons do, `view` what the templates are
//! given. Everything works without JavaScript; after a change the page reloads itself a few times,
//! so that the bot's answer is seen to arrive.

mod act;
mod form;
mod manifest;
mod sign_in;
mod tour;
mod view;

pub use form::{Answers, TITLE};
pub(super) use manifest::router as manifest_router;
pub(super) use sign_in::router as sign_in_router;

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::LazyLock;

use axum::Router;
use axum::extract::{FromRequestParts, OriginalUri, Path, Query};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use http::request::Parts;
use http::{StatusCode, header};
use minijinja::Environment;
use minijinja::value::Serde;
use serde_json::{Value, json};

use super::Sandbox;
use super::seed::PEOPLE;
use super::state::{Actor, Refusal, RepositoryName};

/// The cookie that says whom one plays.
const PERSON_COOKIE: &str = "keydesk-demo-person";

/// The cookie of those who ended the tour.
const TOUR_COOKIE: &str = "keydesk-demo-tour";

/// How often a page reloads itself after a change.
const RELOADS: u32 = 4;

/// Nothing from elsewhere, no scripts; colours of labels are set in place.
const CONTENT_POLICY: &str = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self'; \
                              form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut templates = Environment::new();
    let texts = [
        ("base.html", include_str!("../../templates/pages/sandbox/base.html")),
        ("issues.html", include_str!("../../templates/pages/sandbox/issues.html")),
        ("issue.html", include_str!("../../templates/pages/sandbox/issue.html")),
        ("new.html", include_str!("../../templates/pages/sandbox/new.html")),
        ("deliveries.html", include_str!("../../templates/pages/sandbox/deliveries.html")),
        ("install.html", include_str!("../../templates/pages/sandbox/install.html")),
        ("manifest.html", include_str!("../../templates/pages/sandbox/manifest.html")),
        ("sign-in.html", include_str!("../../templates/pages/sandbox/sign-in.html")),
        ("problem.html", include_str!("../../templates/pages/sandbox/problem.html")),
    ];
    for (name, text) in texts {
        templates.add_template(name, text).expect("the templates are checked by a test");
    }
    templates
});

/// All pages.
pub(super) fn router(sandbox: Sandbox) -> Router {
    routes().route("/", get(home)).fallback(nothing_here).with_state(sandbox)
}

/// All pages but the one at `/`.
pub(super) fn tracker(sandbox: Sandbox) -> Router {
    routes().fallback(nothing_here).with_state(sandbox)
}

fn routes() -> Router<Sandbox> {
    Router::new()
        .route("/tracker", get(home))
        .route("/style.css", get(style))
        .route("/icon.svg", get(icon))
        .route("/deliveries", get(deliveries))
        .route("/person", post(act::choose_person))
        .route("/tour", post(act::choose_tour))
        .route("/clock", post(act::move_clock))
        .route("/{owner}/{name}", get(home))
        .route("/{owner}/{name}/issues", get(issues))
        .route("/{owner}/{name}/issues/new", get(new).post(act::file_request))
        .route("/{owner}/{name}/issues/{number}", get(issue))
        .route("/{owner}/{name}/issues/{number}/comments", post(act::comment))
        .route("/{owner}/{name}/issues/{number}/labels", post(act::change_labels))
        .route("/{owner}/{name}/issues/{number}/body", post(act::edit_body))
}

/// One visit: who looks, where, and under which path the pages are served.
struct Visit {
    sandbox: Sandbox,
    person: String,
    is_tour_off: bool,
    query: HashMap<String, String>,
    prefix: String,
    path: String,
}

/// Which part of a page to show after a change.
#[derive(Clone, Copy)]
enum Anchor {
    Top,
    End,
}

impl FromRequestParts<Sandbox> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, sandbox: &Sandbox) -> Result<Self, Infallible> {
        let query = Query::try_from_uri(&parts.uri).map(|Query(query)| query).unwrap_or_default();
        let original = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |uri| &uri.0);
        let path = original.path().to_owned();
        let inner = parts.uri.path();
        let prefix = path.strip_suffix(inner).unwrap_or(&path).trim_end_matches('/').to_owned();
        let cookies = parts.headers.get(header::COOKIE).and_then(|value| value.to_str().ok());
        let cookies = cookies.unwrap_or_default().split(';');
        let mut cookies = cookies.filter_map(|cookie| cookie.trim().split_once('='));
        let is_tour_off = cookies.clone().any(|(name, _)| name == TOUR_COOKIE);
        let person = cookies
            .find(|(name, _)| *name == PERSON_COOKIE)
            .map(|(_, login)| login)
            .filter(|login| PEOPLE.iter().any(|(known, _)| known == login))
            .unwrap_or(PEOPLE[0].0)
            .to_owned();
        Ok(Self { sandbox: sandbox.clone(), person, is_tour_off, query, prefix, path })
    }
}

impl Visit {
    fn actor(&self) -> Actor {
        Actor::Person(self.person.clone())
    }

    /// Renders a template with what every page shows.
    fn page(&self, template: &str, content: Value) -> Response {
        let mut context = view::frame(self);
        if let (Some(context), Value::Object(content)) = (context.as_object_mut(), content) {
            context.extend(content);
        }
        let template = TEMPLATES.get_template(template);
        match template.and_then(|template| template.render(Serde(&context))) {
            Ok(page) => {
                ([(header::CONTENT_SECURITY_POLICY, CONTENT_POLICY)], Html(page)).into_response()
            }
            Err(error) => {
                tracing::error!(%error, "a page of the demo could not be rendered");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }

    /// A page that says why something was not done.
    fn problem(&self, refusal: &Refusal) -> Response {
        let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::BAD_REQUEST);
        let text = match status {
            StatusCode::NOT_FOUND => "There is nothing at this address.",
            StatusCode::FORBIDDEN => "The person you are playing may not do this.",
            _ => refusal.message.as_str(),
        };
        (status, self.page("problem.html", json!({ "text": text }))).into_response()
    }

    fn answer(&self, template: &str, content: Result<Value, Refusal>) -> Response {
        match content {
            Ok(content) => self.page(template, content),
            Err(refusal) => self.problem(&refusal),
        }
    }

    /// Back to a page, which reloads itself a few times from there.
    fn back_to(&self, path: &str, anchor: Anchor) -> Response {
        let place = match anchor {
            Anchor::Top => "",
            Anchor::End => "&at=end#end",
        };
        Redirect::to(&format!("{path}?watch={RELOADS}{place}")).into_response()
    }
}

async fn style() -> impl IntoResponse {
    let text = include_str!("../../templates/pages/sandbox/style.css");
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], text)
}

async fn icon() -> impl IntoResponse {
    let text = include_str!("../../templates/pages/sandbox/icon.svg");
    ([(header::CONTENT_TYPE, "image/svg+xml")], text)
}

async fn nothing_here(visit: Visit) -> Response {
    visit.problem(&Refusal::not_found())
}

/// Leads to the first tracker.
async fn home(visit: Visit) -> Response {
    let first = visit.sandbox.with(|state| state.repositories().first().map(|it| it.name.clone()));
    match first {
        Some(name) => {
            let to = format!("{}/{}/{}/issues", visit.prefix, name.owner, name.name);
            Redirect::to(&to).into_response()
        }
        None => visit.problem(&Refusal::not_found()),
    }
}

async fn issues(visit: Visit, Path((owner, name)): Path<(String, String)>) -> Response {
    let content = view::issues(&visit, &RepositoryName::new(&owner, &name));
    visit.answer("issues.html", content)
}

async fn new(visit: Visit, Path((owner, name)): Path<(String, String)>) -> Response {
    let content = view::new(&visit, &RepositoryName::new(&owner, &name));
    visit.answer("new.html", content)
}

async fn issue(visit: Visit, Path((owner, name, number)): Path<(String, String, u64)>) -> Response {
    let content = view::issue(&visit, &RepositoryName::new(&owner, &name).issue(number));
    visit.answer("issue.html", content)
}

async fn deliveries(visit: Visit) -> Response {
    visit.page("deliveries.html", view::deliveries(&visit))
}

#[cfg(test)]
mod tests {
    use super::TEMPLATES;

    #[test]
    fn every_template_is_well_formed() {
        assert_eq!(TEMPLATES.templates().count(), 9);
    }
}
