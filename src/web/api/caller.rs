//! Who calls: a script with a token, or a page of somebody who is signed in.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};

use crate::web::Web;
use crate::web::page::Problem;
use crate::web::sign_in::{Outside, Staff};

/// What a page that is signed in proves itself with when it changes something.
const CSRF: &str = "x-keydesk-csrf";

/// Somebody who calls. What they may see is for `access` to say.
#[derive(Debug)]
pub(super) struct Caller(pub Staff);

impl FromRequestParts<Web> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Problem> {
        if let Some(given) = parts.headers.get(header::AUTHORIZATION) {
            let token = given.to_str().ok().and_then(bearer).ok_or_else(nobody)?;
            let staff = Staff::by_token(web, token).await?;
            return staff.map(Self).ok_or_else(nobody);
        }
        let staff = Staff::of(web, &parts.headers).await.map_err(|outside| match outside {
            Outside::SignIn(_) => nobody(),
            Outside::Problem(problem) => problem,
        })?;
        let is_look = matches!(parts.method, Method::GET | Method::HEAD);
        if !is_look && !staff.is_proven(web, (&parts.headers, mark(&parts.headers))) {
            return Err(Problem::forged());
        }
        Ok(Self(staff))
    }
}

fn mark(headers: &HeaderMap) -> &str {
    headers.get(CSRF).and_then(|mark| mark.to_str().ok()).unwrap_or_default()
}

/// The token of `Bearer <token>`.
fn bearer(given: &str) -> Option<&str> {
    let (scheme, token) = given.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

fn nobody() -> Problem {
    let what = "This needs a token that is good, or a session.";
    let now = "Make a token on the page /tokens, and send it as `Authorization: Bearer <token>`.";
    Problem::new(StatusCode::UNAUTHORIZED, "Not signed in", what, now)
}
