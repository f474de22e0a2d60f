//! Writing, editing and deleting comments.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::issues::{check_body, put_reaction};
use super::{
    Acting, Comment, Happening, Issue, IssuePlace, Reaction, Refusal, RepositoryName, Role, payload,
};

/// Repository, issue and comment, by their places in the vectors.
type CommentAt = ((usize, usize), usize);

impl Acting<'_> {
    /// A comment and the issue it belongs to.
    pub fn comment(&self, name: &RepositoryName, id: u64) -> Result<(&Issue, &Comment), Refusal> {
        let ((repository, issue), comment) = self.comment_index(name, id)?;
        let issue = &self.state.repositories[repository].issues[issue];
        Ok((issue, &issue.comments[comment]))
    }

    /// The comments under all issues that were written or changed since then, oldest first.
    pub fn comments(
        &self,
        name: &RepositoryName,
        since: Option<Timestamp>,
    ) -> Result<Vec<(&Issue, &Comment)>, Refusal> {
        let repository = &self.state.repositories[self.repository_index(name)?];
        let there = repository.issues.iter().filter(|issue| issue.gone.is_none());
        let all =
            there.flat_map(|issue| issue.comments.iter().map(move |comment| (issue, comment)));
        let mut found: Vec<_> = all
            .filter(|(_, comment)| since.is_none_or(|since| comment.updated_at >= since))
            .collect();
        found.sort_by_key(|(_, comment)| (comment.created_at, comment.id));
        Ok(found)
    }

    fn comment_index(&self, name: &RepositoryName, id: u64) -> Result<CommentAt, Refusal> {
        let repository = self.repository_index(name)?;
        for (at, issue) in self.state.repositories[repository].issues.iter().enumerate() {
            let found = issue.comments.iter().position(|comment| comment.id == id);
            if let Some(found) = found.filter(|_| issue.gone.is_none()) {
                return Ok(((repository, at), found));
            }
        }
        Err(Refusal::not_found())
    }

    /// Writes a comment and gives its id.
    pub fn create_comment(&mut self, place: &IssuePlace, body: &str) -> Result<u64, Refusal> {
        let at = self.issue_index(place)?;
        self.may_write_issues(at.0)?;
        check_comment(body)?;
        // The App's permissions make it no collaborator: it is locked out too.
        let is_outsider = self.role_in(&self.state.repositories[at.0]) < Role::Write;
        if self.issue_mut(at).locked && is_outsider {
            return Err(Refusal::new(403, "Unable to create comment because issue is locked."));
        }
        let id = self.state.new_id();
        let (author, now) = (self.login(), self.now);
        self.issue_mut(at).comments.push(Comment {
            id,
            author,
            body: body.to_owned(),
            created_at: now,
            updated_at: now,
            reactions: Vec::new(),
            is_minimized: false,
        });
        self.note(at, Happening::Commented(id));
        let last = self.issue_mut(at).comments.len() - 1;
        self.announce_comment((at, last), "created", json!({}));
        Ok(id)
    }

    /// Replaces a comment's text; its author may, and whoever can write.
    pub fn edit_comment(
        &mut self,
        name: &RepositoryName,
        id: u64,
        body: &str,
    ) -> Result<(), Refusal> {
        let (at, index) = self.comment_index(name, id)?;
        self.may_change_comment((at, index))?;
        check_comment(body)?;
        let now = self.now;
        let issue = self.issue_mut(at);
        let comment = &mut issue.comments[index];
        if comment.body == body {
            return Ok(());
        }
        let from = std::mem::replace(&mut comment.body, body.to_owned());
        comment.updated_at = now;
        issue.updated_at = now;
        let changes = json!({ "changes": { "body": { "from": from } } });
        self.announce_comment((at, index), "edited", changes);
        Ok(())
    }

    /// Deletes a comment; its author may, and whoever can write.
    pub fn delete_comment(&mut self, name: &RepositoryName, id: u64) -> Result<(), Refusal> {
        let (at, index) = self.comment_index(name, id)?;
        self.may_change_comment((at, index))?;
        self.announce_comment((at, index), "deleted", json!({}));
        let issue = self.issue_mut(at);
        issue.comments.remove(index);
        issue.timeline.retain(|entry| entry.happening != Happening::Commented(id));
        self.note(at, Happening::CommentDeleted);
        Ok(())
    }

    /// Hides a comment, or shows it again; who can triage may. No event tells of it.
    pub fn hide_comment(&mut self, node_id: &str, hidden: bool) -> Result<(), Refusal> {
        let (at, index) = self.comment_of_node(node_id)?;
        if self.role_in(&self.state.repositories[at.0]) < Role::Triage {
            return Err(self.refused_for_role());
        }
        self.issue_mut(at).comments[index].is_minimized = hidden;
        Ok(())
    }

    fn comment_of_node(&self, node_id: &str) -> Result<CommentAt, Refusal> {
        for (at, repository) in self.state.repositories.iter().enumerate() {
            if self.role_in(repository) < Role::Read {
                continue;
            }
            for (index, issue) in repository.issues.iter().enumerate() {
                let is_meant = |comment: &Comment| payload::comment_node_id(comment.id) == node_id;
                let found = issue.comments.iter().position(is_meant);
                if let Some(found) = found.filter(|_| issue.gone.is_none()) {
                    return Ok(((at, index), found));
                }
            }
        }
        let message = format!("Could not resolve to a node with the global id of '{node_id}'.");
        Err(Refusal::new(404, &message))
    }

    /// The App's `issues: write` lets it edit and delete every comment, a person needs to write.
    fn may_change_comment(&self, at: CommentAt) -> Result<(), Refusal> {
        let repository = &self.state.repositories[at.0.0];
        let comment = &repository.issues[at.0.1].comments[at.1];
        let is_author = comment.author.eq_ignore_ascii_case(&self.login());
        self.may_write_issues(at.0.0)?;
        let is_app = self.actor == super::Actor::App;
        if is_author || is_app || self.role_in(repository) >= Role::Write {
            Ok(())
        } else {
            Err(self.refused_for_role())
        }
    }

    /// Reacts to a comment; the flag says whether the reaction is new.
    pub fn react_to_comment(
        &mut self,
        name: &RepositoryName,
        id: u64,
        content: &str,
    ) -> Result<(Reaction, bool), Refusal> {
        let (at, index) = self.comment_index(name, id)?;
        self.may_write_issues(at.0)?;
        let fresh = self.new_reaction(content)?;
        Ok(put_reaction(&mut self.issue_mut(at).comments[index].reactions, fresh))
    }

    fn announce_comment(&mut self, at: CommentAt, action: &str, extra: Value) {
        let ((repository_index, issue_index), index) = at;
        let repository = &self.state.repositories[repository_index];
        let issue = &repository.issues[issue_index];
        let mut content = json!({
            "issue": payload::issue(self.state, repository, issue),
            "comment": payload::comment(self.state, (repository, issue), &issue.comments[index]),
            "sender": payload::user(self.state, &self.login()),
        });
        if let (Some(content), Value::Object(extra)) = (content.as_object_mut(), extra) {
            content.extend(extra);
        }
        self.state.announce(repository_index, ("issue_comment", action), content);
    }
}

fn check_comment(body: &str) -> Result<(), Refusal> {
    if body.trim().is_empty() {
        return Err(Refusal::invalid("IssueComment", "body", "missing_field"));
    }
    check_body("IssueComment", Some(body))
}
