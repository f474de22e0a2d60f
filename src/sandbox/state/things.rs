//! What there is on the stand-in: people, roles, repositories, labels, issues, comments.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;

/// Longest text GitHub takes as the body of an issue or a comment, in characters.
pub const BODY_CHARACTERS_MAX: usize = 65_536;

/// What somebody may do in a repository, from least to most; the names are those of `role_name`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Nothing of one's own; on a public repository this counts as [`Role::Read`].
    None,
    /// Look, open issues, comment.
    Read,
    /// Label, assign, close.
    Triage,
    /// Push.
    Write,
    /// Manage without the dangerous parts.
    Maintain,
    /// Everything.
    Admin,
}

impl Role {
    /// The value of `role_name`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Read => "read",
            Self::Triage => "triage",
            Self::Write => "write",
            Self::Maintain => "maintain",
            Self::Admin => "admin",
        }
    }

    /// The value of the older `permission`, which knows no triage and no maintain.
    #[must_use]
    pub fn permission(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Read | Self::Triage => "read",
            Self::Write | Self::Maintain => "write",
            Self::Admin => "admin",
        }
    }
}

/// What an account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountKind {
    /// A person.
    User,
    /// The account of an App.
    Bot,
    /// Owns repositories, never acts.
    Organization,
}

/// An account.
#[derive(Clone, Debug)]
pub struct User {
    /// GitHub's number of the account.
    pub id: u64,
    /// The name shown; compared without case.
    pub login: String,
    /// Person, bot or organization.
    pub kind: AccountKind,
    /// Whether membership is shown; if not, `author_association` says NONE even for staff.
    pub shows_membership: bool,
}

/// `owner/name`, compared without case.
#[derive(Clone, Debug)]
pub struct RepositoryName {
    /// Login of the owner.
    pub owner: String,
    /// Name under that owner.
    pub name: String,
}

impl RepositoryName {
    /// From its two parts.
    #[must_use]
    pub fn new(owner: &str, name: &str) -> Self {
        Self { owner: owner.to_owned(), name: name.to_owned() }
    }

    /// The issue of this number.
    #[must_use]
    pub fn issue(&self, number: u64) -> IssuePlace {
        IssuePlace { repository: self.clone(), number }
    }

    pub(in crate::sandbox) fn is(&self, other: &Self) -> bool {
        self.owner.eq_ignore_ascii_case(&other.owner) && self.name.eq_ignore_ascii_case(&other.name)
    }
}

/// Where an issue is.
#[derive(Clone, Debug)]
pub struct IssuePlace {
    /// The repository it is in.
    pub repository: RepositoryName,
    /// Its number there.
    pub number: u64,
}

impl fmt::Display for IssuePlace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let RepositoryName { owner, name } = &self.repository;
        write!(formatter, "{owner}/{name}#{}", self.number)
    }
}

/// A label of a repository's catalogue.
#[derive(Clone, Debug)]
pub struct Label {
    /// GitHub's number of the label.
    pub id: u64,
    /// Its name; compared without case.
    pub name: String,
    /// Six hexadecimal digits.
    pub color: String,
    /// A short line, or none.
    pub description: Option<String>,
}

/// Why an issue is in the state it is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateReason {
    /// Closed as done.
    Completed,
    /// Closed as not planned.
    NotPlanned,
    /// Closed as a duplicate.
    Duplicate,
    /// Open again.
    Reopened,
}

impl StateReason {
    /// The value of `state_reason`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::NotPlanned => "not_planned",
            Self::Duplicate => "duplicate",
            Self::Reopened => "reopened",
        }
    }
}

/// One reaction of one account.
#[derive(Clone, Debug)]
pub struct Reaction {
    /// GitHub's number of the reaction.
    pub id: u64,
    /// Who reacted.
    pub login: String,
    /// `+1`, `eyes`, …
    pub content: String,
    /// When.
    pub created_at: Timestamp,
}

/// A comment on an issue.
#[derive(Clone, Debug)]
pub struct Comment {
    /// GitHub's number of the comment.
    pub id: u64,
    /// Who wrote it.
    pub author: String,
    /// Markdown.
    pub body: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was last edited.
    pub updated_at: Timestamp,
    /// Reactions to it.
    pub reactions: Vec<Reaction>,
    /// Whether it was hidden; readers can still unfold it.
    pub is_minimized: bool,
}

/// What can stand in an issue's timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// A comment, by its id.
    Commented(u64),
    /// A label was set: name and colour as they were then.
    Labeled(String, String),
    /// A label was removed.
    Unlabeled(String, String),
    /// Somebody was assigned.
    Assigned(String),
    /// Somebody was unassigned.
    Unassigned(String),
    /// Closed, with the reason.
    Closed(StateReason),
    /// Opened again.
    Reopened,
    /// Title changed: from, to.
    Renamed(String, String),
    /// Conversation locked.
    Locked,
    /// Conversation unlocked.
    Unlocked,
    /// A comment was deleted.
    CommentDeleted,
}

/// One entry of a timeline.
#[derive(Clone, Debug)]
pub struct TimelineEntry {
    /// GitHub's number of the event.
    pub id: u64,
    /// Who did it.
    pub actor: String,
    /// What was done.
    pub happening: Happening,
    /// When.
    pub created_at: Timestamp,
}

/// Where an issue went when it is no longer here.
#[derive(Clone, Debug)]
pub enum Gone {
    /// Deleted: answers 410.
    Deleted,
    /// Moved: answers 301 to the new place.
    Transferred(IssuePlace),
}

/// An issue with its whole conversation.
#[derive(Clone, Debug)]
pub struct Issue {
    /// GitHub's number across all repositories.
    pub id: u64,
    /// The number in its repository.
    pub number: u64,
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: Option<String>,
    /// Who opened it.
    pub author: String,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When anything of it last changed.
    pub updated_at: Timestamp,
    /// When it was closed, if it is.
    pub closed_at: Option<Timestamp>,
    /// Who closed it, if it is closed.
    pub closed_by: Option<String>,
    /// Why it is open or closed.
    pub state_reason: Option<StateReason>,
    /// Labels, by their id in the catalogue, in the order they were set.
    pub labels: Vec<u64>,
    /// Who is assigned.
    pub assignees: Vec<String>,
    /// Whether only collaborators may comment.
    pub locked: bool,
    /// Whether it is a pull request, which GitHub serves through the same routes.
    pub is_pull_request: bool,
    /// Comments, oldest first.
    pub comments: Vec<Comment>,
    /// Reactions to the issue itself.
    pub reactions: Vec<Reaction>,
    /// What happened, oldest first.
    pub timeline: Vec<TimelineEntry>,
    /// Set when it was deleted or transferred.
    pub gone: Option<Gone>,
}

impl Issue {
    /// Whether it is open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.closed_at.is_none()
    }
}

/// A branch, as far as its newest commit tells.
#[derive(Clone, Debug)]
pub struct Branch {
    /// Forty digits that name the commit.
    pub commit_id: String,
    /// The date the commit carries.
    pub committed_at: Timestamp,
    /// The account GitHub ties the commit to; none for a mail address it does not know.
    pub author: Option<String>,
}

/// What the App may be allowed, or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Permission {
    /// `issues: write`; without it the App reads issues, no more.
    IssuesWrite,
    /// `contents: read`; without it files and branches of the repositories it is installed on are
    /// refused. GitHub would still serve public ones; here they are refused too, so that it shows.
    ContentsRead,
}

/// A repository.
#[derive(Clone, Debug)]
pub struct Repository {
    /// GitHub's number of the repository.
    pub id: u64,
    /// Owner and name.
    pub name: RepositoryName,
    /// What it was called before; requests under these names are led on.
    pub former_names: Vec<RepositoryName>,
    /// One line about it.
    pub description: String,
    /// Whether it is a copy of another repository.
    pub is_fork: bool,
    /// Whether only people with a role see it.
    pub is_private: bool,
    /// The branch whose files [`Repository::files`] holds.
    pub default_branch: String,
    /// Roles by login in lower case.
    pub roles: BTreeMap<String, Role>,
    /// The label catalogue.
    pub labels: Vec<Label>,
    /// Issues, oldest first; those gone stay with [`Issue::gone`] set.
    pub issues: Vec<Issue>,
    /// Files on the default branch, by path.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Branches that were pushed to, by name.
    pub branches: BTreeMap<String, Branch>,
    /// Whether the App is installed here.
    pub has_app: bool,
    /// Whether a hook of the repository's own sends events, as with a bot that runs on a token.
    pub has_own_hook: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When a file was last pushed.
    pub pushed_at: Timestamp,
}

impl Repository {
    /// Files directly in a folder, with their contents.
    pub fn in_folder<'a>(
        &'a self,
        folder: &'a str,
    ) -> impl Iterator<Item = (&'a String, &'a Vec<u8>)> {
        let is_in = move |path: &str| path.rsplit_once('/').is_some_and(|(at, _)| at == folder);
        self.files.iter().filter(move |(path, _)| is_in(path))
    }

    /// The label of this id.
    #[must_use]
    pub fn label(&self, id: u64) -> Option<&Label> {
        self.labels.iter().find(|label| label.id == id)
    }

    /// The label of this name.
    #[must_use]
    pub fn find_label(&self, name: &str) -> Option<&Label> {
        self.labels.iter().find(|label| label.name.to_lowercase() == name.to_lowercase())
    }

    /// The role of an account; on a public repository everybody may at least read.
    #[must_use]
    pub fn role(&self, login: &str) -> Role {
        if self.name.owner.eq_ignore_ascii_case(login) {
            return Role::Admin;
        }
        let floor = if self.is_private { Role::None } else { Role::Read };
        self.roles.get(&login.to_lowercase()).copied().unwrap_or(floor).max(floor)
    }
}

/// Who does something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// An account, by login.
    Person(String),
    /// The installed App, with its permissions.
    App,
}
