//! The stand-in GitHub behind the [`GitHub`] trait, without HTTP: for stories and simulations.
//!
//! Every call goes through [`InMemoryGitHub`], which acts as the App and fails where a test says so.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

pub use super::calls::{CallFault, CallFaultKind, SeenCall};
pub use super::in_memory::InMemoryGitHub;
pub use super::listing::AskedPage;
use super::listing::{self, List};
use super::payload;
use super::state::{self, IssueChange, IssuePlace, LabelText, RepositoryName};
use crate::github::history::TimelineJson;
use crate::github::payload::{CommentJson, CommentRecord, IssueJson, IssueRecord};
use crate::github::{
    CallError, Fetched, FileEntry, GitHub, Identity, IssueAt, PageAt, SentText, SentWebhook,
};
use crate::policy::{CloseAs, LabelLooks, Role};
use crate::triage::{BranchAt, BranchFacts, CommentId, Login, Reaction, Repository};

fn name_of(repository: &Repository) -> RepositoryName {
    RepositoryName::new(&repository.owner, &repository.name)
}

fn place_of(issue: IssueAt<'_>) -> IssuePlace {
    name_of(issue.repository).issue(issue.number.0)
}

/// A refusal with one of these statuses means that there is nothing.
fn none_if_refused<T>(
    answer: Result<T, CallError>,
    statuses: &[u16],
) -> Result<Option<T>, CallError> {
    match answer {
        Err(CallError::Refused { status, .. }) if statuses.contains(&status) => Ok(None),
        other => other.map(Some),
    }
}

fn role_of(role: state::Role) -> Role {
    match role {
        state::Role::None => Role::None,
        state::Role::Read => Role::Read,
        state::Role::Triage => Role::Triage,
        state::Role::Write => Role::Write,
        state::Role::Maintain => Role::Maintain,
        state::Role::Admin => Role::Admin,
    }
}

fn reason_of(close_as: CloseAs) -> state::StateReason {
    match close_as {
        CloseAs::Completed => state::StateReason::Completed,
        CloseAs::NotPlanned => state::StateReason::NotPlanned,
        CloseAs::Duplicate => state::StateReason::Duplicate,
    }
}

fn no_user() -> state::Refusal {
    state::Refusal::new(404, "Not Found")
}

#[async_trait]
impl GitHub for InMemoryGitHub {
    async fn get_identity(&self) -> Result<Identity, CallError> {
        self.call("get_identity", |acting| {
            let settings = &acting.state().settings;
            Ok(Identity::App { id: settings.app_id, login: Login(settings.bot_login()) })
        })
        .await
    }

    async fn get_role(&self, repository: &Repository, login: &Login) -> Result<Role, CallError> {
        let name = name_of(repository);
        let found = self
            .call("get_role", |acting| {
                acting.state().user(&login.0).ok_or_else(no_user)?;
                Ok(role_of(acting.repository(&name)?.role(&login.0)))
            })
            .await;
        Ok(none_if_refused(found, &[404])?.unwrap_or(Role::None))
    }

    async fn find_issue(&self, issue: IssueAt<'_>) -> Result<Option<IssueRecord>, CallError> {
        let place = place_of(issue);
        let found = self
            .call("find_issue", |acting| {
                let repository = acting.repository(&place.repository)?;
                Ok(payload::issue(acting.state(), repository, acting.issue(&place)?))
            })
            .await;
        let Some(json) = none_if_refused(found, &[301, 404, 410])? else {
            return Ok(None);
        };
        let json: IssueJson = serde_json::from_value(json)
            .map_err(|error| CallError::Refused { status: 200, message: error.to_string() })?;
        Ok(json.record())
    }

    async fn find_comment(
        &self,
        issue: IssueAt<'_>,
        marker: &str,
        since: Timestamp,
    ) -> Result<Option<CommentId>, CallError> {
        let (place, since) = (place_of(issue), since - SignedDuration::from_hours(1));
        self.call_about(("find_comment", marker.to_owned()), |acting| {
            let ours = acting.login();
            let found = acting.issue(&place)?.comments.iter().find(|comment| {
                comment.author.eq_ignore_ascii_case(&ours)
                    && comment.updated_at >= since
                    && comment.body.contains(marker)
            });
            Ok(found.map(|comment| CommentId(comment.id)))
        })
        .await
    }

    async fn find_comment_by_id(
        &self,
        repository: &Repository,
        comment: CommentId,
    ) -> Result<Option<CommentRecord>, CallError> {
        let name = name_of(repository);
        let found = self
            .call("find_comment_by_id", |acting| {
                let repository = acting.repository(&name)?;
                let (issue, comment) = acting.comment(&name, comment.0)?;
                Ok(payload::comment(acting.state(), (repository, issue), comment))
            })
            .await;
        let Some(json) = none_if_refused(found, &[404, 410])? else {
            return Ok(None);
        };
        let json: CommentJson = serde_json::from_value(json)
            .map_err(|error| CallError::Refused { status: 200, message: error.to_string() })?;
        Ok(Some(json.record()))
    }

    async fn find_branch(
        &self,
        _: &Repository,
        branch: &BranchAt,
    ) -> Result<Option<BranchFacts>, CallError> {
        let name = RepositoryName::new(&branch.owner, &branch.name);
        let found = self
            .call("find_branch", |acting| {
                let repository = acting.repository(&name)?;
                if repository.is_private || !branch.is_possible() {
                    return Err(state::Refusal::not_found());
                }
                let found = acting.branch(&name, &branch.branch)?;
                Ok(BranchFacts {
                    repository: format!("{}/{}", repository.name.owner, repository.name.name),
                    owner: Login(repository.name.owner.clone()),
                    is_fork: repository.is_fork,
                    repository_created_at: repository.created_at,
                    committed_at: Some(found.committed_at),
                    author: found.author.clone().map(Login),
                })
            })
            .await;
        none_if_refused(found, &[403, 404, 451])
    }

    async fn get_repository(
        &self,
        full_name: &str,
        etag: Option<&str>,
    ) -> Result<Fetched<Repository>, CallError> {
        self.call("get_repository", |acting| {
            let (owner, name) = full_name.split_once('/').ok_or_else(state::Refusal::not_found)?;
            listing::repository(acting, &RepositoryName::new(owner, name), etag)
        })
        .await
    }

    async fn list_sent_webhooks(
        &self,
        page: PageAt<'_>,
    ) -> Result<Fetched<SentWebhook>, CallError> {
        self.list(("list_sent_webhooks", List::SentWebhooks), page).await
    }

    async fn find_sent_webhook(&self, id: u64) -> Result<Option<SentText>, CallError> {
        let found = self.call("find_sent_webhook", |acting| listing::sent_text(acting, id)).await;
        none_if_refused(found, &[404])?.map(listing::parsed).transpose()
    }

    async fn list_issues(
        &self,
        repository: &Repository,
        since: Option<Timestamp>,
        page: PageAt<'_>,
    ) -> Result<Fetched<IssueJson>, CallError> {
        self.list(("list_issues", List::Issues(name_of(repository), since)), page).await
    }

    async fn list_timeline(
        &self,
        issue: IssueAt<'_>,
        page: PageAt<'_>,
    ) -> Result<Fetched<TimelineJson>, CallError> {
        self.list(("list_timeline", List::Timeline(place_of(issue))), page).await
    }

    async fn list_comments(
        &self,
        repository: &Repository,
        since: Timestamp,
        page: PageAt<'_>,
    ) -> Result<Fetched<CommentJson>, CallError> {
        self.list(("list_comments", List::Comments(name_of(repository), since)), page).await
    }

    async fn find_file(
        &self,
        repository: &Repository,
        path: &str,
    ) -> Result<Option<String>, CallError> {
        let name = name_of(repository);
        self.call("find_file", |acting| {
            let content = acting.contents(&name)?.files.get(path);
            Ok(content.map(|content| String::from_utf8_lossy(content).into_owned()))
        })
        .await
    }

    async fn get_folder(
        &self,
        repository: &Repository,
        path: &str,
    ) -> Result<Vec<FileEntry>, CallError> {
        let name = name_of(repository);
        self.call("get_folder", |acting| {
            let listed = acting.contents(&name)?.in_folder(path);
            let entry = |(path, content): (&String, &Vec<u8>)| FileEntry {
                path: path.clone(),
                bytes: content.len() as u64,
            };
            Ok(listed.map(entry).collect())
        })
        .await
    }

    async fn get_labels(&self, repository: &Repository) -> Result<Vec<String>, CallError> {
        let name = name_of(repository);
        self.call("get_labels", |acting| {
            Ok(acting.labels(&name)?.iter().map(|label| label.name.clone()).collect())
        })
        .await
    }

    async fn put_label(
        &self,
        repository: &Repository,
        name: &str,
        looks: &LabelLooks,
    ) -> Result<(), CallError> {
        let place = name_of(repository);
        let text = LabelText {
            name: Some(name.to_owned()),
            color: Some(looks.color.clone()),
            description: Some(looks.description.clone()),
        };
        let call = ("put_label", String::new());
        self.write(call, move |acting| match acting.create_label(&place, text) {
            Err(refusal) if refusal.errors.iter().any(|one| one["code"] == "already_exists") => {
                Ok(())
            }
            other => other.map(drop),
        })
        .await
    }

    async fn create_comment(&self, issue: IssueAt<'_>, body: &str) -> Result<CommentId, CallError> {
        let place = place_of(issue);
        let call = ("create_comment", body.lines().last().unwrap_or_default().to_owned());
        let body = body.to_owned();
        self.write(call, move |acting| acting.create_comment(&place, &body).map(CommentId)).await
    }

    async fn put_comment(
        &self,
        repository: &Repository,
        comment: CommentId,
        body: &str,
    ) -> Result<bool, CallError> {
        let name = name_of(repository);
        let (call, body) = (("put_comment", String::new()), body.to_owned());
        let done =
            self.write(call, move |acting| acting.edit_comment(&name, comment.0, &body)).await;
        Ok(none_if_refused(done, &[404, 410])?.is_some())
    }

    async fn put_comment_hidden(
        &self,
        _: &Repository,
        node_id: &str,
        hidden: bool,
    ) -> Result<(), CallError> {
        self.call("put_comment_hidden", |acting| acting.hide_comment(node_id, hidden)).await
    }

    async fn put_issue_text(
        &self,
        issue: IssueAt<'_>,
        title: Option<&str>,
        body: Option<&str>,
    ) -> Result<(), CallError> {
        if title.is_none() && body.is_none() {
            return Ok(());
        }
        let place = place_of(issue);
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let change =
            IssueChange { title: owned(title), body: owned(body), ..IssueChange::default() };
        let call = ("put_issue_text", String::new());
        self.write(call, move |acting| acting.edit_issue(&place, change)).await
    }

    async fn put_issue_labels(
        &self,
        issue: IssueAt<'_>,
        labels: &[String],
    ) -> Result<(), CallError> {
        let place = place_of(issue);
        let about = format!("{place} {}", labels.join(", "));
        let (call, labels) = (("put_issue_labels", about), labels.to_vec());
        self.write(call, move |acting| acting.add_labels(&place, &labels)).await
    }

    async fn put_issue_unlabelled(&self, issue: IssueAt<'_>, label: &str) -> Result<(), CallError> {
        let place = place_of(issue);
        let call = ("put_issue_unlabelled", format!("{place} {label}"));
        let label = label.to_owned();
        let done = self.write(call, move |acting| acting.remove_label(&place, &label)).await;
        none_if_refused(done, &[404]).map(drop)
    }

    async fn put_assignee(&self, issue: IssueAt<'_>, login: &str) -> Result<bool, CallError> {
        let place = place_of(issue);
        self.call("put_assignee", |acting| {
            acting.assign(&place, &[login.to_owned()])?;
            let assignees = &acting.issue(&place)?.assignees;
            Ok(assignees.iter().any(|one| one.eq_ignore_ascii_case(login)))
        })
        .await
    }

    async fn put_unassigned(&self, issue: IssueAt<'_>, login: &str) -> Result<(), CallError> {
        let place = place_of(issue);
        self.call("put_unassigned", |acting| acting.unassign(&place, &[login.to_owned()])).await
    }

    async fn put_issue_state(
        &self,
        issue: IssueAt<'_>,
        close_as: Option<CloseAs>,
    ) -> Result<(), CallError> {
        let place = place_of(issue);
        let change = IssueChange {
            open: Some(close_as.is_none()),
            state_reason: close_as.map(reason_of),
            ..IssueChange::default()
        };
        let call = ("put_issue_state", place.to_string());
        self.write(call, move |acting| acting.edit_issue(&place, change)).await
    }

    async fn put_reaction(
        &self,
        repository: &Repository,
        comment: CommentId,
        reaction: Reaction,
    ) -> Result<(), CallError> {
        let name = name_of(repository);
        self.call("put_reaction", |acting| {
            acting.react_to_comment(&name, comment.0, reaction.name()).map(drop)
        })
        .await
    }
}
