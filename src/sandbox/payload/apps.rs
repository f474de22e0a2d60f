//! The App, its installation, what every webhook carries, and the delivery log.

use serde_json::{Value, json};

use super::{api, node_id, page, repository, user};
use crate::sandbox::state::{AccountKind, Delivery, Permission, Repository, State};

/// Events the App is subscribed to. Those of its installation come to every App and are not listed.
pub const EVENTS: [&str; 5] = ["issues", "issue_comment", "push", "label", "repository"];

/// The App itself.
pub fn app(state: &State) -> Value {
    let settings = &state.settings;
    let owner = state.repositories().first().map(|one| user(state, &one.name.owner));
    json!({
        "id": settings.app_id,
        "slug": settings.app_slug,
        "node_id": node_id("A", settings.app_id),
        "client_id": format!("Iv23{:016}", settings.app_id),
        "owner": owner,
        "name": settings.app_slug,
        "description": "",
        "external_url": settings.pages_url,
        "html_url": page(state, &format!("/apps/{}", settings.app_slug)),
        "created_at": settings.start,
        "updated_at": settings.start,
        "permissions": permissions(state),
        "events": settings.events,
        "installations_count": 1,
    })
}

/// What the App may do.
pub fn permissions(state: &State) -> Value {
    let issues = if state.lacks(Permission::IssuesWrite) { "read" } else { "write" };
    let mut permissions = json!({ "issues": issues, "metadata": "read" });
    if !state.lacks(Permission::ContentsRead) {
        permissions["contents"] = "read".into();
    }
    permissions
}

/// Where the App's webhooks go, and how.
pub fn hook_config(state: &State) -> Value {
    let settings = &state.settings;
    let mut config = json!({
        "content_type": settings.webhook_content_type,
        "insecure_ssl": if settings.checks_certificates { "0" } else { "1" },
        "url": settings.webhook_url.clone().unwrap_or_default(),
    });
    if !settings.webhook_secret.is_empty() {
        config["secret"] = "********".into();
    }
    config
}

/// The installation of the App.
pub fn installation(state: &State) -> Value {
    let settings = &state.settings;
    let id = settings.installation_id;
    let owner = state.repositories().first().map(|one| one.name.owner.clone()).unwrap_or_default();
    let account = user(state, &owner);
    json!({
        "id": id,
        "account": account,
        "repository_selection": "selected",
        "access_tokens_url": api(state, &format!("/app/installations/{id}/access_tokens")),
        "repositories_url": api(state, "/installation/repositories"),
        "html_url": page(state, &format!("/settings/installations/{id}")),
        "app_id": settings.app_id,
        "app_slug": settings.app_slug,
        "target_id": account["id"],
        "target_type": account["type"],
        "permissions": permissions(state),
        "events": settings.events,
        "created_at": settings.start,
        "updated_at": settings.start,
        "single_file_name": null,
        "has_multiple_single_files": false,
        "single_file_paths": [],
        "suspended_by": null,
        "suspended_at": settings.suspended_at,
    })
}

/// What every webhook of a repository carries.
pub fn envelope(state: &State, from: &Repository) -> Value {
    let mut envelope = json!({ "repository": repository(state, from) });
    if state.user(&from.name.owner).is_some_and(|one| one.kind == AccountKind::Organization) {
        let owner = user(state, &from.name.owner);
        let url = api(state, &format!("/orgs/{}", from.name.owner));
        envelope["organization"] = json!({
            "login": owner["login"], "id": owner["id"], "node_id": owner["node_id"], "url": url,
            "repos_url": format!("{url}/repos"), "events_url": format!("{url}/events"),
            "hooks_url": format!("{url}/hooks"), "issues_url": format!("{url}/issues"),
            "members_url": format!("{url}/members{{/member}}"),
            "public_members_url": format!("{url}/public_members{{/member}}"),
            "avatar_url": owner["avatar_url"], "description": null,
        });
    }
    if from.has_app {
        let id = state.settings.installation_id;
        envelope["installation"] = json!({ "id": id, "node_id": node_id("MDIz", id) });
    }
    envelope
}

/// An attempt in the delivery log, as the list shows it.
pub fn delivery(state: &State, delivery: &Delivery) -> Value {
    json!({
        "id": delivery.id,
        "guid": delivery.event.guid,
        "delivered_at": delivery.delivered_at,
        "redelivery": delivery.event.is_redelivery,
        "duration": delivery.outcome.seconds,
        "status": delivery.outcome.status,
        "status_code": delivery.outcome.status_code,
        "event": delivery.event.event,
        "action": delivery.event.action,
        "installation_id": state.settings.installation_id,
        "repository_id": delivery.event.repository_id,
        "throttled_at": null,
    })
}

/// An attempt with what was sent and what came back.
pub fn delivery_in_full(state: &State, one: &Delivery) -> Value {
    let mut shown = delivery(state, one);
    shown["url"] = one.url.clone().into();
    shown["request"] = json!({ "headers": one.headers, "payload": one.event.payload });
    shown["response"] = json!({ "headers": {}, "payload": one.outcome.answer });
    shown
}
