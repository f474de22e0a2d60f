//! Who is there: what a handler is given instead of a request.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Form, RequestExt};

use super::seal::{Cookie, digest};
use super::{Entrance, closed, use_link};
use crate::store::Session;
use crate::web::Web;
use crate::web::page::Problem;

/// Somebody who is signed in. What they may see is for `access` to say.
#[derive(Debug, Clone)]
pub(in crate::web) struct Staff {
    /// Their session.
    pub session: Session,
    /// What forms of theirs carry.
    pub csrf: String,
}

/// Why somebody is not let in.
pub(in crate::web) enum Outside {
    /// Nobody is signed in: where to go, and the problem where one cannot be sent there.
    SignIn(String),
    /// What to say.
    Problem(Problem),
}

impl From<Problem> for Outside {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl IntoResponse for Outside {
    fn into_response(self) -> Response {
        match self {
            Self::SignIn(address) => Redirect::to(&address).into_response(),
            Self::Problem(problem) => problem.into_response(),
        }
    }
}

impl Staff {
    /// Whose token this is; nobody's where it was revoked. That of the operator is good only as long
    /// as one comes in by the link.
    pub(in crate::web) async fn by_token(web: &Web, token: &str) -> Result<Option<Self>, Problem> {
        let found = web.engine.store().find_token(digest(token), web.pages.now()).await?;
        let has_link = matches!(web.pages.entrance, Entrance::Link(_));
        let session = found.filter(|session| session.person.is_some() || has_link);
        Ok(session.map(|session| Self { session, csrf: String::new() }))
    }

    /// Whether a page of ours sent this for them: by what the browser says, and by the mark that
    /// stands in our forms.
    pub(in crate::web) fn is_proven(&self, web: &Web, (headers, mark): (&HeaderMap, &str)) -> bool {
        is_from_here(headers, web.pages.public_url.as_deref())
            && web.pages.seal.fits("form", &self.session.id, mark)
    }

    /// Who sent these headers.
    pub(in crate::web) async fn of(web: &Web, headers: &HeaderMap) -> Result<Self, Outside> {
        let pages = &web.pages;
        let sealed = Cookie::Session.find(headers, pages.is_https);
        let secret = sealed.and_then(|sealed| pages.seal.opened("session", sealed));
        if let Some(secret) = secret {
            let found = web.engine.store().find_session(digest(secret), web.pages.now()).await;
            if let Some(session) = found.map_err(Problem::from)? {
                let csrf = pages.seal.mark("form", &session.id);
                return Ok(Self { session, csrf });
            }
        }
        match pages.entrance {
            Entrance::GitHub(_) => Err(Outside::SignIn("/sign-in".to_owned())),
            Entrance::Link(_) => Err(use_link().into()),
            Entrance::Closed => Err(closed().into()),
        }
    }
}

impl FromRequestParts<Web> for Staff {
    type Rejection = Outside;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Outside> {
        match Self::of(web, &parts.headers).await {
            // Of one who comes to the front door it need not be said where to come back to.
            Err(Outside::SignIn(_)) if parts.uri.path() == "/" && parts.uri.query().is_none() => {
                Err(Outside::SignIn(
                    web.pages.tracker.clone().unwrap_or_else(|| "/sign-in".to_owned()),
                ))
            }
            Err(Outside::SignIn(address)) if parts.method == Method::GET => {
                let to = parts.uri.path_and_query().map_or("/", |path| path.as_str());
                Err(Outside::SignIn(format!("{address}?to={}", encoded(to))))
            }
            Err(Outside::SignIn(address)) => {
                let what = "You are not signed in any more, so nothing was done.";
                let now = "Sign in again, and press the button again.";
                let problem = Problem::new(StatusCode::UNAUTHORIZED, "Not signed in", what, now);
                Err(problem.with_way(address, "Sign in").into())
            }
            other => other,
        }
    }
}

fn encoded(path: &str) -> String {
    let mut encoded = String::new();
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                encoded.push(char::from(byte));
            }
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}

/// The fields of a form, as they were sent.
#[derive(Debug, Clone, Default)]
pub(in crate::web) struct Fields(Vec<(String, String)>);

impl Fields {
    /// The first field of this name.
    pub(in crate::web) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A form that somebody who is signed in sent from one of our own pages. There is no other way to
/// the fields of a form, so no handler can forget to look.
#[derive(Debug)]
pub(in crate::web) struct StaffForm {
    /// Who.
    pub staff: Staff,
    /// What.
    pub fields: Fields,
}

impl FromRequest<Web> for StaffForm {
    type Rejection = Outside;

    async fn from_request(mut request: Request, web: &Web) -> Result<Self, Outside> {
        let staff: Staff = request.extract_parts_with_state(web).await?;
        if !is_from_here(request.headers(), web.pages.public_url.as_deref()) {
            return Err(Problem::forged().into());
        }
        let sent = Form::<Vec<(String, String)>>::from_request(request, web).await;
        let Form(fields) = sent.map_err(|_| Problem::forged())?;
        let fields = Fields(fields);
        let mark = fields.get("csrf").unwrap_or_default();
        if !web.pages.seal.fits("form", &staff.session.id, mark) {
            return Err(Problem::forged().into());
        }
        Ok(Self { staff, fields })
    }
}

/// Whether the browser says that a page of ours sent it. One that says nothing is believed for
/// the form's mark, which no other page can know.
fn is_from_here(headers: &HeaderMap, public_url: Option<&str>) -> bool {
    let text = |name| headers.get(name).map(|value: &axum::http::HeaderValue| value.to_str());
    let is_same_site = match text("sec-fetch-site") {
        None => true,
        Some(site) => matches!(site, Ok("same-origin" | "none")),
    };
    let is_same_origin = match text("origin") {
        None => true,
        Some(Err(_)) => false,
        Some(Ok(origin)) => {
            let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
            let authority = origin.split_once("://").map(|(_, authority)| authority);
            let is_host = authority.is_some() && authority == host;
            is_host || public_url.is_some_and(|url| origin_of(url) == origin)
        }
    };
    is_same_site && is_same_origin
}

/// `https://desk.example` of `https://desk.example/path`.
fn origin_of(url: &str) -> &str {
    let start = url.find("://").map_or(0, |at| at + 3);
    let end = url[start..].find('/').map_or(url.len(), |at| start + at);
    &url[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_other_pages_are_known_by_what_browsers_say() {
        let rows: &[(&[(&str, &str)], bool)] = &[
            (&[], true),
            (&[("sec-fetch-site", "same-origin"), ("origin", "http://desk:8080")], true),
            (&[("origin", "https://desk.example")], true),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("origin", "null")], false),
            (&[("origin", "https://evil.example")], false),
            (&[("origin", "http://desk")], false),
        ];
        for (given, wanted) in rows {
            let mut headers =
                HeaderMap::from_iter([(header::HOST, "desk:8080".parse().expect("a value"))]);
            for (name, value) in *given {
                let name: axum::http::HeaderName = name.parse().expect("a name");
                headers.insert(name, value.parse().expect("a value"));
            }
            let public_url = Some("https://desk.example/path");
            assert_eq!(is_from_here(&headers, public_url), *wanted, "{given:?}");
        }
    }
}
