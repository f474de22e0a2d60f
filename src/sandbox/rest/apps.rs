//! The App, its installation and tokens, the delivery log, the token's own account and limits.

use axum::Json;
use axum::extract::Path;
use axum::response::IntoResponse;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::access::Caller;
use super::answer::{Answer, Call, created, ok, with_links};
use crate::sandbox::payload;
use crate::sandbox::state::{Delivery, Refusal, RepositoryName};

pub(super) async fn app(call: Call) -> Answer {
    call.act_as_owner(|acting| Ok(ok(payload::app(acting.state()))))
}

pub(super) async fn hook_config(call: Call) -> Answer {
    call.act_as_owner(|acting| Ok(ok(payload::hook_config(acting.state()))))
}

pub(super) async fn installations(call: Call) -> Answer {
    let all = call.act_as_owner(|acting| Ok(vec![payload::installation(acting.state())]))?;
    Ok(call.page_of(all))
}

pub(super) async fn installation(call: Call, Path(id): Path<u64>) -> Answer {
    call.act_as_owner(|acting| {
        check_installation(acting.state().settings.installation_id, id)?;
        Ok(ok(payload::installation(acting.state())))
    })
}

pub(super) async fn repository_installation(
    call: Call,
    Path((owner, name)): Path<(String, String)>,
) -> Answer {
    call.act_as_owner(|acting| {
        let repository = acting.state().find_repository(&RepositoryName::new(&owner, &name));
        match repository.filter(|repository| repository.has_app) {
            Some(_) => Ok(ok(payload::installation(acting.state()))),
            None => Err(Refusal::not_found()),
        }
    })
}

pub(super) async fn create_token(call: Call, Path(id): Path<u64>) -> Answer {
    call.act_as_owner(|acting| {
        check_installation(acting.state().settings.installation_id, id)?;
        let (token, expires_at) = acting.create_token();
        Ok(created(json!({
            "token": token,
            "expires_at": expires_at,
            "permissions": payload::permissions(acting.state()),
            "repository_selection": "selected",
        })))
    })
}

fn check_installation(known: u64, asked: u64) -> Result<(), Refusal> {
    if known == asked { Ok(()) } else { Err(Refusal::not_found()) }
}

pub(super) async fn installed_repositories(call: Call) -> Answer {
    let all = call.act(|acting| {
        let state = acting.state();
        let installed = state.repositories().iter().filter(|repository| repository.has_app);
        Ok(installed.map(|one| payload::repository(state, one)).collect::<Vec<Value>>())
    })?;
    Ok(ok(json!({
        "total_count": all.len(), "repository_selection": "selected", "repositories": all,
    })))
}

/// The log, newest first, by cursor: the id of the last attempt shown before.
pub(super) async fn deliveries(call: Call) -> Answer {
    let now = call.sandbox.now();
    let size = call.number("per_page").unwrap_or(30).clamp(1, 100);
    let before: Option<u64> = call.query.get("cursor").and_then(|cursor| cursor.parse().ok());
    let (shown, next) = call.act_as_owner(|acting| {
        let state = acting.state();
        let log = state.deliveries(now);
        let mut rest = log.into_iter().filter(|one| before.is_none_or(|before| one.id < before));
        let page: Vec<&Delivery> = rest.by_ref().take(size).collect();
        let next = rest.next().and(page.last()).map(|last| last.id);
        let shown = page.iter().map(|one| payload::delivery(state, one)).collect::<Vec<Value>>();
        Ok((shown, next))
    })?;
    let next =
        next.map(|id| format!("<{}>; rel=\"next\"", call.address_with("cursor", &id.to_string())));
    Ok(with_links(shown, next.as_slice()))
}

pub(super) async fn delivery(call: Call, Path(id): Path<u64>) -> Answer {
    let now = call.sandbox.now();
    call.act_as_owner(|acting| {
        let state = acting.state();
        let found = state.deliveries(now).into_iter().find(|delivery| delivery.id == id);
        let found = found.ok_or_else(Refusal::not_found)?;
        Ok(ok(payload::delivery_in_full(state, found)))
    })
}

pub(super) async fn redeliver(call: Call, Path(id): Path<u64>) -> Answer {
    call.act_as_owner(|acting| acting.redeliver(id))?;
    Ok((StatusCode::ACCEPTED, Json(json!({}))).into_response())
}

pub(super) async fn user(call: Call) -> Answer {
    let Caller::Token(crate::sandbox::state::Actor::Person(login)) = call.caller.clone() else {
        return Err(Refusal::forbidden().into());
    };
    call.act(|acting| Ok(ok(payload::user(acting.state(), &login))))
}

#[derive(Deserialize)]
pub(super) struct RevokeBody {
    access_token: String,
}

/// Makes a token worthless that somebody's sign-in brought; the App's client alone may.
pub(super) async fn revoke_token(
    call: Call,
    Path(client_id): Path<String>,
    Json(body): Json<RevokeBody>,
) -> Answer {
    let is_ours = call.sandbox.with(|state| state.settings.oauth_client.0 == client_id);
    match call.caller {
        Caller::Client if is_ours => {}
        Caller::Client | Caller::Owner | Caller::Token(_) => {
            return Err(Refusal::not_found().into());
        }
    }
    match call.sandbox.with(|state| state.revoke_user_token(&body.access_token)) {
        true => Ok(StatusCode::NO_CONTENT.into_response()),
        false => Err(Refusal::new(422, "Validation Failed").into()),
    }
}

pub(super) async fn rate_limit(call: Call) -> Answer {
    let budget = call.budget;
    let core = json!({
        "limit": budget.limit,
        "used": budget.used,
        "remaining": budget.limit.saturating_sub(budget.used),
        "reset": budget.resets_at.as_second(),
        "resource": "core",
    });
    Ok(ok(json!({ "resources": { "core": core }, "rate": core })))
}
