//! Takes an existing tracker's history in, so that turns, clocks and waiting times are right from
//! day one. It writes nothing to GitHub.
//!
//! Start reading at [`Engine::import`]. First the long lists are read, page by page, and what
//! stands on them is kept (`lists`); then one issue after the other is taken in, oldest first: its
//! past goes through the same decisions as webhooks do, and ends in one commit (`past`). A call
//! that GitHub wants later is made later (`patience`).
//!
//! **Invariants.** Killed anywhere and run again it goes on where it was. Nothing is taken twice: an
//! event is known by its key, whoever told of it. A ticket that changed meanwhile is decided anew.

mod answers;
mod history;
mod lists;
mod past;
mod patience;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::gather::Unanswered;
use super::handle::note_known;
use super::understand::Reader;
use super::{Engine, InForce};
use crate::github::payload::IssueJson;
use crate::github::{CallError, Fetched, Identity};
use crate::policy::{Mode, Policy, Role};
use crate::reading::form::Form;
use crate::store::{Desk, NotedPage, StoreError, TakenIn, WaitingIssue};
use crate::triage::{self, Login, Repository, Snapshot};
use history::History;

/// What becomes of steps that are overdue when a ticket is taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overdue {
    /// They are told of, not done.
    Withheld,
    /// They are done as soon as the bot runs.
    Done,
}

/// What an import tells while it works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// So many issues, or so many comments, were read so far.
    Read(&'static str, u64),
    /// So many issues of all were taken in.
    TakenIn(u64, u64),
    /// GitHub asks to wait so long, or does not answer.
    Waiting(Duration),
}

/// Told what happens.
pub type Tell = Arc<dyn Fn(News) + Send + Sync>;

/// What an import did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    /// Issues that were looked at; those of unchanged pages are not.
    pub issues: u64,
    /// Open tickets that were taken in or brought up to date.
    pub open: u64,
    /// Closed tickets, likewise.
    pub closed: u64,
    /// Open tickets of which something was overdue already.
    pub overdue: u64,
}

/// Why an import ended before its time. What was taken in stays, and the next one goes on there.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// There is no such repository, or not for us to see.
    #[error("GitHub knows no repository {0}, or does not show it to these credentials")]
    NotThere(String),
    /// A call was refused, or never answered.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The store did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// GitHub's links lead round in a circle.
    #[error("GitHub's list goes round in a circle at {0}")]
    Circle(String),
}

impl From<Unanswered> for ImportError {
    fn from(unanswered: Unanswered) -> Self {
        match unanswered {
            Unanswered::Call(error) => Self::Call(error),
            Unanswered::Store(error) => Self::Store(error),
        }
    }
}

impl From<serde_json::Error> for ImportError {
    fn from(error: serde_json::Error) -> Self {
        Self::Store(error.into())
    }
}

/// The name under which the repository itself is noted among the pages.
const REPOSITORY: &str = "repository";

/// One import at work.
struct Import<'a> {
    engine: &'a Engine,
    repository: Repository,
    /// The policy in force, for alarms to come.
    in_force: Arc<InForce>,
    /// The same, under which nothing is done.
    past_policy: Policy,
    form: Arc<Form>,
    identity: Option<Identity>,
    roles: HashMap<Login, Role>,
    /// How far back the comments of closed issues are known.
    since: Timestamp,
    overdue: Overdue,
    tell: Tell,
    done: Imported,
}

impl Engine {
    /// Takes the history of the repository `OWNER/REPO` in.
    ///
    /// # Errors
    /// [`ImportError`]; what was taken in before stays.
    pub async fn import(
        &self,
        full_name: &str,
        overdue: Overdue,
        tell: Tell,
    ) -> Result<Imported, ImportError> {
        let repository = self.repository_to_import(full_name, &tell).await?;
        let desk = self.desk_to_import(repository, &tell).await?;
        let in_force = self.parts.rulebook.rules().policies.of(&desk);
        let mut past_policy = in_force.policy.clone();
        past_policy.desk.mode = Mode::Observe;
        let mut import = Import {
            engine: self,
            form: self.forms.of(&desk),
            repository: desk.repository,
            in_force,
            past_policy,
            identity: None,
            roles: HashMap::new(),
            since: Timestamp::MAX,
            overdue,
            tell,
            done: Imported::default(),
        };
        import.read_lists().await?;
        import.take_all_in().await?;
        if overdue == Overdue::Done {
            import.release_withheld().await?;
        }
        self.parts.store.end_import(import.repository.id).await?;
        Ok(import.done)
    }

    /// The repository as GitHub knows it now; asked for by its mark where it is known.
    async fn repository_to_import(
        &self,
        full_name: &str,
        tell: &Tell,
    ) -> Result<Repository, ImportError> {
        let store = &self.parts.store;
        let known = store.find_desk_named(full_name.to_owned()).await?;
        let page = match &known {
            Some(desk) => store.find_page(desk.repository.id, REPOSITORY.to_owned()).await?,
            None => None,
        };
        let etag = page.and_then(|page| page.etag);
        let ask = async || self.parts.github.get_repository(full_name, etag.as_deref()).await;
        let fetched = match patience::at_once(tell, ask).await {
            Err(CallError::Refused { status: 404, .. }) => {
                return Err(ImportError::NotThere(full_name.to_owned()));
            }
            other => other?,
        };
        match (fetched, known) {
            (Fetched::Unchanged, Some(desk)) => Ok(desk.repository),
            (Fetched::Unchanged, None) => {
                Err(CallError::Unclear("nothing new of nothing known".to_owned()).into())
            }
            (Fetched::Page(page), _) => {
                let not_there = || ImportError::NotThere(full_name.to_owned());
                let repository = page.items.into_iter().next().ok_or_else(not_there)?;
                let known = note_known(self.now());
                store.change_desk(repository.clone(), known).await?;
                let noted = NotedPage {
                    path: REPOSITORY.to_owned(),
                    etag: page.etag,
                    next: None,
                    since: None,
                };
                store.note_page(repository.id, noted, Vec::new()).await?;
                Ok(repository)
            }
        }
    }

    /// The desk, with the repository's policy and forms asked for if that was never done.
    async fn desk_to_import(
        &self,
        repository: Repository,
        tell: &Tell,
    ) -> Result<Desk, ImportError> {
        let desk = self.parts.store.change_desk(repository, |_| {}).await?;
        if desk.is_policy_known && desk.forms.is_some() {
            return Ok(desk);
        }
        let read = async || match self.read_settings(desk.repository.clone()).await {
            Err(Unanswered::Call(error)) => Err(error),
            other => Ok(other),
        };
        Ok(patience::patiently(tell, read).await??)
    }
}

impl Import<'_> {
    /// Takes in what waits, oldest first: a request is told of those before it.
    async fn take_all_in(&mut self) -> Result<(), ImportError> {
        let store = &self.engine.parts.store;
        let count = store.count_waiting_issues(self.repository.id).await?;
        while let Some(waiting) = store.next_waiting_issue(self.repository.id).await? {
            self.take_in(waiting).await?;
            self.done.issues += 1;
            (self.tell)(News::TakenIn(self.done.issues, count.max(self.done.issues)));
        }
        Ok(())
    }

    async fn take_in(&mut self, waiting: WaitingIssue) -> Result<(), ImportError> {
        let json: IssueJson = serde_json::from_str(&waiting.issue)?;
        let mut taken_in =
            TakenIn { repository: self.repository.id, number: waiting.number, pages: Vec::new() };
        let store = &self.engine.parts.store;
        let known = store.find_ticket(json.numbers().0).await?;
        let record = json.record();
        let identity = self.identity().await?;
        let form = self.form.clone();
        let reader = Reader { form: &form, identity: &identity };
        let concerns_us =
            record.as_ref().is_some_and(|record| self.concerns_us(&reader.snapshot(record)));
        let is_gone = known.as_ref().is_some_and(|known| known.ticket.is_gone);
        let Some(record) = record.filter(|_| (concerns_us || known.is_some()) && !is_gone) else {
            return Ok(store.keep_past(None, Some(taken_in)).await?);
        };
        let mut timeline = Vec::new();
        if record.is_open {
            (timeline, taken_in.pages) = self.read_timeline(record.number).await?;
        }
        let mut comments = Vec::new();
        for comment in &waiting.comments {
            comments.push(serde_json::from_str(comment)?);
        }
        let told = (comments, timeline);
        match History::read(json, told, (reader, &self.repository)) {
            Some(history) => self.take_past_in(&history, taken_in).await,
            None => Ok(store.keep_past(None, Some(taken_in)).await?),
        }
    }

    /// Whether an issue that looks so is a request.
    fn concerns_us(&self, snapshot: &Snapshot) -> bool {
        let request = &self.in_force.policy.labels.request;
        let is_labelled = snapshot.labels.iter().any(|label| label.eq_ignore_ascii_case(request));
        is_labelled || triage::is_request(snapshot)
    }

    /// Who we are; asked once, and not at all where nothing is new.
    async fn identity(&mut self) -> Result<Identity, ImportError> {
        if let Some(identity) = &self.identity {
            return Ok(identity.clone());
        }
        let github = &self.engine.parts.github;
        let identity =
            patience::patiently(&self.tell, async || github.get_identity().await).await?;
        self.identity = Some(identity.clone());
        Ok(identity)
    }
}
