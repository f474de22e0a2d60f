//! The page at which people let the App know who they are, and the exchange behind it.

use axum::extract::{Query, State as Shared};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Visit;
use super::manifest::leading_to;
use crate::sandbox::Sandbox;
use crate::sandbox::payload::urlencoded;
use crate::sandbox::seed::PEOPLE;
use crate::sandbox::state::{CodeExchange, Refusal};

/// What a client sends people here with.
#[derive(Debug, Deserialize, Serialize)]
struct Wish {
    client_id: String,
    #[serde(default)]
    redirect_uri: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    code_challenge: String,
    /// Who lets the App know; empty until somebody does.
    #[serde(default)]
    login: String,
}

/// The addresses of GitHub's sign-in.
pub(in crate::sandbox) fn router(sandbox: Sandbox) -> Router {
    Router::new()
        .route("/login/oauth/authorize", get(ask).post(answer))
        .route("/login/oauth/access_token", post(exchange))
        .with_state(sandbox)
}

async fn ask(visit: Visit, Query(wish): Query<Wish>) -> Response {
    match address_back(&visit, &wish) {
        Some(back) => leading_to(&back, visit.page("sign-in.html", json!({ "wish": wish }))),
        None => visit.problem(&Refusal::not_found()),
    }
}

async fn answer(visit: Visit, Form(wish): Form<Wish>) -> Response {
    let Some(back) = address_back(&visit, &wish) else {
        return visit.problem(&Refusal::not_found());
    };
    let state = urlencoded(&wish.state);
    let mark = if back.contains('?') { '&' } else { '?' };
    let known = PEOPLE.iter().find(|(login, _)| *login == wish.login);
    let Some((login, _)) = known else {
        let refused = format!("{back}{mark}error=access_denied&state={state}");
        return Redirect::to(&refused).into_response();
    };
    let now = visit.sandbox.now();
    let challenge = Some(wish.code_challenge).filter(|challenge| !challenge.is_empty());
    let code = visit.sandbox.with(|known| known.give_code(login, challenge, now));
    Redirect::to(&format!("{back}{mark}code={code}&state={state}")).into_response()
}

/// Where to go back to: the App's own address, or another below it; none for a client that is not
/// known, and for an address elsewhere.
fn address_back(visit: &Visit, wish: &Wish) -> Option<String> {
    visit.sandbox.with(|state| {
        let home = state.settings.desk_url.clone()?;
        let is_known = state.settings.oauth_client.0 == wish.client_id;
        let is_own = wish.redirect_uri.starts_with(&format!("{home}/"));
        let own = || format!("{home}/sign-in/callback");
        match wish.redirect_uri.as_str() {
            _ if !is_known => None,
            "" => Some(own()),
            given => is_own.then(|| given.to_owned()),
        }
    })
}

#[derive(Deserialize)]
struct ExchangeForm {
    client_id: String,
    client_secret: String,
    code: String,
    #[serde(default)]
    code_verifier: String,
}

async fn exchange(
    Shared(sandbox): Shared<Sandbox>,
    Form(form): Form<ExchangeForm>,
) -> (StatusCode, Json<serde_json::Value>) {
    let asked = CodeExchange {
        client_id: &form.client_id,
        client_secret: &form.client_secret,
        code: &form.code,
        verifier: &form.code_verifier,
    };
    let now = sandbox.now();
    // GitHub says what is wrong with status 200 too.
    let answer = match sandbox.with(|state| state.exchange_code(asked, now)) {
        Ok(token) => json!({ "access_token": token, "token_type": "bearer", "scope": "" }),
        Err(error) => json!({ "error": error }),
    };
    (StatusCode::OK, Json(answer))
}
