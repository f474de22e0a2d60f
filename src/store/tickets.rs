//! Tickets: loaded whole, saved whole, searched by a few columns.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::deliveries::Urgency;
use super::{Store, StoreError, micros, sql_id};
use crate::triage::{IssueId, RepositoryId, Ticket};

/// The event that tells a ticket that another policy is in force.
pub const RULES_CHANGED: &str = "rules";

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

    /// Tells every open ticket of a desk that was derived under another policy than this one, so
    /// that its alarm and labels follow; in the background, when nobody waits. Returns how many.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn tell_stale_tickets(
        &self,
        repository: RepositoryId,
        policy: String,
        now: Timestamp,
    ) -> Result<usize, StoreError> {
        self.run(move |connection| tell_rules_changed(connection, (repository, Some(&policy)), now))
            .await
    }
}

/// Tells the open tickets of a desk that its rules changed: those derived under another policy
/// than the one named, or all.
pub(super) fn tell_rules_changed(
    connection: &Connection,
    (repository, policy): (RepositoryId, Option<&str>),
    now: Timestamp,
) -> Result<usize, StoreError> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO deliveries (guid, event, subject, received_at, body, urgency, due_at)
         SELECT 'rules:' || issue || ':' || version, ?4, 'issue:' || issue, ?3, '', ?5, ?3
         FROM tickets WHERE repository = ?1 AND is_open = 1 AND (?2 IS NULL OR policy <> ?2)
         ON CONFLICT (guid) DO NOTHING",
    )?;
    let urgency = Urgency::Bulk.column();
    let told = params![sql_id(repository.0), policy, micros(now), RULES_CHANGED, urgency];
    Ok(statement.execute(told)?)
}
