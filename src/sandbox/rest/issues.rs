//! Issues: list, read, open, change, assign, lock, react; their timeline.

use axum::body::Bytes;
use axum::extract::Path;
use serde::Deserialize;
use serde_json::Value;

use super::answer::{Answer, Call, created, done, ok, parse};
use crate::sandbox::payload;
use crate::sandbox::state::{
    Acting, IssueChange, IssueFilter, IssuePlace, NewIssue, Refusal, RepositoryName, Role,
    ShownState, StateReason,
};

/// Owner, repository and number out of a path.
pub(super) type IssuePath = Path<(String, String, u64)>;

pub(super) fn place(Path((owner, name, number)): IssuePath) -> IssuePlace {
    RepositoryName::new(&owner, &name).issue(number)
}

/// A label in a request: its name, or an object with it.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum LabelName {
    Name(String),
    Object { name: String },
}

impl LabelName {
    pub(super) fn into_name(self) -> String {
        match self {
            Self::Name(name) | Self::Object { name } => name,
        }
    }
}

#[derive(Deserialize)]
struct IssueBody {
    title: Option<String>,
    body: Option<String>,
    state: Option<String>,
    state_reason: Option<String>,
    labels: Option<Vec<LabelName>>,
    assignees: Option<Vec<String>>,
    assignee: Option<String>,
}

impl IssueBody {
    fn names(labels: Option<Vec<LabelName>>) -> Option<Vec<String>> {
        labels.map(|labels| labels.into_iter().map(LabelName::into_name).collect())
    }
}

#[derive(Deserialize)]
struct AssigneesBody {
    assignees: Vec<String>,
}

/// The body of a request to react.
#[derive(Deserialize)]
pub(super) struct ReactionBody {
    pub(super) content: String,
}

pub(super) fn shown(acting: &Acting<'_>, place: &IssuePlace) -> Result<Value, Refusal> {
    let repository = acting.repository(&place.repository)?;
    Ok(payload::issue(acting.state(), repository, acting.issue(place)?))
}

pub(super) async fn list(call: Call, Path((owner, name)): Path<(String, String)>) -> Answer {
    let name = RepositoryName::new(&owner, &name);
    let value = |name: &str| call.query.get(name).map(String::as_str);
    let filter = IssueFilter {
        state: match value("state") {
            Some("all") => ShownState::All,
            Some("closed") => ShownState::Closed,
            Some("open") | None => ShownState::Open,
            Some(_) => return Err(Refusal::invalid("Issue", "state", "invalid").into()),
        },
        since: call.since()?,
        labels: value("labels")
            .map(|labels| labels.split(',').map(|label| label.trim().to_owned()).collect())
            .unwrap_or_default(),
        by_update: value("sort") == Some("updated"),
        ascending: value("direction") == Some("asc"),
    };
    let all = call.act(|acting| {
        let repository = acting.repository(&name)?;
        let issues = acting.issues(&name, &filter)?;
        let shown = issues.into_iter().map(|one| payload::issue(acting.state(), repository, one));
        Ok(shown.collect())
    })?;
    Ok(call.page_of(all))
}

pub(super) async fn create(
    call: Call,
    Path((owner, name)): Path<(String, String)>,
    body: Bytes,
) -> Answer {
    let body: IssueBody = parse(&body)?;
    let name = RepositoryName::new(&owner, &name);
    let mut new = NewIssue {
        title: body.title.ok_or_else(|| Refusal::invalid("Issue", "title", "missing_field"))?,
        body: body.body,
        labels: IssueBody::names(body.labels).unwrap_or_default(),
        assignees: body.assignees.unwrap_or_else(|| body.assignee.into_iter().collect()),
        is_pull_request: false,
    };
    call.act(|acting| {
        if acting.role(&name)? < Role::Triage {
            new.labels.clear();
        }
        let number = acting.create_issue(&name, new)?;
        Ok(created(shown(acting, &name.issue(number))?))
    })
}

pub(super) async fn show(call: Call, path: IssuePath) -> Answer {
    let place = place(path);
    call.act(|acting| Ok(ok(shown(acting, &place)?)))
}

pub(super) async fn edit(call: Call, path: IssuePath, body: Bytes) -> Answer {
    let body: IssueBody = parse(&body)?;
    let place = place(path);
    let open = match body.state.as_deref() {
        Some("open") => Some(true),
        Some("closed") => Some(false),
        None => None,
        Some(_) => return Err(Refusal::invalid("Issue", "state", "invalid").into()),
    };
    let state_reason = match body.state_reason.as_deref() {
        Some("completed") => Some(StateReason::Completed),
        Some("not_planned") => Some(StateReason::NotPlanned),
        Some("duplicate") => Some(StateReason::Duplicate),
        Some("reopened") => Some(StateReason::Reopened),
        None => None,
        Some(_) => return Err(Refusal::invalid("Issue", "state_reason", "invalid").into()),
    };
    let change = IssueChange {
        title: body.title,
        body: body.body,
        open,
        state_reason,
        labels: IssueBody::names(body.labels),
        assignees: body.assignees,
    };
    call.act(|acting| {
        acting.edit_issue(&place, change)?;
        Ok(ok(shown(acting, &place)?))
    })
}

pub(super) async fn assign(call: Call, path: IssuePath, body: Bytes) -> Answer {
    let body: AssigneesBody = parse(&body)?;
    let place = place(path);
    call.act(|acting| {
        acting.assign(&place, &body.assignees)?;
        Ok(created(shown(acting, &place)?))
    })
}

pub(super) async fn unassign(call: Call, path: IssuePath, body: Bytes) -> Answer {
    let body: AssigneesBody = parse(&body)?;
    let place = place(path);
    call.act(|acting| {
        acting.unassign(&place, &body.assignees)?;
        Ok(ok(shown(acting, &place)?))
    })
}

pub(super) async fn lock(call: Call, path: IssuePath) -> Answer {
    let place = place(path);
    call.act(|acting| acting.lock_issue(&place, true))?;
    Ok(done())
}

pub(super) async fn unlock(call: Call, path: IssuePath) -> Answer {
    let place = place(path);
    call.act(|acting| acting.lock_issue(&place, false))?;
    Ok(done())
}

pub(super) async fn timeline(call: Call, path: IssuePath) -> Answer {
    let place = place(path);
    let entries = call.act(|acting| {
        let (repository, issue) = (acting.repository(&place.repository)?, acting.issue(&place)?);
        let entries = issue.timeline.iter();
        let shown = entries.filter_map(|entry| {
            payload::timeline_entry(acting.state(), (repository, issue), entry)
        });
        Ok(shown.collect())
    })?;
    Ok(call.page_of(entries))
}

pub(super) async fn react(call: Call, path: IssuePath, body: Bytes) -> Answer {
    let body: ReactionBody = parse(&body)?;
    let place = place(path);
    call.act(|acting| {
        let (reaction, is_new) = acting.react_to_issue(&place, &body.content)?;
        let shown = payload::reaction(acting.state(), &reaction);
        Ok(if is_new { created(shown) } else { ok(shown) })
    })
}
