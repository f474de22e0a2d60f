//! Requests before they are sent, and what is made of answers that are no success.

use http::Method;
use serde_json::Value;

use super::transport::Answer;
use super::{CallError, IssueAt};
use crate::triage::{CommentId, Repository};

/// A request before its credential: method, path, JSON, and its name for metrics.
pub(super) struct Wanted {
    pub(super) route: &'static str,
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) body: Option<Value>,
}

impl Wanted {
    pub(super) fn get(route: &'static str, path: String) -> Self {
        Self { route, method: Method::GET, path, body: None }
    }
}

/// Turns every answer that is no success into a refusal with GitHub's own words.
pub(super) fn expect_success(answer: Answer) -> Result<Answer, CallError> {
    if answer.status.is_success() {
        return Ok(answer);
    }
    let status = answer.status.as_u16();
    if status == 401 {
        return Err(CallError::Unreachable("GitHub does not accept the credentials".to_owned()));
    }
    let json: Option<Value> = serde_json::from_slice(&answer.body).ok();
    let message = json.as_ref().and_then(|json| json.get("message")?.as_str());
    let message: String = message.unwrap_or("no reason given").chars().take(200).collect();
    Err(CallError::Refused { status, message })
}

/// A name as part of a path.
pub(super) fn encoded(name: &str) -> String {
    let mut encoded = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

pub(super) fn contents(repository: &Repository, path: &str) -> Wanted {
    let path: Vec<String> = path.split('/').map(encoded).collect();
    let path = format!("/repos/{}/contents/{}", repository.full_name(), path.join("/"));
    Wanted::get("/repos/{repo}/contents/{path}", path)
}

pub(super) fn issue_path(issue: IssueAt<'_>, below: &str) -> String {
    format!("/repos/{}/issues/{}{below}", issue.repository.full_name(), issue.number)
}

pub(super) fn comment_path(repository: &Repository, comment: CommentId, below: &str) -> String {
    format!("/repos/{}/issues/comments/{comment}{below}", repository.full_name())
}
