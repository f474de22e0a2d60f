//! Comments: list, read, write, edit, delete, react.

use axum::body::Bytes;
use axum::extract::Path;
use serde::Deserialize;
use serde_json::Value;

use super::answer::{Answer, Call, created, done, ok, parse};
use super::issues::{IssuePath, ReactionBody, place};
use crate::sandbox::payload;
use crate::sandbox::state::{Acting, Refusal, RepositoryName};

type CommentPath = Path<(String, String, u64)>;

#[derive(Deserialize)]
struct CommentBody {
    body: Option<String>,
}

impl CommentBody {
    fn text(self) -> Result<String, Refusal> {
        self.body.ok_or_else(|| Refusal::invalid("IssueComment", "body", "missing_field"))
    }
}

fn shown(acting: &Acting<'_>, name: &RepositoryName, id: u64) -> Result<Value, Refusal> {
    let repository = acting.repository(name)?;
    let (issue, comment) = acting.comment(name, id)?;
    Ok(payload::comment(acting.state(), (repository, issue), comment))
}

pub(super) async fn list(call: Call, path: IssuePath) -> Answer {
    let place = place(path);
    let since = call.since()?;
    let all = call.act(|acting| {
        let (repository, issue) = (acting.repository(&place.repository)?, acting.issue(&place)?);
        let wanted = issue
            .comments
            .iter()
            .filter(|comment| since.is_none_or(|since| comment.updated_at >= since))
            .map(|comment| payload::comment(acting.state(), (repository, issue), comment));
        Ok(wanted.collect())
    })?;
    Ok(call.page_of(all))
}

/// The comments under all issues: by id, which is how they were written, or by last change.
pub(super) async fn of_all(call: Call, Path((owner, name)): Path<(String, String)>) -> Answer {
    let name = RepositoryName::new(&owner, &name);
    let since = call.since()?;
    let value = |name: &str| call.query.get(name).map(String::as_str);
    let all = call.act(|acting| {
        let repository = acting.repository(&name)?;
        let mut found = acting.comments(&name, since)?;
        if value("sort") == Some("updated") {
            found.sort_by_key(|(_, comment)| (comment.updated_at, comment.id));
        }
        if value("sort").is_some() && value("direction") != Some("asc") {
            found.reverse();
        }
        let shown = found
            .into_iter()
            .map(|(issue, comment)| payload::comment(acting.state(), (repository, issue), comment));
        Ok(shown.collect())
    })?;
    Ok(call.page_of(all))
}

pub(super) async fn create(call: Call, path: IssuePath, body: Bytes) -> Answer {
    let text = parse::<CommentBody>(&body)?.text()?;
    let place = place(path);
    call.act(|acting| {
        let id = acting.create_comment(&place, &text)?;
        Ok(created(shown(acting, &place.repository, id)?))
    })
}

pub(super) async fn show(call: Call, Path((owner, name, id)): CommentPath) -> Answer {
    let name = RepositoryName::new(&owner, &name);
    call.act(|acting| Ok(ok(shown(acting, &name, id)?)))
}

pub(super) async fn edit(call: Call, Path((owner, name, id)): CommentPath, body: Bytes) -> Answer {
    let text = parse::<CommentBody>(&body)?.text()?;
    let name = RepositoryName::new(&owner, &name);
    call.act(|acting| {
        acting.edit_comment(&name, id, &text)?;
        Ok(ok(shown(acting, &name, id)?))
    })
}

pub(super) async fn delete(call: Call, Path((owner, name, id)): CommentPath) -> Answer {
    let name = RepositoryName::new(&owner, &name);
    call.act(|acting| acting.delete_comment(&name, id))?;
    Ok(done())
}

pub(super) async fn react(call: Call, Path((owner, name, id)): CommentPath, body: Bytes) -> Answer {
    let body: ReactionBody = parse(&body)?;
    let name = RepositoryName::new(&owner, &name);
    call.act(|acting| {
        let (reaction, is_new) = acting.react_to_comment(&name, id, &body.content)?;
        let shown = payload::reaction(acting.state(), &reaction);
        Ok(if is_new { created(shown) } else { ok(shown) })
    })
}
