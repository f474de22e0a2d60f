//! The REST face: the routes of api.github.com that a triage bot needs, on the state in memory.
//!
//! Start reading at [`router`]; `access` is what every request passes first.

mod access;
mod answer;
mod apps;
mod comments;
mod graphql;
mod issues;
mod labels;
mod manifests;
mod moves;
mod news;
mod repositories;

use axum::Router;
use axum::middleware::{from_fn_with_state, map_request_with_state};
use axum::routing::{delete, get, patch, post};

use super::Sandbox;

/// All routes. Paths that name a repository by number are rewritten before they are routed.
pub(super) fn router(sandbox: Sandbox) -> Router {
    let routes = app_routes()
        .merge(issue_routes())
        .merge(repository_routes())
        .route("/graphql", post(graphql::run));
    let by_name = map_request_with_state(sandbox.clone(), moves::by_name);
    let open = Router::new()
        .route("/app-manifests/{code}/conversions", post(manifests::convert))
        .route_layer(from_fn_with_state(sandbox.clone(), access::guard_open))
        .with_state(sandbox.clone());
    open.fallback_service(guarded(routes, sandbox)).layer(by_name)
}

/// GraphQL alone, for where it is not served below the REST face.
pub(super) fn graphql_router(sandbox: Sandbox) -> Router {
    let route = Router::new().route("/graphql", post(graphql::run));
    // No fallback of its own: it is served beside the REST face.
    let guard = from_fn_with_state(sandbox.clone(), access::guard);
    route.route_layer(guard).with_state(sandbox)
}

fn guarded(routes: Router<Sandbox>, sandbox: Sandbox) -> Router {
    routes
        .fallback(answer::no_such_route)
        .method_not_allowed_fallback(answer::no_such_route)
        .layer(from_fn_with_state(sandbox.clone(), access::guard))
        .with_state(sandbox)
}

fn app_routes() -> Router<Sandbox> {
    Router::new()
        .route("/app", get(apps::app))
        .route("/app/installations", get(apps::installations))
        .route("/app/installations/{id}", get(apps::installation))
        .route("/app/installations/{id}/access_tokens", post(apps::create_token))
        .route("/app/hook/config", get(apps::hook_config))
        .route("/app/hook/deliveries", get(apps::deliveries))
        .route("/app/hook/deliveries/{id}", get(apps::delivery))
        .route("/app/hook/deliveries/{id}/attempts", post(apps::redeliver))
        .route("/repos/{owner}/{name}/installation", get(apps::repository_installation))
        .route("/installation/repositories", get(apps::installed_repositories))
        .route("/user", get(apps::user))
        .route("/applications/{client_id}/token", delete(apps::revoke_token))
        .route("/rate_limit", get(apps::rate_limit))
}

fn issue_routes() -> Router<Sandbox> {
    Router::new()
        .route("/repos/{owner}/{name}/issues", get(issues::list).post(issues::create))
        .route("/repos/{owner}/{name}/issues/{number}", get(issues::show).patch(issues::edit))
        .route(
            "/repos/{owner}/{name}/issues/{number}/comments",
            get(comments::list).post(comments::create),
        )
        .route("/repos/{owner}/{name}/issues/comments", get(comments::of_all))
        .route(
            "/repos/{owner}/{name}/issues/comments/{id}",
            get(comments::show).patch(comments::edit).post(comments::edit).delete(comments::delete),
        )
        .route(
            "/repos/{owner}/{name}/issues/{number}/labels",
            get(labels::of_issue).post(labels::add_to_issue).put(labels::set_on_issue),
        )
        .route(
            "/repos/{owner}/{name}/issues/{number}/labels/{label}",
            delete(labels::remove_from_issue),
        )
        .route(
            "/repos/{owner}/{name}/issues/{number}/assignees",
            post(issues::assign).delete(issues::unassign),
        )
        .route(
            "/repos/{owner}/{name}/issues/{number}/lock",
            axum::routing::put(issues::lock).delete(issues::unlock),
        )
        .route("/repos/{owner}/{name}/issues/{number}/timeline", get(issues::timeline))
        .route("/repos/{owner}/{name}/issues/{number}/reactions", post(issues::react))
        .route("/repos/{owner}/{name}/issues/comments/{id}/reactions", post(comments::react))
}

fn repository_routes() -> Router<Sandbox> {
    Router::new()
        .route("/repos/{owner}/{name}", get(repositories::show))
        .route("/repos/{owner}/{name}/branches/{*branch}", get(repositories::branch))
        .route("/repos/{owner}/{name}/labels", get(labels::list).post(labels::create))
        .route(
            "/repos/{owner}/{name}/labels/{label}",
            patch(labels::edit).get(labels::show).delete(labels::delete),
        )
        .route(
            "/repos/{owner}/{name}/collaborators/{login}/permission",
            get(repositories::permission),
        )
        .route("/repos/{owner}/{name}/contents/{*path}", get(repositories::contents))
}
