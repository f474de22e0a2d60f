//! Who the bot is on GitHub, and whether GitHub believes it.

use super::finding::Finding;
use crate::github::CallError;
use crate::github::checkup::{Account, Introduction};

const CHECK: &str = "credentials";

/// A classic token needs one of these to write issues.
const SCOPES: [&str; 2] = ["repo", "public_repo"];

/// Judges the answer to the question who we are.
pub(super) fn judge(introduction: &Introduction) -> Vec<Finding> {
    match &introduction.account {
        Ok(Account::App(app)) => {
            vec![Finding::ok(CHECK, format!("the App {} (number {})", app.slug, app.id))]
        }
        Ok(Account::Person(login)) => {
            let mut findings = vec![Finding::ok(CHECK, format!("a token of @{login}"))];
            findings.extend(introduction.scopes.as_deref().and_then(judge_scopes));
            findings
        }
        Err(error) => vec![judge_refusal(error, introduction.status)],
    }
}

fn judge_scopes(scopes: &str) -> Option<Finding> {
    // A fine-grained token has none and an empty list.
    let mut given = scopes.split(',').map(str::trim).filter(|scope| !scope.is_empty()).peekable();
    given.peek()?;
    let is_enough = given.any(|scope| SCOPES.contains(&scope));
    (!is_enough).then(|| {
        let help = "make one with the scope `public_repo`, or `repo` for private repositories";
        Finding::fault(CHECK, format!("the token has only the scopes {scopes}"), help)
    })
}

fn judge_refusal(error: &CallError, status: Option<u16>) -> Finding {
    let help = match (status, error) {
        (Some(401), _) => {
            "is GITHUB_APP_ID the number on the App's settings page, and the private key one of \
             those listed there? Make a new key there if in doubt; a token may be revoked or over; \
             and a clock that is wrong by a minute spoils both"
        }
        (_, CallError::Limited { .. }) => "ask again then",
        (Some(_), _) => "does GITHUB_API_URL name the API, such as https://api.github.com?",
        (None, _) => {
            "is GITHUB_API_URL right, and may this machine reach it (DNS, port 443, a firewall)?"
        }
    };
    Finding::fault(CHECK, error.to_string(), help)
}
