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
mod manifests;
mod repositories;
mod sign_in;
mod things;
mod users;

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use serde_json::{Value, json};

pub(super) use app::Budget;
pub use app::{Delivery, JwtProblem, Outcome};
pub use issues::{IssueChange, IssueFilter, NewIssue, ShownState};
pub use labels::LabelText;
pub use manifests::{HookAttributes, Manifest};
pub use sign_in::CodeExchange;
pub use things::{
    AccountKind, Actor, BODY_CHARACTERS_MAX, Branch, Comment, Gone, Happening, Issue, IssuePlace,
    Label, Permission, Reaction, Repository, RepositoryName, Role, StateReason, TimelineEntry,
    User,
};
pub use users::Remains;

use super::SandboxSettings;
use super::faults::FaultPlan;
use super::payload;

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
        Self { status, message: message.to_owned(), errors: Vec::new(), moved_to: None }
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
        Self { errors, ..Self::new(422, "Validation Failed") }
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
    codes: sign_in::Codes,
    manifests: manifests::Manifests,
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
            codes: sign_in::Codes::default(),
            manifests: manifests::Manifests::default(),
            outgoing: VecDeque::new(),
            deliveries: Vec::new(),
            last_id: 1_000,
        };
        state.add_user(&bot, AccountKind::Bot);
        state
    }

    /// The repository of this name, or that was once called so, whoever asks.
    #[must_use]
    pub fn find_repository(&self, name: &RepositoryName) -> Option<&Repository> {
        self.place_of(name).map(|at| &self.repositories[at])
    }

    /// The same, to set up what no person could change.
    pub fn find_repository_mut(&mut self, name: &RepositoryName) -> Option<&mut Repository> {
        self.place_of(name).map(|at| &mut self.repositories[at])
    }

    /// A name that is used now counts before one that was given up.
    fn place_of(&self, name: &RepositoryName) -> Option<usize> {
        let is_now = |repository: &Repository| repository.name.is(name);
        let was = |repository: &Repository| repository.former_names.iter().any(|it| it.is(name));
        let repositories = &self.repositories;
        repositories.iter().position(is_now).or_else(|| repositories.iter().position(was))
    }

    /// Whether the App lacks a permission.
    #[must_use]
    pub fn lacks(&self, permission: Permission) -> bool {
        self.settings.lacking.contains(&permission)
    }

    /// All repositories.
    #[must_use]
    pub fn repositories(&self) -> &[Repository] {
        &self.repositories
    }

    /// Lets `actor` do something at `now`; whoever comes as the App's account is the App.
    pub fn acting(&mut self, actor: Actor, now: Timestamp) -> Acting<'_> {
        let actor = match actor {
            Actor::Person(login) if login.eq_ignore_ascii_case(&self.settings.bot_login()) => {
                Actor::App
            }
            actor @ (Actor::Person(_) | Actor::App) => actor,
        };
        Acting { now: whole_second(now), actor, state: self }
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

    /// What this actor may do in a repository.
    pub fn role(&self, name: &RepositoryName) -> Result<Role, Refusal> {
        Ok(self.role_in(self.repository(name)?))
    }

    /// The role of this actor; the App's permissions amount to triage where it is installed.
    fn role_in(&self, repository: &Repository) -> Role {
        match &self.actor {
            Actor::Person(login) => repository.role(login),
            Actor::App if repository.has_app && self.state.lacks(Permission::IssuesWrite) => {
                Role::Read
            }
            Actor::App if repository.has_app => Role::Triage,
            Actor::App if repository.is_private => Role::None,
            Actor::App => Role::Read,
        }
    }

    fn repository_index(&self, name: &RepositoryName) -> Result<usize, Refusal> {
        let found = self.state.place_of(name);
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

    /// Anybody may open, comment and react where they can read; the App needs `issues: write`.
    fn may_write_issues(&self, index: usize) -> Result<(), Refusal> {
        let is_app = self.actor == Actor::App;
        if is_app && self.role_in(&self.state.repositories[index]) < Role::Triage {
            return Err(Refusal::forbidden());
        }
        Ok(())
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
                Err(Refusal { moved_to, ..Refusal::new(301, "Moved Permanently") })
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
        issue.timeline.push(TimelineEntry { id, actor, happening, created_at });
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
    let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
    parts.join("-")
}
