//! Reads an export: one issue a line, of one tracker or of several.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::fs::File;
use std::io::{BufRead, BufReader};

use super::Failure;
use crate::engine::simulate::Tracker;
use crate::github::history::IssueHistory;
use crate::store::Desk;
use crate::triage::{IssueId, Repository, RepositoryId};

/// Bytes read at once.
const BUFFER_BYTES: usize = 256 * 1024;

/// Owner and name of a repository.
type Name = (String, String);

/// The trackers of a file, `-` for standard input. An issue that comes twice counts as the later
/// line says.
pub(super) fn read(from: &str) -> Result<Vec<Tracker>, Failure> {
    let name = if from == "-" { "standard input" } else { from };
    let mut input = open(from)?;
    let mut issues: BTreeMap<Name, BTreeMap<IssueId, IssueHistory>> = BTreeMap::new();
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let length = input.read_until(b'\n', &mut line).map_err(|error| unreadable(name, error))?;
        if length == 0 {
            break;
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let parsed = IssueHistory::parse(&line);
        let parsed = parsed.map_err(|error| broken(format!("{name}:{number}: {error}")))?;
        if let Some(history) = parsed {
            let issue = history.issue();
            issues.entry(repository_of(&issue.url)).or_default().insert(issue.id, history);
        }
    }
    Ok((1..).zip(issues).map(|(id, (name, issues))| tracker((id, name), issues)).collect())
}

fn open(from: &str) -> Result<Box<dyn BufRead>, Failure> {
    if from == "-" {
        return Ok(Box::new(std::io::stdin().lock()));
    }
    let file = File::open(from).map_err(|error| unreadable(from, error))?;
    Ok(Box::new(BufReader::with_capacity(BUFFER_BYTES, file)))
}

fn tracker((id, (owner, name)): (u64, Name), issues: BTreeMap<IssueId, IssueHistory>) -> Tracker {
    let repository = Repository {
        id: RepositoryId(id),
        owner,
        name,
        installation: None,
        default_branch: "main".to_owned(),
        is_private: false,
    };
    Tracker { desk: Desk::new(repository), issues: issues.into_values().collect(), roles: None }
}

/// Owner and name in `https://github.com/OWNER/NAME/issues/3`.
fn repository_of(url: &str) -> Name {
    let mut parts = url.rsplit('/').skip(2);
    let name = parts.next().unwrap_or_default().to_owned();
    (parts.next().unwrap_or_default().to_owned(), name)
}

fn unreadable(name: &str, why: impl Display) -> Failure {
    Failure::new(format!("{name}: {why}"), "name a file that can be read with --from")
}

fn broken(place: String) -> Failure {
    let shape = r#"{"issue": {…}, "comments": […], "timeline": […]}"#;
    Failure::new(place, format!("each line is one JSON object such as {shape}, as REST gives them"))
}
