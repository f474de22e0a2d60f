//! `GET /operations`: what waits and why, what went wrong and its cure, and the settings in force.

mod view;

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::Web;
use super::access::{self, For};
use super::page::{Page, Problem};
use super::queue;
use super::sign_in::{Staff, StaffForm};
pub(super) use view::Operations;

#[derive(Deserialize)]
pub(super) struct PageQuery {
    /// Whether a delivery was taken up again just before: `1`, or `0` where it was not there.
    again: Option<u8>,
}

/// The page.
pub(super) async fn page(
    State(web): State<Web>,
    staff: Staff,
    Query(query): Query<PageQuery>,
) -> Result<Response, Problem> {
    let Some(mut content) = look(&web, &staff).await? else {
        return Ok(queue::no_desk(&web, &staff, "operations"));
    };
    content.notice = query.again.map(|again| match again {
        0 => "It waits no longer; somebody was faster.",
        _ => "It is tried again now.",
    });
    Ok(Page { template: "operations.html", here: "operations", content }.show(&web, Some(&staff)))
}

/// Everything the page tells somebody; none where they may see no repository.
///
/// # Errors
/// Where the store or GitHub does not answer.
pub(super) async fn look(web: &Web, staff: &Staff) -> Result<Option<Operations>, Problem> {
    let visible = access::visible_desks(web, staff).await?;
    let is_admin = access::is_admin(web, staff, For::Looking).await?;
    if visible.desks.is_empty() && !is_admin {
        return Ok(None);
    }
    Ok(Some(Operations::gather(web, &visible, is_admin).await?))
}

/// Takes a delivery up again that was set aside.
pub(super) async fn again(
    State(web): State<Web>,
    StaffForm { staff, fields }: StaffForm,
) -> Result<Response, Problem> {
    let wanted = fields.get("delivery").and_then(|id| id.parse::<i64>().ok());
    let store = web.engine.store();
    let aside = store.list_set_aside().await?;
    let found = aside.into_iter().find(|one| Some(one.id) == wanted);
    let Some(found) = found else {
        return Ok(Redirect::to("/operations?again=0").into_response());
    };
    let desk = match found.repository {
        Some(repository) => store.find_desk(repository).await?,
        None => None,
    };
    match desk {
        Some(desk) => access::check(&web, &staff, (&desk, For::Changing)).await?,
        None if access::is_admin(&web, &staff, For::Changing).await? => {}
        None => return Err(Problem::not_here()),
    }
    let is_taken = store.take_up_delivery(found.id, web.engine.now()).await?;
    web.engine.clock_moved();
    let address = format!("/operations?again={}", u8::from(is_taken));
    Ok(Redirect::to(&address).into_response())
}
