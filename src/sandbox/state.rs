//! What the stand-in GitHub remembers: people, repositories, issues, and what it has to tell the App.
//!
//! Start reading at [`State`]. Whoever does something does it through [`State::acting`], which ties
//! a person or the App to a moment; every change either succeeds, and queues the webhook events
//! GitHub would send, or gives a [`Refusal`] with GitHub's status.
//!
//! **Invariants.** Nothing here is `async`, reads a clock or speaks HTTP. Times are cut to whole
//! seconds, as GitHub's are. Ids only grow.

mod app;
mod comments;
mod issues;
mod labels;
mod repositories;

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use serde_json::{Value, json};

pub(super) use app::Budget;
pub use app::{Delivery, JwtProblem, Outcome};
pub use issues::{IssueChange, IssueFilter, NewIssue, ShownState};
pub use labels::LabelText;

use super::SandboxSettings;
use super::faults::FaultPlan;
use super::payload;

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
        Self {
            owner: owner.to_owned(),
            name: name.to_owned(),
        }
    }

    /// The issue of this number.
    #[must_use]
    pub fn issue(&self, number: u64) -> IssuePlace {
        IssuePlace {
            repository: self.clone(),
            number,
        }
    }

    fn is(&self, other: &Self) -> bool {
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

/// A repository.
#[derive(Clone, Debug)]
pub struct Repository {
    /// GitHub's number of the repository.
    pub id: u64,
    /// Owner and name.
    pub name: RepositoryName,
    /// One line about it.
    pub description: String,
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
    /// The label of this id.
    #[must_use]
    pub fn label(&self, id: u64) -> Option<&Label> {
        self.labels.iter().find(|label| label.id == id)
    }

    /// The label of this name.
    #[must_use]
    pub fn find_label(&self, name: &str) -> Option<&Label> {
        self.labels
            .iter()
            .find(|label| label.name.to_lowercase() == name.to_lowercase())
    }

    /// The role of an account; on a public repository everybody may at least read.
    #[must_use]
    pub fn role(&self, login: &str) -> Role {
        let floor = if self.is_private {
            Role::None
        } else {
            Role::Read
        };
        self.roles
            .get(&login.to_lowercase())
            .copied()
            .unwrap_or(floor)
            .max(floor)
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

/// One event on its way to the webhook address.
#[derive(Clone, Debug)]
pub struct OutgoingEvent {
    /// `X-GitHub-Delivery`; the same when delivered again.
    pub guid: String,
    /// `X-GitHub-Event`.
    pub event: String,
    /// The payload's `action`, if the event has one.
    pub action: Option<String>,
    /// The repository it is about.
    pub repository_id: Option<u64>,
    /// The payload.
    pub payload: Value,
    /// Whether it was sent before.
    pub is_redelivery: bool,
}

/// Why GitHub would not do it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{status} {message}")]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The `message` of the answer.
    pub message: String,
    /// The `errors` of the answer.
    pub errors: Vec<Value>,
    /// Where the thing is now, for 301.
    pub moved_to: Option<String>,
}

impl Refusal {
    /// A refusal with a status and a message.
    #[must_use]
    pub fn new(status: u16, message: &str) -> Self {
        Self {
            status,
            message: message.to_owned(),
            errors: Vec::new(),
            moved_to: None,
        }
    }

    /// There is no such thing, or none the actor may see.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(404, "Not Found")
    }

    /// The actor lacks the role.
    #[must_use]
    pub fn forbidden() -> Self {
        Self::new(403, "Resource not accessible by integration")
    }

    /// A value was wrong: resource, field and GitHub's code, such as `already_exists`.
    #[must_use]
    pub fn invalid(resource: &str, field: &str, code: &str) -> Self {
        let errors = vec![json!({ "resource": resource, "field": field, "code": code })];
        Self {
            errors,
            ..Self::new(422, "Validation Failed")
        }
    }
}

/// Everything the stand-in remembers.
#[derive(Debug)]
pub struct State {
    /// How it was set up; addresses may be changed while it runs.
    pub settings: SandboxSettings,
    /// What goes wrong on purpose.
    pub faults: FaultPlan,
    pub(super) users: BTreeMap<String, User>,
    pub(super) repositories: Vec<Repository>,
    pub(super) access: app::Access,
    pub(super) outgoing: VecDeque<OutgoingEvent>,
    pub(super) deliveries: Vec<Delivery>,
    last_id: u64,
}

impl State {
    /// A GitHub with nobody and nothing on it but the App's own account.
    #[must_use]
    pub fn new(settings: SandboxSettings) -> Self {
        let bot = settings.bot_login();
        let mut state = Self {
            settings,
            faults: FaultPlan::default(),
            users: BTreeMap::new(),
            repositories: Vec::new(),
            access: app::Access::default(),
            outgoing: VecDeque::new(),
            deliveries: Vec::new(),
            last_id: 1_000,
        };
        state.add_user(&bot, AccountKind::Bot);
        state
    }

    /// Adds an account, or finds the one of that name.
    pub fn add_user(&mut self, login: &str, kind: AccountKind) -> &mut User {
        let id = self.new_id();
        self.users
            .entry(login.to_lowercase())
            .or_insert_with(|| User {
                id,
                login: login.to_owned(),
                kind,
                shows_membership: true,
            })
    }

    /// The account of this name.
    #[must_use]
    pub fn user(&self, login: &str) -> Option<&User> {
        self.users.get(&login.to_lowercase())
    }

    /// The repository of this name, whoever asks.
    #[must_use]
    pub fn find_repository(&self, name: &RepositoryName) -> Option<&Repository> {
        self.repositories
            .iter()
            .find(|repository| repository.name.is(name))
    }

    /// All repositories.
    #[must_use]
    pub fn repositories(&self) -> &[Repository] {
        &self.repositories
    }

    /// Lets `actor` do something at `now`.
    pub fn acting(&mut self, actor: Actor, now: Timestamp) -> Acting<'_> {
        Acting {
            now: whole_second(now),
            actor,
            state: self,
        }
    }

    /// The login under which an actor appears.
    #[must_use]
    pub fn login_of(&self, actor: &Actor) -> String {
        match actor {
            Actor::Person(login) => login.clone(),
            Actor::App => self.settings.bot_login(),
        }
    }

    /// Takes every event that waits to be sent, oldest first.
    pub fn take_events(&mut self) -> Vec<OutgoingEvent> {
        self.outgoing.drain(..).collect()
    }

    /// How many events wait to be sent.
    #[must_use]
    pub fn events_waiting(&self) -> usize {
        self.outgoing.len()
    }

    pub(super) fn new_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    /// Queues an event; an uninstalled App without a hook of the repository hears nothing.
    fn announce(&mut self, index: usize, name: (&str, &str), content: Value) {
        let repository = &self.repositories[index];
        if !(repository.has_app || repository.has_own_hook) {
            return;
        }
        let mut envelope = payload::envelope(self, repository);
        let repository_id = repository.id;
        if let (Some(envelope), Value::Object(content)) = (envelope.as_object_mut(), content) {
            envelope.extend(content);
            if !name.1.is_empty() {
                envelope.insert("action".to_owned(), name.1.into());
            }
        }
        self.queue(name, Some(repository_id), envelope);
    }

    fn queue(&mut self, name: (&str, &str), repository_id: Option<u64>, payload: Value) {
        let guid = guid_from(self.new_id());
        self.outgoing.push_back(OutgoingEvent {
            guid,
            event: name.0.to_owned(),
            action: (!name.1.is_empty()).then(|| name.1.to_owned()),
            repository_id,
            payload,
            is_redelivery: false,
        });
    }
}

/// One actor at one moment; all changes go through it.
#[derive(Debug)]
pub struct Acting<'state> {
    pub(super) state: &'state mut State,
    pub(super) actor: Actor,
    pub(super) now: Timestamp,
}

impl Acting<'_> {
    /// The state as it is now.
    #[must_use]
    pub fn state(&self) -> &State {
        self.state
    }

    /// The login under which this actor appears.
    #[must_use]
    pub fn login(&self) -> String {
        self.state.login_of(&self.actor)
    }

    /// The role of this actor; the App's permissions amount to triage where it is installed.
    fn role_in(&self, repository: &Repository) -> Role {
        match &self.actor {
            Actor::Person(login) => repository.role(login),
            Actor::App if repository.has_app => Role::Triage,
            Actor::App if repository.is_private => Role::None,
            Actor::App => Role::Read,
        }
    }

    fn repository_index(&self, name: &RepositoryName) -> Result<usize, Refusal> {
        let found = self
            .state
            .repositories
            .iter()
            .position(|repository| repository.name.is(name));
        found
            .filter(|index| self.role_in(&self.state.repositories[*index]) >= Role::Read)
            .ok_or_else(Refusal::not_found)
    }

    /// The repository's place if the actor has at least `role` there.
    fn repository_with(&self, name: &RepositoryName, role: Role) -> Result<usize, Refusal> {
        let index = self.repository_index(name)?;
        if self.role_in(&self.state.repositories[index]) < role {
            return Err(self.refused_for_role());
        }
        Ok(index)
    }

    fn refused_for_role(&self) -> Refusal {
        match self.actor {
            Actor::App => Refusal::forbidden(),
            Actor::Person(_) => Refusal::new(403, "Must have admin rights to Repository."),
        }
    }

    fn issue_index(&self, place: &IssuePlace) -> Result<(usize, usize), Refusal> {
        let repository = self.repository_index(&place.repository)?;
        let issues = &self.state.repositories[repository].issues;
        let index = issues
            .iter()
            .position(|issue| issue.number == place.number)
            .ok_or_else(Refusal::not_found)?;
        match &issues[index].gone {
            None => Ok((repository, index)),
            Some(Gone::Deleted) => Err(Refusal::new(410, "This issue was deleted")),
            Some(Gone::Transferred(to)) => {
                let moved_to = Some(payload::issue_url(self.state, to));
                Err(Refusal {
                    moved_to,
                    ..Refusal::new(301, "Moved Permanently")
                })
            }
        }
    }

    fn issue_mut(&mut self, at: (usize, usize)) -> &mut Issue {
        &mut self.state.repositories[at.0].issues[at.1]
    }

    fn note(&mut self, at: (usize, usize), happening: Happening) {
        let id = self.state.new_id();
        let (actor, created_at) = (self.login(), self.now);
        let issue = self.issue_mut(at);
        issue.updated_at = created_at;
        issue.timeline.push(TimelineEntry {
            id,
            actor,
            happening,
            created_at,
        });
    }

    /// Sends an `issues` event about the issue as it is now; `extra` is added to the payload.
    fn announce_issue(&mut self, at: (usize, usize), action: &str, extra: Value) {
        let repository = &self.state.repositories[at.0];
        let mut content = json!({
            "issue": payload::issue(self.state, repository, &repository.issues[at.1]),
            "sender": payload::user(self.state, &self.login()),
        });
        if let (Some(content), Value::Object(extra)) = (content.as_object_mut(), extra) {
            content.extend(extra);
        }
        self.state.announce(at.0, ("issues", action), content);
    }
}

/// Cuts a time to GitHub's resolution.
fn whole_second(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

/// An id in the form of a delivery GUID, the same in every run.
fn guid_from(id: u64) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, &id.to_be_bytes());
    let digits = hex::encode(&digest.as_ref()[..16]);
    let parts = [
        &digits[..8],
        &digits[8..12],
        &digits[12..16],
        &digits[16..20],
        &digits[20..],
    ];
    parts.join("-")
}
