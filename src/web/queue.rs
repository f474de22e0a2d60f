//! `GET /`: the queue, oldest first by turn.

mod filter;
mod view;

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::Web;
use super::access;
use super::page::{Page, Problem};
use super::sign_in::Staff;
use crate::store::Desk;
use filter::Filter;

/// The queue of all repositories that somebody may see, as the address filters it.
pub(super) async fn page(
    State(web): State<Web>,
    staff: Staff,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let access::Visible { desks, unsaid } = access::visible_desks(&web, &staff).await?;
    if desks.is_empty() {
        return Ok(no_desk(&web, &staff, "queue"));
    }
    let content = filtered(&web, (&desks, unsaid), query.as_deref().unwrap_or_default()).await?;
    Ok(Page { template: "queue.html", here: "queue", content }.show(&web, Some(&staff)))
}

/// What the page shows somebody, as a query filters it.
///
/// # Errors
/// [`Problem::not_here`] where they may see no repository, and where the store or GitHub does not
/// answer.
pub(super) async fn look(web: &Web, staff: &Staff, query: &str) -> Result<view::Queue, Problem> {
    let access::Visible { desks, unsaid } = access::visible_desks(web, staff).await?;
    if desks.is_empty() && staff.session.person.is_some() {
        return Err(Problem::not_here());
    }
    filtered(web, (&desks, unsaid), query).await
}

async fn filtered(
    web: &Web,
    (desks, unsaid): (&[Desk], usize),
    query: &str,
) -> Result<view::Queue, Problem> {
    let filter = Filter::read(query);
    let open = web.engine.store().open_tickets(access::ids_of(desks)).await?;
    let mut content = view::Queue::of((desks, open), &filter, web.engine.now());
    content.unsaid = unsaid;
    Ok(content)
}

/// What somebody is told who may see no repository.
pub(super) fn no_desk(web: &Web, staff: &Staff, here: &str) -> Response {
    let what = if staff.session.person.is_some() {
        "You are signed in, and in no repository of this desk do you have the role triage or more."
    } else {
        "No repository has told this desk of a request yet."
    };
    let now = match &web.pages.tracker {
        Some(_) => "File a request in the demo's tracker, and look again as its maintainer.",
        None => {
            "Have the App installed on the repository, have somebody give you the role, and reload \
             this page after three minutes."
        }
    };
    let mut content = Problem::new(StatusCode::OK, "Nothing to see yet", what, now);
    if let Some(tracker) = &web.pages.tracker {
        content = content.with_way(tracker, "To the demo's tracker");
    }
    let page = Page { template: "problem.html", here, content }.show(web, Some(staff));
    let status =
        if staff.session.person.is_some() { StatusCode::FORBIDDEN } else { StatusCode::OK };
    (status, page).into_response()
}
