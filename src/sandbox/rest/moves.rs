//! Renamed repositories: a former name leads to the address by number, which is served like the
//! name of today.

use axum::extract::{Request, State};
use http::{Method, Uri, uri::PathAndQuery};

use crate::sandbox::state::{Refusal, RepositoryName};
use crate::sandbox::{Sandbox, payload, state};

/// Where a request under a former name has to go: 301 for what only reads, 307 for the rest.
pub(super) fn new_place(state: &state::State, method: &Method, path: &str) -> Option<Refusal> {
    let rest = path.strip_prefix("/repos/")?;
    let mut parts = rest.splitn(3, '/');
    let name = RepositoryName::new(parts.next()?, parts.next()?);
    let below = parts.next().map(|below| format!("/{below}")).unwrap_or_default();
    let found = state.find_repository(&name)?;
    if found.name.is(&name) || (found.is_private && !found.has_app) {
        return None;
    }
    let status = if *method == Method::GET { 301 } else { 307 };
    let moved_to = Some(format!("{}{below}", payload::lasting_url(state, found.id)));
    Some(Refusal { moved_to, ..Refusal::new(status, "Moved Permanently") })
}

/// Puts the name of today in place of `/repositories/{id}`.
pub(super) async fn by_name(State(sandbox): State<Sandbox>, mut request: Request) -> Request {
    if let Some(address) = named(&sandbox, request.uri()) {
        *request.uri_mut() = address;
    }
    request
}

fn named(sandbox: &Sandbox, address: &Uri) -> Option<Uri> {
    let rest = address.path_and_query()?.as_str().strip_prefix("/repositories/")?;
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (id, below) = (rest[..end].parse::<u64>().ok()?, &rest[end..]);
    let name = sandbox.with(|state| {
        let found = state.repositories().iter().find(|repository| repository.id == id)?;
        Some(format!("{}/{}", found.name.owner, found.name.name))
    })?;
    let mut parts = address.clone().into_parts();
    parts.path_and_query = PathAndQuery::try_from(format!("/repos/{name}{below}")).ok();
    Uri::from_parts(parts).ok()
}
