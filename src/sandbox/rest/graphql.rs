//! GraphQL, as far as it is needed: `minimizeComment` and `unminimizeComment`, with variables.

use axum::body::Bytes;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::{Answer, Call, Failure, ok, parse};
use crate::sandbox::state::Refusal;

/// Where it is served.
pub(super) const PATH: &str = "/graphql";

/// What a comment may be hidden as.
const CLASSIFIERS: [&str; 7] =
    ["ABUSE", "DUPLICATE", "LOW_QUALITY", "OFF_TOPIC", "OUTDATED", "RESOLVED", "SPAM"];

#[derive(Deserialize)]
struct Query {
    query: Option<String>,
    #[serde(default)]
    variables: Value,
}

impl Query {
    /// The value of an argument, which must be given by a variable.
    fn argument(&self, name: &str) -> Option<&str> {
        let query = self.query.as_deref()?;
        let label = format!("{name}:");
        // Where the name is followed by a type, a variable of that name is declared.
        let mut places = query.match_indices(&label).map(|(at, _)| &query[at + label.len()..]);
        let after = places.find_map(|after| after.trim_start().strip_prefix('$'))?;
        let end = after.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
        self.variables.get(&after[..end.unwrap_or(after.len())])?.as_str()
    }
}

/// A refusal of a limit: status 200 like everything here.
pub(super) fn limited(message: &str) -> Response {
    ok(json!({ "errors": [{ "type": "RATE_LIMITED", "message": message }] }))
}

/// What is wrong with the query itself.
fn misunderstood(code: &str, message: &str) -> Response {
    ok(json!({ "errors": [{
        "message": message, "locations": [{ "line": 1, "column": 1 }],
        "extensions": { "code": code },
    }] }))
}

/// Runs one of the two mutations.
pub(super) async fn run(call: Call, body: Bytes) -> Answer {
    let query: Query = parse(&body)?;
    let text = query.query.as_deref().unwrap_or_default();
    let (mutation, result, hidden) = if text.contains("unminimizeComment(") {
        ("unminimizeComment", "unminimizedComment", false)
    } else if text.contains("minimizeComment(") {
        ("minimizeComment", "minimizedComment", true)
    } else {
        return Ok(misunderstood("undefinedField", "The stand-in knows no such field"));
    };
    if hidden && !query.argument("classifier").is_some_and(|one| CLASSIFIERS.contains(&one)) {
        return Ok(misunderstood("variableMismatch", "classifier was provided invalid value"));
    }
    let Some(subject) = query.argument("subjectId") else {
        return Ok(misunderstood("missingRequiredInputObjectAttribute", "subjectId is required"));
    };
    match call.act(|acting| acting.hide_comment(subject, hidden)) {
        Ok(()) => {
            let comment = json!({ "isMinimized": hidden });
            Ok(ok(json!({ "data": { mutation: { result: comment } } })))
        }
        Err(Failure(refusal)) => Ok(refused(mutation, &refusal)),
    }
}

fn refused(mutation: &str, refusal: &Refusal) -> Response {
    let kind = match refusal.status {
        404 => "NOT_FOUND",
        403 => "FORBIDDEN",
        _ => "UNPROCESSABLE",
    };
    ok(json!({
        "data": { mutation: null },
        "errors": [{
            "type": kind, "path": [mutation], "message": refusal.message,
            "locations": [{ "line": 2, "column": 3 }], "extensions": { "saml_failure": false },
        }],
    }))
}
