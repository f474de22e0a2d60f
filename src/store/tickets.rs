//! Tickets: loaded whole, saved whole, searched by a few columns.

use rusqlite::{OptionalExtension, Row, params};

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
            let mut statement = connection.prepare_cached(
                "SELECT state, repository, version FROM tickets WHERE issue = ?1",
            )?;
            known(statement.query_row([sql_id(issue.0)], row).optional()?)
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

/// `state`, `repository` and `version` of a row.
pub(super) fn row(row: &Row<'_>) -> rusqlite::Result<(String, i64, i64)> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

/// The ticket of a row.
pub(super) fn known(row: Option<(String, i64, i64)>) -> Result<Option<KnownTicket>, StoreError> {
    let Some((state, repository, version)) = row else { return Ok(None) };
    let ticket = serde_json::from_str(&state)?;
    Ok(Some(KnownTicket { ticket, repository: RepositoryId(repository.unsigned_abs()), version }))
}
