//! Desks: one repository each, with its own policy and its labels.

use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};

use super::{Store, StoreError, sql_id};
use crate::triage::{Repository, RepositoryId};

/// What is known of one repository.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Desk {
    /// The repository, by its newest name.
    pub repository: Repository,
    /// Whether the repository was asked for its own policy file yet.
    pub is_policy_known: bool,
    /// The last good text of that file; none where there is no file.
    pub policy_text: Option<String>,
    /// What is wrong with the newest text, if it is not in force.
    pub policy_problem: Option<String>,
    /// Whether its maintainers were told of that problem.
    pub is_problem_told: bool,
    /// The repository's issue forms as JSON, empty where it has none; none until it was asked.
    #[serde(default)]
    pub forms: Option<String>,
    /// Names of the labels the repository has, in lower case; none until it was asked.
    pub labels: Option<Vec<String>>,
}

impl Desk {
    /// A desk nothing is known of yet.
    pub fn new(repository: Repository) -> Self {
        Self {
            repository,
            is_policy_known: false,
            policy_text: None,
            policy_problem: None,
            is_problem_told: false,
            forms: None,
            labels: None,
        }
    }
}

/// Notes that the maintainers of this repository were told of the problem with their policy.
pub(super) fn note_problem_told(
    connection: &Connection,
    repository: RepositoryId,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "UPDATE desks SET state = json_set(state, '$.is_problem_told', json('true'))
             WHERE repository = ?1",
        )?
        .execute([sql_id(repository.0)])?;
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
                .prepare_cached("SELECT state FROM desks WHERE repository = ?1")?
                .query_row([sql_id(repository.0)], |row| row.get(0))
                .optional()?;
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
                .prepare_cached("SELECT state FROM desks ORDER BY repository")?
                .query_map([], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
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
            let state: Option<String> = connection
                .prepare_cached("SELECT state FROM desks WHERE repository = ?1")?
                .query_row([id], |row| row.get(0))
                .optional()?;
            let before: Option<Desk> = state.map(|state| serde_json::from_str(&state)).transpose()?;
            let mut desk = before.clone().unwrap_or_else(|| Desk::new(repository.clone()));
            desk.repository = Repository { installation: repository.installation.or(desk.repository.installation), ..repository };
            change(&mut desk);
            if before.as_ref() != Some(&desk) {
                connection
                    .prepare_cached(
                        "INSERT INTO desks (repository, full_name, state) VALUES (?1, ?2, ?3)
                         ON CONFLICT (repository) DO UPDATE SET full_name = excluded.full_name, state = excluded.state",
                    )?
                    .execute(params![id, desk.repository.full_name(), serde_json::to_string(&desk)?])?;
            }
            Ok(desk)
        })
        .await
    }
}
