//! The page on which GitHub makes an App from a manifest.

use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use http::{HeaderValue, header};
use serde::Deserialize;
use serde_json::json;

use super::{CONTENT_POLICY, Visit};
use crate::sandbox::Sandbox;
use crate::sandbox::payload::urlencoded;
use crate::sandbox::state::{Manifest, Refusal};

/// The addresses at which Apps are made.
pub(in crate::sandbox) fn router(sandbox: Sandbox) -> Router {
    Router::new()
        .route("/settings/apps/new", post(ask))
        .route("/organizations/{organization}/settings/apps/new", post(ask_for_organization))
        .route("/settings/apps/manifest", post(make))
        .route("/apps/{slug}/installations/new", get(ask_to_install).post(install))
        .with_state(sandbox)
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    state: String,
}

#[derive(Deserialize)]
struct Brought {
    manifest: String,
}

/// What the page's own form brings.
#[derive(Deserialize)]
struct Wanted {
    manifest: String,
    name: String,
    state: String,
}

async fn ask(visit: Visit, Query(asked): Query<Asked>, Form(brought): Form<Brought>) -> Response {
    show(&visit, ("your account", &asked.state), &brought.manifest)
}

async fn ask_for_organization(
    visit: Visit,
    Path(organization): Path<String>,
    (Query(asked), Form(brought)): (Query<Asked>, Form<Brought>),
) -> Response {
    show(&visit, (&organization, &asked.state), &brought.manifest)
}

fn show(visit: &Visit, (owner, state): (&str, &str), text: &str) -> Response {
    let manifest = match read(text) {
        Ok(manifest) => manifest,
        Err(refusal) => return visit.problem(&refusal),
    };
    let content = json!({
        "owner": owner,
        "state": state,
        "manifest": text,
        "name": manifest.name,
        "permissions": manifest.default_permissions,
        "events": manifest.default_events,
        "hook": manifest.hook_attributes.url,
    });
    leading_to(&manifest.redirect_url, visit.page("manifest.html", content))
}

/// A page whose form leads to another host in the end: browsers look at that, too.
pub(super) fn leading_to(url: &str, mut response: Response) -> Response {
    let policy = format!("form-action 'self' {};", origin(url));
    let policy = CONTENT_POLICY.replace("form-action 'self';", &policy);
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Where people go on to who installed the App that was made here.
fn after_installing(visit: &Visit) -> Result<String, Refusal> {
    let made = visit.sandbox.with(|state| state.made_from().cloned());
    made.and_then(|made| made.setup_url).ok_or_else(Refusal::not_found)
}

async fn ask_to_install(visit: Visit) -> Response {
    match after_installing(&visit) {
        Ok(next) => leading_to(&next, visit.page("install.html", json!({ "action": visit.path }))),
        Err(refusal) => visit.problem(&refusal),
    }
}

async fn install(visit: Visit) -> Response {
    match after_installing(&visit) {
        Ok(next) => Redirect::to(&next).into_response(),
        Err(refusal) => visit.problem(&refusal),
    }
}

async fn make(visit: Visit, Form(wanted): Form<Wanted>) -> Response {
    let now = visit.sandbox.now();
    let made = read(&wanted.manifest).and_then(|manifest| {
        let manifest = Manifest { name: wanted.name, ..manifest };
        let back = manifest.redirect_url.clone();
        let code = visit.sandbox.with(|state| state.make_app(manifest, now))?;
        Ok((back, code))
    });
    match made {
        Ok((back, code)) => {
            let mark = if back.contains('?') { '&' } else { '?' };
            let state = urlencoded(&wanted.state);
            Redirect::to(&format!("{back}{mark}code={code}&state={state}")).into_response()
        }
        Err(refusal) => visit.problem(&refusal),
    }
}

fn read(text: &str) -> Result<Manifest, Refusal> {
    serde_json::from_str(text).map_err(|error| {
        Refusal::new(422, &format!("The manifest is not as it should be: {error}"))
    })
}

/// Scheme and host of an address.
fn origin(url: &str) -> &str {
    let host = url.find("://").map_or(0, |at| at + 3);
    let end = url[host..].find('/').map_or(url.len(), |at| host + at);
    &url[..end]
}
