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
use filter::Filter;

/// The queue of all repositories that somebody may see, as the address filters it.
pub(super) async fn page(
    State(web): State<Web>,
    staff: Staff,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let access::Visible { desks, unsaid } = access::visible_desks(&web, &staff).await?;
    if desks.is_empty() {
        return Ok(no_desk(&web, &staff));
    }
    let filter = Filter::read(query.as_deref().unwrap_or_default());
    let open = web.engine.store().open_tickets(access::ids_of(&desks)).await?;
    let mut content = view::Queue::of((&desks, open), &filter, web.engine.now());
    content.unsaid = unsaid;
    Ok(Page { template: "queue.html", here: "queue", content }.show(&web, Some(&staff)))
}

fn no_desk(web: &Web, staff: &Staff) -> Response {
    let what = if staff.session.person.is_some() {
        "You are signed in, and in no repository of this desk do you have the role triage or more."
    } else {
        "No repository has told this desk of a request yet."
    };
    let now = "Have the App installed on the repository, have somebody give you the role, and reload \
               this page after three minutes.";
    let content = Problem::new(StatusCode::OK, "Nothing to see yet", what, now);
    let page = Page { template: "problem.html", here: "queue", content }.show(web, Some(staff));
    let status =
        if staff.session.person.is_some() { StatusCode::FORBIDDEN } else { StatusCode::OK };
    (status, page).into_response()
}
