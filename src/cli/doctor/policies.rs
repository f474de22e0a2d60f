//! Whether the policy of each repository is right, on top of the operator's.

use super::finding::Finding;
use crate::engine::Rules;
use crate::github::payload::POLICY_PATH;
use crate::github::{CallError, GitHub};
use crate::triage::Repository;

const CHECK: &str = "policy";

/// So many repositories are asked for theirs.
const REPOSITORIES_MAX: usize = 50;

/// Asks each repository for its file and judges it.
pub(super) async fn look(
    github: &dyn GitHub,
    rules: &Rules,
    repositories: &[Repository],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for repository in repositories.iter().take(REPOSITORIES_MAX) {
        let file = github.find_file(repository, POLICY_PATH).await;
        findings.extend(judge(&repository.full_name(), file, rules));
    }
    let rest = repositories.len().saturating_sub(REPOSITORIES_MAX);
    if rest > 0 {
        findings.push(Finding::note(CHECK, format!("{rest} more repositories were not asked")));
    }
    findings
}

/// Judges what a repository answered.
pub(super) fn judge(
    name: &str,
    file: Result<Option<String>, CallError>,
    rules: &Rules,
) -> Vec<Finding> {
    let text = match file {
        Ok(Some(text)) => text,
        Ok(None) => return vec![Finding::ok(CHECK, format!("{name} has none of its own"))],
        Err(error) => {
            let help = "the App needs the permission `contents: read` there";
            return vec![Finding::fault(CHECK, format!("{name}: {error}"), help)];
        }
    };
    let problems: Vec<String> = match rules.policies.merge(&text) {
        Ok(in_force) => rules.guidance.missing_for(&in_force.policy),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    };
    if problems.is_empty() {
        return vec![Finding::ok(CHECK, format!("{name}: {POLICY_PATH} is right"))];
    }
    let fault = |problem: String| {
        let (what, help) = match problem.split_once("\nhelp: ") {
            Some((what, help)) => (what.to_owned(), help.to_owned()),
            None => (problem, format!("mend it in {name}")),
        };
        let help = format!("{help}; until then the last good policy stays in force");
        Finding::fault(CHECK, format!("{name}: {what}"), help)
    };
    problems.into_iter().map(fault).collect()
}
