//! Desks: one repository each, with its own policy and its labels.

use jiff::Timestamp;

use serde::{Deserialize, Serialize};

use super::connection::{Connection, Lock, params};
use super::{Store, StoreError, digests, sql_id, tickets};
use crate::policy::calendar::Away;
use crate::triage::{DeskChange, DeskProblem, Repository, RepositoryId};

/// What is known of one repository.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Desk {
    /// The repository, by its newest name.
    pub repository: Repository,
    /// Whether the repository was asked for its own policy file yet.
    pub is_policy_known: bool,
    /// The last good text of that file; none where there is no file.
    pub policy_text: Option<String>,
    /// What is wrong with the newest text, so that it is not in force, or why it is not known.
    #[serde(default)]
    pub problem: Option<DeskProblem>,
    /// Whether its maintainers were told of that problem.
    pub is_problem_told: bool,
    /// The repository's issue forms as JSON, empty where it has none; none until it was asked.
    #[serde(default)]
    pub forms: Option<String>,
    /// Names of the labels the repository has, in lower case; none until it was asked.
    pub labels: Option<Vec<String>>,
    /// Times away that were said by command, beside those of the policy.
    #[serde(default)]
    pub away: Vec<Away>,
    /// How many turns of the rota were taken.
    #[serde(default)]
    pub rota_turn: u64,
    /// When it was first heard of; what happened before is no concern of ours.
    #[serde(default)]
    pub known_since: Option<Timestamp>,
}

impl Desk {
    /// A desk nothing is known of yet.
    pub fn new(repository: Repository) -> Self {
        Self {
            repository,
            is_policy_known: false,
            policy_text: None,
            problem: None,
            is_problem_told: false,
            forms: None,
            labels: None,
            away: Vec::new(),
            rota_turn: 0,
            known_since: None,
        }
    }

    /// Whether policy and forms were asked for, and the repository still is what it was then.
    pub fn is_read_of(&self, repository: &Repository) -> bool {
        let installation = repository.installation.or(self.repository.installation);
        let is_same = self.repository == Repository { installation, ..repository.clone() };
        is_same && self.is_policy_known && self.forms.is_some()
    }

    /// Changes it as a decision says.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the rota was turned meanwhile.
    pub(crate) fn apply(&mut self, change: &DeskChange) -> Result<(), StoreError> {
        match change {
            DeskChange::Away(time) => {
                self.away.retain(|known| known != time);
                self.away.push(time.clone());
            }
            DeskChange::Back(date) => {
                self.away.retain(|time| time.from < *date);
                for time in self.away.iter_mut().filter(|time| time.until >= *date) {
                    time.until = date.yesterday().unwrap_or(*date);
                }
            }
            DeskChange::ProblemTold => self.is_problem_told = true,
            // Another ticket turned it meanwhile: whose turn it is must be decided anew.
            DeskChange::RotaTurned { from, .. } if *from != self.rota_turn => {
                return Err(StoreError::Conflict);
            }
            DeskChange::RotaTurned { to, .. } => self.rota_turn = *to,
        }
        Ok(())
    }
}

/// Changes a desk as a decision on one of its tickets says. Other clocks for all: its tickets are
/// told, so that their alarms follow.
pub(super) fn apply_changes(
    connection: &Connection,
    repository: RepositoryId,
    (changes, now): (&[DeskChange], Timestamp),
) -> Result<(), StoreError> {
    if changes.is_empty() {
        return Ok(());
    }
    let id = sql_id(repository.0);
    connection.lock(Lock::Desk(id))?;
    let state: Option<String> = connection
        .prepare("SELECT state FROM desks WHERE repository = ?1")
        .first([id], |row| row.get(0))?;
    let Some(state) = state else { return Ok(()) };
    let mut desk: Desk = serde_json::from_str(&state)?;
    let away_before = desk.away.clone();
    for change in changes {
        desk.apply(change)?;
    }
    connection
        .prepare("UPDATE desks SET state = ?2 WHERE repository = ?1")
        .send(params![id, serde_json::to_string(&desk)?])?;
    if desk.away != away_before {
        tickets::tell_rules_changed(connection, (repository, None), now)?;
        digests::look_again(connection, id, now)?;
    }
    Ok(())
}

impl Store {
    /// The desk of this repository.
    ///
    /// # Errors
    /// Where the store does not answer or the row cannot be read.
    pub async fn find_desk(&self, repository: RepositoryId) -> Result<Option<Desk>, StoreError> {
        self.run(move |connection| {
            let state: Option<String> = connection
                .prepare("SELECT state FROM desks WHERE repository = ?1")
                .first([sql_id(repository.0)], |row| row.get(0))?;
            Ok(state.map(|state| serde_json::from_str(&state)).transpose()?)
        })
        .await
    }

    /// Every desk.
    ///
    /// # Errors
    /// Where the store does not answer or a row cannot be read.
    pub async fn list_desks(&self) -> Result<Vec<Desk>, StoreError> {
        self.run(move |connection| {
            let states: Vec<String> = connection
                .prepare("SELECT state FROM desks ORDER BY repository")
                .all(params![], |row| row.get(0))?;
            states.iter().map(|state| Ok(serde_json::from_str(state)?)).collect()
        })
        .await
    }

    /// Changes a desk, starting from a new one where there is none, and returns it.
    ///
    /// # Errors
    /// Where the store does not answer or the row cannot be read.
    pub async fn change_desk(
        &self,
        repository: Repository,
        change: impl FnOnce(&mut Desk) + Send + 'static,
    ) -> Result<Desk, StoreError> {
        self.run(move |connection| {
            let id = sql_id(repository.id.0);
            connection.lock(Lock::Desk(id))?;
            let state: Option<String> = connection
                .prepare("SELECT state FROM desks WHERE repository = ?1")
                .first([id], |row| row.get(0))?;
            let before: Option<Desk> = state.map(|state| serde_json::from_str(&state)).transpose()?;
            let mut desk = before.clone().unwrap_or_else(|| Desk::new(repository.clone()));
            desk.repository = Repository { installation: repository.installation.or(desk.repository.installation), ..repository };
            change(&mut desk);
            if before.as_ref() != Some(&desk) {
                connection
                    .prepare(
                        "INSERT INTO desks (repository, full_name, state) VALUES (?1, ?2, ?3)
                         ON CONFLICT (repository) DO UPDATE SET full_name = excluded.full_name, state = excluded.state",
                    )
                    .send(params![id, desk.repository.full_name(), serde_json::to_string(&desk)?])?;
            }
            Ok(desk)
        })
        .await
    }
}
