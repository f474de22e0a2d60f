//! `GET /tokens`: the tokens by which somebody's scripts come in, made, shown once and revoked here.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;

use super::Web;
use super::page::{Page, Problem};
use super::sign_in::{Staff, StaffForm, new_token};
use super::words::Moment;
use crate::store::Session;

/// Longer names than anybody needs.
const NAME_CHARACTERS_MAX: usize = 60;

#[derive(Serialize)]
struct TokensPage {
    /// A token that was just made, to be seen this once.
    made: Option<String>,
    tokens: Vec<ShownToken>,
}

#[derive(Serialize)]
struct ShownToken {
    id: String,
    name: String,
    created: Moment,
    used: Option<Moment>,
}

/// The page.
pub(super) async fn page(State(web): State<Web>, staff: Staff) -> Result<Response, Problem> {
    show(&web, &staff, None).await
}

async fn show(web: &Web, staff: &Staff, made: Option<String>) -> Result<Response, Problem> {
    let now = web.pages.now();
    let tokens = web.engine.store().list_tokens(staff.session.person).await?.into_iter();
    let tokens = tokens.map(|token| ShownToken {
        id: token.id,
        name: token.name,
        created: Moment::new(token.created_at, now),
        used: token.used_at.map(|at| Moment::new(at, now)),
    });
    let content = TokensPage { made, tokens: tokens.collect() };
    Ok(Page { template: "tokens.html", here: "tokens", content }.show(web, Some(staff)))
}

/// Makes a token. It is in this one answer and nowhere else.
pub(super) async fn make(
    State(web): State<Web>,
    StaffForm { staff, fields }: StaffForm,
) -> Result<Response, Problem> {
    let name = fields.get("name").unwrap_or_default().trim();
    let name: String = name.chars().filter(|letter| !letter.is_control()).collect();
    if name.is_empty() || name.chars().count() > NAME_CHARACTERS_MAX {
        let what =
            "A token needs a name of at most 60 characters, so that you know later what it is for.";
        let problem =
            Problem::new(StatusCode::BAD_REQUEST, "Not made", what, "Go back and name it.");
        return Err(problem.with_way("/tokens", "To the tokens"));
    }
    let (token, id) = new_token(&web);
    let maker = Session { id, ..staff.session.clone() };
    if !web.engine.store().put_token((maker, name), web.pages.now()).await? {
        let what = "You have twenty tokens, and nobody keeps an eye on more.";
        let problem = Problem::new(StatusCode::CONFLICT, "Not made", what, "Revoke one first.");
        return Err(problem.with_way("/tokens", "To the tokens"));
    }
    tracing::info!(maker = staff.session.login.0, "a token for scripts was made");
    show(&web, &staff, Some(token)).await
}

/// Revokes a token.
pub(super) async fn revoke(
    State(web): State<Web>,
    StaffForm { staff, fields }: StaffForm,
) -> Result<Response, Problem> {
    let id = fields.get("id").unwrap_or_default().to_owned();
    web.engine.store().end_token(id, staff.session.person).await?;
    Ok(Redirect::to("/tokens").into_response())
}
