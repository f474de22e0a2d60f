//! Where the App is installed, what it was granted there, and in which repositories.

use super::finding::Finding;
use super::permissions::lacking;
use crate::github::checkup::{AppFacts, InstallationFacts, RepositoryFacts};

const CHECK: &str = "installations";
const NAMED_MAX: usize = 5;

/// Judges that there are any.
pub(super) fn judge(app: &AppFacts, installations: &[InstallationFacts]) -> Option<Finding> {
    installations.is_empty().then(|| {
        let help = format!("install it by {}/installations/new", app.html_url);
        Finding::fault(CHECK, "the App is installed nowhere", help)
    })
}

/// Judges one, before its repositories are asked for; none where all is well.
pub(super) fn judge_one(installation: &InstallationFacts) -> Vec<Finding> {
    let (owner, page) = (owner(installation), &installation.html_url);
    if installation.suspended_at.is_some() {
        let what = format!("{owner} has suspended the App");
        return vec![Finding::fault(CHECK, what, format!("have it let in again at {page}"))];
    }
    let lack = lacking(&installation.permissions);
    let fault = |lack: String| {
        let help = format!("have the App's new permissions accepted at {page}");
        Finding::fault(CHECK, format!("{owner} has not granted {lack}"), help)
    };
    lack.into_iter().map(fault).collect()
}

/// Judges its repositories.
pub(super) fn judge_repositories(
    installation: &InstallationFacts,
    repositories: &[RepositoryFacts],
) -> Vec<Finding> {
    let owner = owner(installation);
    if repositories.is_empty() {
        let help = format!("choose a repository at {}", installation.html_url);
        return vec![Finding::fault(CHECK, format!("{owner}: no repository"), help)];
    }
    let mut named: Vec<&str> =
        repositories.iter().take(NAMED_MAX).map(|one| one.full_name.as_str()).collect();
    if repositories.len() > NAMED_MAX {
        named.push("…");
    }
    let count = repositories.len();
    let some = if count == 1 { "repository" } else { "repositories" };
    let mut findings =
        vec![Finding::ok(CHECK, format!("{owner}: {count} {some} ({})", named.join(", ")))];
    for one in repositories {
        let name = &one.full_name;
        if one.archived {
            findings
                .push(Finding::note(CHECK, format!("{name} is archived: nothing can be written")));
        } else if !one.has_issues {
            findings.push(Finding::note(CHECK, format!("{name} has its issues switched off")));
        }
    }
    findings
}

fn owner(installation: &InstallationFacts) -> String {
    match &installation.account {
        Some(owner) if !owner.login.is_empty() => owner.login.clone(),
        Some(_) | None => format!("installation {}", installation.id),
    }
}
