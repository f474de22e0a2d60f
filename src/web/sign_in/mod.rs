//! Who may come in: sign-in by GitHub, or by the one-time link of a desk on this machine.
//!
//! A session is a random secret in a sealed cookie; the store keeps its SHA-256 and who it is.
//! What a person may see and do is not kept: GitHub is asked (see `access`). No token of GitHub is
//! kept either. [`Staff`] and [`StaffForm`] are how a handler learns who is there.

mod link;
mod seal;
mod staff;

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use sha2::{Digest, Sha256};

pub use link::OneTimeLink;
pub use seal::{Chance, Seal, system_chance};
pub(super) use seal::{Cookie, digest};
pub(super) use staff::{Outside, Staff, StaffForm};

use super::Web;
use super::page::{Page, Problem};
use crate::github::sign_in::{SignIn, SignInError, SignInStart};
use crate::store::Session;
use crate::triage::{Login, UserId};

/// A browser forgets the cookie when the session is over in any case.
const SESSION_SECONDS: u32 = 12 * 60 * 60;

/// Longer than anybody needs at GitHub's page.
const SIGN_IN_SECONDS: u32 = 10 * 60;

/// Addresses to come back to are ours, and short.
const TO_BYTES_MAX: usize = 1_000;

/// What every token begins with, so that those who look for lost secrets know it.
const TOKEN: &str = "keydesk_";

/// Who may come in.
pub enum Entrance {
    /// People with an account on GitHub, by the App's client.
    GitHub(Box<SignIn>),
    /// Whoever has the link that was printed at the start: the operator of this machine.
    Link(Arc<OneTimeLink>),
    /// Nobody.
    Closed,
}

#[derive(Deserialize)]
pub(super) struct StartQuery {
    to: Option<String>,
}

/// `GET /sign-in`: on to GitHub.
pub(super) async fn start(
    State(web): State<Web>,
    Query(query): Query<StartQuery>,
) -> Result<Response, Problem> {
    let pages = &web.pages;
    let sign_in = match &pages.entrance {
        Entrance::GitHub(sign_in) => sign_in,
        Entrance::Link(_) => return Err(use_link()),
        Entrance::Closed => return Err(closed()),
    };
    let [state, verifier] = [(); 2].map(|()| hex::encode((pages.chance)()));
    let until = web.pages.now().as_second() + i64::from(SIGN_IN_SECONDS);
    let to = hex::encode(own_path(query.to.as_deref().unwrap_or("/")));
    let begun = pages.seal.sealed("sign-in", &format!("{state}.{verifier}.{until}.{to}"));
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier));
    let redirect_uri = pages.callback();
    let start =
        SignInStart { state: &state, challenge: &challenge, redirect_uri: redirect_uri.as_deref() };
    let cookie = Cookie::SignIn.set(&begun, SIGN_IN_SECONDS, pages.is_https);
    let to_github = Redirect::to(&sign_in.authorize_url(start));
    Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), to_github).into_response())
}

/// What GitHub sends a person back with.
#[derive(Deserialize)]
pub(super) struct Return {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
}

/// `GET /sign-in/callback`: back from GitHub.
pub(super) async fn callback(
    State(web): State<Web>,
    Query(back): Query<Return>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let pages = &web.pages;
    let Entrance::GitHub(sign_in) = &pages.entrance else { return Err(closed()) };
    let begun = Cookie::SignIn.find(&headers, pages.is_https);
    let begun = begun.and_then(|sealed| pages.seal.opened("sign-in", sealed));
    let begun = begun.and_then(|begun| Begun::read(begun, web.pages.now()));
    let begun = begun.filter(|begun| back.state.as_ref() == Some(&begun.state)).ok_or_else(old)?;
    if back.error.is_some() {
        let what = "You did not let the App know who you are, so you are not signed in.";
        let now = "Sign in again if you want to; the App learns your name and nothing else.";
        return Err(Problem::new(StatusCode::FORBIDDEN, "Not signed in", what, now)
            .with_way("/sign-in", "Sign in"));
    }
    let code = back.code.as_deref().ok_or_else(old)?;
    let redirect_uri = pages.callback();
    let asked = sign_in.get_person((code, &begun.verifier), redirect_uri.as_deref()).await;
    let person = asked.map_err(not_told)?;
    tracing::info!(person.id = person.id.0, "somebody signed in to the staff pages");
    let cookie = open_session(&web, &headers, (Some(person.id), person.login)).await?;
    let done = Cookie::SignIn.set("", 0, pages.is_https);
    let cookies = AppendHeaders([(header::SET_COOKIE, cookie), (header::SET_COOKIE, done)]);
    Ok((cookies, Redirect::to(&begun.to)).into_response())
}

/// `GET /sign-in/once/{token}`: the link that was printed at the start.
pub(super) async fn once(
    State(web): State<Web>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let is_good = match &web.pages.entrance {
        Entrance::Link(link) => link.use_up(&token, web.pages.now()),
        Entrance::GitHub(_) | Entrance::Closed => false,
    };
    if !is_good {
        return Err(use_link());
    }
    tracing::info!("the operator of this machine signed in by the one-time link");
    let operator = (None, Login("operator".to_owned()));
    let cookie = open_session(&web, &headers, operator).await?;
    Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), Redirect::to("/")).into_response())
}

/// `POST /sign-out`, here or everywhere.
pub(super) async fn out(
    State(web): State<Web>,
    StaffForm { staff, fields }: StaffForm,
) -> Result<Response, Problem> {
    let store = web.engine.store();
    if fields.get("everywhere").is_some() {
        store.end_sessions_like(staff.session).await?;
    } else {
        store.end_session(staff.session.id).await?;
    }
    let cookie = Cookie::Session.set("", 0, web.pages.is_https);
    let signed_out = Redirect::to("/signed-out");
    Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), signed_out).into_response())
}

/// `GET /signed-out`.
pub(super) async fn signed_out(State(web): State<Web>) -> Response {
    let has_sign_in = matches!(web.pages.entrance, Entrance::GitHub(_));
    Page { template: "signed-out.html", here: "", content: has_sign_in }.show(&web, None)
}

/// Begins a session and ends the one the browser had before. Returns the cookie.
async fn open_session(
    web: &Web,
    headers: &HeaderMap,
    (person, login): (Option<UserId>, Login),
) -> Result<axum::http::HeaderValue, Problem> {
    let store = web.engine.store();
    if let Ok(before) = Staff::of(web, headers).await {
        store.end_session(before.session.id).await?;
    }
    let secret = hex::encode((web.pages.chance)());
    let session = Session { id: digest(&secret), person, login };
    store.put_session(session, web.pages.now()).await?;
    let sealed = web.pages.seal.sealed("session", &secret);
    Ok(Cookie::Session.set(&sealed, SESSION_SECONDS, web.pages.is_https))
}

/// A new token for scripts, and what is kept of it.
pub(super) fn new_token(web: &Web) -> (String, String) {
    let token = format!("{TOKEN}{}", hex::encode((web.pages.chance)()));
    let kept = digest(&token);
    (token, kept)
}

/// A sign-in that was begun here.
struct Begun {
    state: String,
    verifier: String,
    to: String,
}

impl Begun {
    fn read(text: &str, now: Timestamp) -> Option<Self> {
        let mut parts = text.split('.');
        let [state, verifier, until, to] = std::array::from_fn(|_| parts.next());
        let until = Timestamp::from_second(until?.parse().ok()?).ok()?;
        let left = until.duration_since(now);
        let is_fresh = left > SignedDuration::ZERO
            && left <= SignedDuration::from_secs(i64::from(SIGN_IN_SECONDS));
        let to = String::from_utf8(hex::decode(to?).ok()?).ok()?;
        let to = own_path(&to).to_owned();
        is_fresh.then_some(Self { state: state?.to_owned(), verifier: verifier?.to_owned(), to })
    }
}

/// A path of ours, or the front page.
fn own_path(to: &str) -> &str {
    let is_ours = to.starts_with('/')
        && !to.starts_with("//")
        && to.len() <= TO_BYTES_MAX
        && !to.contains(|letter: char| letter == '\\' || letter.is_control() || !letter.is_ascii());
    if is_ours { to } else { "/" }
}

fn use_link() -> Problem {
    let what = "This desk has no sign-in by GitHub. It is opened by the link it printed when it started, which is good once and for 15 minutes.";
    let now = "Start keydesk again for a new link. To let others in, set GITHUB_OAUTH_CLIENT_ID and GITHUB_OAUTH_CLIENT_SECRET to those of the App.";
    Problem::new(StatusCode::FORBIDDEN, "Not signed in", what, now)
}

/// The staff pages are off.
fn closed() -> Problem {
    let what = "The staff pages are off: nobody could sign in.";
    let now = "Set GITHUB_OAUTH_CLIENT_ID and GITHUB_OAUTH_CLIENT_SECRET to those of the App, or listen on 127.0.0.1 only; then the desk prints a link.";
    Problem::new(StatusCode::NOT_FOUND, "The staff pages are off", what, now)
}

fn old() -> Problem {
    let what = "This sign-in was not begun in this browser, or more than ten minutes ago.";
    let now = "Begin it again. If it stays so, does the browser keep cookies of this desk?";
    Problem::new(StatusCode::BAD_REQUEST, "Not signed in", what, now)
        .with_way("/sign-in", "Sign in")
}

fn not_told(error: SignInError) -> Problem {
    tracing::warn!(%error, "a sign-in failed");
    let (status, now) = match error {
        SignInError::CodeRefused(_) => (
            StatusCode::FORBIDDEN,
            "Begin it again. If it stays so, are GITHUB_OAUTH_CLIENT_ID and GITHUB_OAUTH_CLIENT_SECRET those of the App?",
        ),
        SignInError::Call(_) => (StatusCode::SERVICE_UNAVAILABLE, "Try again in a minute."),
    };
    Problem::new(status, "Not signed in", "GitHub did not say who you are.", now)
        .with_way("/sign-in", "Sign in")
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn one_comes_back_to_our_own_pages_only() {
        for path in ["/", "/tickets/acme/support/7?a=b", "/?turn=requester"] {
            assert_eq!(own_path(path), path);
        }
        for path in ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a\r\nb"] {
            assert_eq!(own_path(path), "/");
        }
    }
}
