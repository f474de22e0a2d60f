//! Tickets: loaded whole, saved whole, searched by a few columns.

use rusqlite::{OptionalExtension, params};

use super::{Store, StoreError, sql_id};
use crate::triage::{IssueId, RepositoryId, Ticket};

/// A ticket and what its row says beside it.
#[derive(Debug, Clone)]
pub struct KnownTicket {
    /// The ticket.
    pub ticket: Ticket,
    /// The desk it belongs to.
    pub repository: RepositoryId,
    /// Counts its changes; a commit names the one it was made from.
    pub version: i64,
}

impl Store {
    /// The ticket of this issue.
    ///
    /// # Errors
    /// Where the store does not answer or the row cannot be read.
    pub async fn find_ticket(&self, issue: IssueId) -> Result<Option<KnownTicket>, StoreError> {
        self.run(move |connection| {
            let row: Option<(String, i64, i64)> = connection
                .prepare_cached("SELECT state, repository, version FROM tickets WHERE issue = ?1")?
                .query_row([sql_id(issue.0)], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
                .optional()?;
            let Some((state, repository, version)) = row else {
                return Ok(None);
            };
            let ticket = serde_json::from_str(&state)?;
            Ok(Some(KnownTicket {
                ticket,
                repository: RepositoryId(repository.unsigned_abs()),
                version,
            }))
        })
        .await
    }

    /// Wakes every open ticket of a desk that was derived under another policy, so that its
    /// alarms and labels follow the one in force. Returns how many.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn wake_stale_tickets(
        &self,
        repository: RepositoryId,
        policy: String,
        now: jiff::Timestamp,
    ) -> Result<usize, StoreError> {
        self.run(move |connection| {
            let mut statement = connection.prepare_cached(
                "UPDATE tickets SET wake_at = ?3 WHERE repository = ?1 AND policy <> ?2 AND is_open = 1",
            )?;
            Ok(statement.execute(params![sql_id(repository.0), policy, super::micros(now)])?)
        })
        .await
    }
}
