//! The two things only GraphQL can do: hide a comment, and show it again.
//!
//! GraphQL says 200 to nearly everything and puts what went wrong into `errors`; here that becomes
//! the same [`CallError`] a REST status would.

use http::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::CallError;
use super::transport::{Answer, Transport};
use super::wanted::{Wanted, expect_success};

/// The route of every GraphQL request; its path is the transport's to know.
pub(super) const GRAPHQL: &str = "/graphql";

const HIDE: &str = "mutation($subject: ID!, $classifier: ReportedContentClassifiers!) {
  minimizeComment(input: {subjectId: $subject, classifier: $classifier}) {
    minimizedComment { isMinimized }
  }
}";

const SHOW: &str = "mutation($subject: ID!) {
  unminimizeComment(input: {subjectId: $subject}) {
    unminimizedComment { isMinimized }
  }
}";

/// The request that hides a comment as spam, or shows it again.
pub(super) fn hiding(node_id: &str, hidden: bool) -> Wanted {
    let body = match hidden {
        true => json!({"query": HIDE, "variables": {"subject": node_id, "classifier": "SPAM"}}),
        false => json!({"query": SHOW, "variables": {"subject": node_id}}),
    };
    let path = GRAPHQL.to_owned();
    Wanted { route: GRAPHQL, method: Method::POST, path, body: Some(body) }
}

#[derive(Deserialize)]
struct AnswerJson {
    data: Option<Value>,
    #[serde(default)]
    errors: Vec<ErrorJson>,
}

#[derive(Deserialize)]
struct ErrorJson {
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    message: String,
    extensions: Option<ExtensionsJson>,
}

#[derive(Deserialize)]
struct ExtensionsJson {
    code: Option<String>,
}

/// What became of [`hiding`].
pub(super) fn check_hidden(
    transport: &Transport,
    answer: Answer,
    hidden: bool,
) -> Result<(), CallError> {
    let answer = expect_success(answer)?;
    let json: AnswerJson = answer.json()?;
    let comment = match hidden {
        true => "/minimizeComment/minimizedComment/isMinimized",
        false => "/unminimizeComment/unminimizedComment/isMinimized",
    };
    let state = json.data.as_ref().and_then(|data| data.pointer(comment)?.as_bool());
    match json.errors.first() {
        None if state == Some(hidden) => Ok(()),
        None => Err(CallError::Unclear("GraphQL named no result".to_owned())),
        Some(error) => Err(match error.meaning() {
            Meaning::Refused(status) => {
                CallError::Refused { status, message: error.message.chars().take(200).collect() }
            }
            Meaning::Limited => transport.limited(&answer),
            Meaning::Unclear => CallError::Unclear("GraphQL failed inside".to_owned()),
        }),
    }
}

/// What an error means for the caller.
#[derive(Debug, PartialEq, Eq)]
enum Meaning {
    /// As REST would say with this status.
    Refused(u16),
    /// A limit was reached.
    Limited,
    /// It broke on the way; some of it may have been done.
    Unclear,
}

impl ErrorJson {
    /// GitHub documents none of these. An error without type and code is how it says that a
    /// request timed out or failed inside; one with a code is about our query.
    fn meaning(&self) -> Meaning {
        let message = self.message.to_lowercase();
        let is_throttled = ["secondary rate limit", "submitted too quickly", "abuse detection"]
            .iter()
            .any(|words| message.contains(words));
        let code = self.extensions.as_ref().and_then(|extensions| extensions.code.as_deref());
        match self.kind.as_deref() {
            Some("RATE_LIMITED" | "RATE_LIMIT") => Meaning::Limited,
            _ if is_throttled => Meaning::Limited,
            Some("NOT_FOUND") => Meaning::Refused(404),
            Some("FORBIDDEN" | "INSUFFICIENT_SCOPES") => Meaning::Refused(403),
            Some("INTERNAL" | "SERVICE_UNAVAILABLE" | "TIMEOUT") => Meaning::Unclear,
            Some(_) => Meaning::Refused(422),
            None if code.is_some() => Meaning::Refused(422),
            None => Meaning::Unclear,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{ErrorJson, Meaning};

    #[test]
    fn every_error_tells_what_to_do_next() {
        let meaning = |error: serde_json::Value| {
            serde_json::from_value::<ErrorJson>(error).expect("an error").meaning()
        };
        let typed = |kind: &str| meaning(json!({"type": kind, "message": "why", "path": ["x"]}));
        assert_eq!(typed("NOT_FOUND"), Meaning::Refused(404));
        assert_eq!(typed("FORBIDDEN"), Meaning::Refused(403));
        assert_eq!(typed("INSUFFICIENT_SCOPES"), Meaning::Refused(403));
        assert_eq!(typed("UNPROCESSABLE"), Meaning::Refused(422));
        assert_eq!(typed("RATE_LIMITED"), Meaning::Limited);
        assert_eq!(typed("RATE_LIMIT"), Meaning::Limited);
        let quick = json!({"type": "UNPROCESSABLE", "message": "was submitted too quickly"});
        assert_eq!(meaning(quick), Meaning::Limited);
        let query = json!({"message": "no field", "extensions": {"code": "undefinedField"}});
        assert_eq!(meaning(query), Meaning::Refused(422));
        assert_eq!(meaning(json!({"message": "Something went wrong"})), Meaning::Unclear);
    }
}
