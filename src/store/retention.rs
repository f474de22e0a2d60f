//! The words of requests whose time here is over.

use jiff::Timestamp;

use super::connection::params;
use super::{Store, StoreError, micros, sql_id};
use crate::triage::{RepositoryId, Ticket};

/// As many tickets share a transaction.
const BATCH_LENGTH: usize = 100;

impl Store {
    /// Forgets title and text of the requests of a desk that were over before `before`, and says of
    /// how many; there may be more if it is as many as fit into a transaction.
    ///
    /// # Errors
    /// Where the store does not answer or a row cannot be read.
    pub async fn forget_texts(
        &self,
        repository: RepositoryId,
        before: Timestamp,
    ) -> Result<Forgotten, StoreError> {
        self.run(move |connection| {
            // What was forgotten stands in the state as two empty texts in a row.
            let found = connection
                .prepare(
                    "SELECT issue, version, state FROM tickets
                     WHERE repository = ?1 AND is_open = 0 AND coalesce(closed_at, turn_since) <= ?2
                       AND state NOT LIKE '%\"title\":\"\",\"body\":\"\"%'
                     ORDER BY issue LIMIT 100",
                )
                .all(params![sql_id(repository.0), micros(before)], |row| {
                    let state: String = row.get(2)?;
                    Ok((row.get::<i64>(0)?, row.get::<i64>(1)?, state))
                })?;
            for (issue, version, state) in &found {
                let mut ticket: Ticket = serde_json::from_str(state)?;
                ticket.forget_text();
                let state = serde_json::to_string(&ticket)?;
                connection
                    .prepare(
                        "UPDATE tickets SET state = ?3, version = version + 1
                         WHERE issue = ?1 AND version = ?2",
                    )
                    .send_for_one(params![*issue, *version, state])?;
            }
            Ok(Forgotten { count: found.len(), is_all: found.len() < BATCH_LENGTH })
        })
        .await
    }
}

/// What was forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forgotten {
    /// The texts of so many requests.
    pub count: usize,
    /// Whether none is left.
    pub is_all: bool,
}
