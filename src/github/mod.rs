//! GitHub in our words: the few calls we need, and what can become of one.
//!
//! [`GitHub`] has two implementations: [`client::Client`] over the wire, and the sandbox in
//! memory. `put_*` may be repeated; `create_*` must not run twice, so whoever calls it looks
//! first, by the hidden marker, whenever an earlier attempt ended unclear.

pub mod app;
mod branches;
pub mod checkup;
pub mod client;
pub mod deadline;
mod graphql;
pub mod history;
mod identity;
mod listing;
pub mod manifest;
pub mod pace;
pub mod payload;
mod permission;
mod sent;
pub mod sign_in;
pub mod transport;
mod wanted;

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use history::TimelineJson;
pub use listing::{Fetched, Page, PageAt};
use payload::{CommentJson, CommentRecord, IssueJson, IssueRecord};
pub use sent::{SentText, SentWebhook};

use crate::policy::{CloseAs, LabelLooks, Role};
use crate::triage::{BranchAt, BranchFacts, CommentId, IssueNumber, Login, Reaction, Repository};

/// What the bot asks of GitHub.
#[async_trait]
pub trait GitHub: Send + Sync {
    /// Who we are, to know our own events and comments.
    async fn get_identity(&self) -> Result<Identity, CallError>;

    /// What this person may do in the repository, by `role_name`.
    async fn get_role(&self, repository: &Repository, login: &Login) -> Result<Role, CallError>;

    /// The issue as it is now; none if it is not there (deleted, transferred, a pull request).
    async fn find_issue(&self, issue: IssueAt<'_>) -> Result<Option<IssueRecord>, CallError>;

    /// A comment of ours, written or changed since about `since`, that carries this hidden marker.
    async fn find_comment(
        &self,
        issue: IssueAt<'_>,
        marker: &str,
        since: Timestamp,
    ) -> Result<Option<CommentId>, CallError>;

    /// The comment as it is now; none if it is not there any more.
    async fn find_comment_by_id(
        &self,
        repository: &Repository,
        comment: CommentId,
    ) -> Result<Option<CommentRecord>, CallError>;

    /// What is publicly known of a branch anywhere on GitHub, asked with the access to
    /// `repository`; none if the branch or its repository is not there, or not for the public.
    async fn find_branch(
        &self,
        repository: &Repository,
        branch: &BranchAt,
    ) -> Result<Option<BranchFacts>, CallError>;

    /// The repository of this name, as a page of one; refused with 404 where it is not there, or
    /// not for us to see.
    async fn get_repository(
        &self,
        full_name: &str,
        etag: Option<&str>,
    ) -> Result<Fetched<Repository>, CallError>;

    /// A page of the webhooks that were sent to the App in the last days, newest first; refused
    /// with [`NO_LOG`] where the bot is no App.
    async fn list_sent_webhooks(&self, page: PageAt<'_>)
    -> Result<Fetched<SentWebhook>, CallError>;

    /// What was sent in this attempt; none where the log has it no longer.
    async fn find_sent_webhook(&self, id: u64) -> Result<Option<SentText>, CallError>;

    /// A page of all issues, oldest first; with `since` only those that changed at that time or
    /// later, by their last change. Pull requests are among them.
    async fn list_issues(
        &self,
        repository: &Repository,
        since: Option<Timestamp>,
        page: PageAt<'_>,
    ) -> Result<Fetched<IssueJson>, CallError>;

    /// A page of what happened to an issue, oldest first.
    async fn list_timeline(
        &self,
        issue: IssueAt<'_>,
        page: PageAt<'_>,
    ) -> Result<Fetched<TimelineJson>, CallError>;

    /// A page of the comments under all issues that were written or changed since then, oldest
    /// first.
    async fn list_comments(
        &self,
        repository: &Repository,
        since: Timestamp,
        page: PageAt<'_>,
    ) -> Result<Fetched<CommentJson>, CallError>;

    /// The text of a file on the default branch.
    async fn find_file(
        &self,
        repository: &Repository,
        path: &str,
    ) -> Result<Option<String>, CallError>;

    /// The files directly in a folder of the default branch; none if there is no such folder.
    async fn get_folder(
        &self,
        repository: &Repository,
        path: &str,
    ) -> Result<Vec<FileEntry>, CallError>;

    /// The names of all labels the repository has.
    async fn get_labels(&self, repository: &Repository) -> Result<Vec<String>, CallError>;

    /// Makes sure the repository has this label; one that is there keeps its looks.
    async fn put_label(
        &self,
        repository: &Repository,
        name: &str,
        looks: &LabelLooks,
    ) -> Result<(), CallError>;

    /// Posts a comment.
    async fn create_comment(&self, issue: IssueAt<'_>, body: &str) -> Result<CommentId, CallError>;

    /// Changes a comment; false if it is no longer there.
    async fn put_comment(
        &self,
        repository: &Repository,
        comment: CommentId,
        body: &str,
    ) -> Result<bool, CallError>;

    /// Makes sure a comment is hidden as spam, or is shown again. `node_id` is GitHub's global
    /// name of the comment, as in [`CommentRecord::node_id`].
    async fn put_comment_hidden(
        &self,
        repository: &Repository,
        node_id: &str,
        hidden: bool,
    ) -> Result<(), CallError>;

    /// Makes sure the issue has this title and this text, each where it is given.
    async fn put_issue_text(
        &self,
        issue: IssueAt<'_>,
        title: Option<&str>,
        body: Option<&str>,
    ) -> Result<(), CallError>;

    /// Makes sure the issue has these labels.
    async fn put_issue_labels(
        &self,
        issue: IssueAt<'_>,
        labels: &[String],
    ) -> Result<(), CallError>;

    /// Makes sure the issue does not have this label.
    async fn put_issue_unlabelled(&self, issue: IssueAt<'_>, label: &str) -> Result<(), CallError>;

    /// Makes sure this person is among the assignees; false where GitHub does not let them be: it
    /// leaves such people out and says nothing.
    async fn put_assignee(&self, issue: IssueAt<'_>, login: &str) -> Result<bool, CallError>;

    /// Makes sure this person is not among the assignees.
    async fn put_unassigned(&self, issue: IssueAt<'_>, login: &str) -> Result<(), CallError>;

    /// Closes the issue as something, or opens it again with `None`.
    async fn put_issue_state(
        &self,
        issue: IssueAt<'_>,
        close_as: Option<CloseAs>,
    ) -> Result<(), CallError>;

    /// Makes sure our sign is under the comment.
    async fn put_reaction(
        &self,
        repository: &Repository,
        comment: CommentId,
        reaction: Reaction,
    ) -> Result<(), CallError>;
}

/// The status by which it is refused to show a log of webhooks to who has none.
pub const NO_LOG: u16 = 403;

/// A file in a list of files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEntry {
    /// Its path from the top of the repository.
    pub path: String,
    /// How long it is.
    pub bytes: u64,
}

/// Where an issue is.
#[derive(Debug, Clone, Copy)]
pub struct IssueAt<'a> {
    /// Its repository.
    pub repository: &'a Repository,
    /// Its number there.
    pub number: IssueNumber,
}

/// Who we are on GitHub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identity {
    /// An App: its id, and the login of its account (`slug[bot]`).
    App {
        /// The App's number, also in `performed_via_github_app`.
        id: u64,
        /// The login its writes appear under.
        login: Login,
    },
    /// A person's token: the login may be a maintainer's own, so only login and marker together
    /// make a comment ours.
    Token {
        /// The token's owner.
        login: Login,
    },
}

impl Identity {
    /// The login our writes appear under.
    pub fn login(&self) -> &Login {
        match self {
            Self::App { login, .. } | Self::Token { login } => login,
        }
    }

    /// Whether an account with this login, acting through the App of this number, is us.
    pub fn is_us(&self, login: &str, app: Option<u64>) -> bool {
        match self {
            Self::App { id, login: ours } => app == Some(*id) || ours.is_same(login),
            Self::Token { login: ours } => ours.is_same(login),
        }
    }
}

/// Why a call did not succeed. The variants are what the caller must do next.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// GitHub refused for good: repeating changes nothing.
    #[error("GitHub refused with {status}: {message}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// GitHub's own words.
        message: String,
    },
    /// GitHub asks to wait; nothing was done.
    #[error("GitHub asks to wait {} s", after.as_secs())]
    Limited {
        /// How long from now.
        after: Duration,
    },
    /// Nothing was done, and a later attempt may succeed: no connection, or a token that could
    /// not be had.
    #[error("GitHub could not be reached: {0}")]
    Unreachable(String),
    /// It may have been done: a timeout, a reset, a 5xx. Look before repeating.
    #[error("it is unclear whether GitHub did it: {0}")]
    Unclear(String),
}

/// The hidden marker of a comment, by which an unclear attempt is found again.
pub fn marker(key: &str) -> String {
    format!("<!-- keydesk:{key} -->")
}
