//! Tickets: loaded whole, saved whole, searched by a few columns.

use jiff::Timestamp;

use super::connection::{Connection, Row, params};
use super::deliveries::Urgency;
use super::waiting::Times;
use super::{Desk, Store, StoreError, micros, sql_id};
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
    /// What stands in its row beside; a commit names what it was made from.
    pub row: SavedRow,
}

/// What stands in a ticket's row beside its state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedRow {
    /// Counts its changes.
    pub version: i64,
    pub(super) account: Option<String>,
    pub(super) times: Times,
}

impl Store {
    /// The ticket of this issue.
    ///
    /// # Errors
    /// Where the store does not answer or the row cannot be read.
    pub async fn find_ticket(&self, issue: IssueId) -> Result<Option<KnownTicket>, StoreError> {
        self.run(move |connection| {
            let statement = connection.prepare(
                "SELECT state, repository, version, account, opened_at, answered_at, closed_at
                 FROM tickets WHERE issue = ?1",
            );
            statement.first([sql_id(issue.0)], known)
        })
        .await
    }

    /// The desk of this repository and the ticket of this issue, which may still belong to another.
    ///
    /// # Errors
    /// Where the store does not answer or a row cannot be read.
    pub async fn find_place(
        &self,
        (repository, issue): (RepositoryId, IssueId),
    ) -> Result<(Option<Desk>, Option<KnownTicket>), StoreError> {
        self.run(move |connection| {
            let statement = connection.prepare(
                "SELECT t.state, t.repository, t.version, t.account, t.opened_at, t.answered_at,
                        t.closed_at, d.state
                 FROM (SELECT 1) AS one LEFT JOIN desks d ON d.repository = ?1
                      LEFT JOIN tickets t ON t.issue = ?2",
            );
            statement.one([sql_id(repository.0), sql_id(issue.0)], |row| {
                let desk: Option<String> = row.get(7)?;
                let desk = desk.map(|state| serde_json::from_str(&state)).transpose()?;
                let is_known = row.get::<Option<i64>>(1)?.is_some();
                Ok((desk, if is_known { Some(known(row)?) } else { None }))
            })
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

/// The ticket of a row: `state`, `repository`, `version`, `account`, and when it was opened,
/// answered and closed.
pub(super) fn known(row: &Row<'_>) -> Result<KnownTicket, StoreError> {
    let (state, repository): (String, i64) = (row.get(0)?, row.get(1)?);
    let times = Times {
        repository,
        opened_at: row.get(4)?,
        answered_at: row.get(5)?,
        closed_at: row.get(6)?,
    };
    Ok(KnownTicket {
        ticket: serde_json::from_str(&state)?,
        repository: RepositoryId(repository.unsigned_abs()),
        row: SavedRow { version: row.get(2)?, account: row.get(3)?, times },
    })
}

/// Tells the open tickets of a desk that its rules changed: those derived under another policy
/// than the one named, or all.
pub(super) fn tell_rules_changed(
    connection: &Connection,
    (repository, policy): (RepositoryId, Option<&str>),
    now: Timestamp,
) -> Result<usize, StoreError> {
    let statement = connection.prepare(
        "INSERT INTO deliveries (guid, event, subject, received_at, note, urgency, due_at)
         SELECT 'rules:' || issue || ':' || version, CAST(?4 AS TEXT), 'issue:' || issue,
                CAST(?3 AS BIGINT), '', CAST(?5 AS SMALLINT), CAST(?3 AS BIGINT)
         FROM tickets WHERE repository = ?1 AND is_open = 1 AND (CAST(?2 AS TEXT) IS NULL OR policy <> ?2)
         ON CONFLICT (guid) DO NOTHING",
    );
    let urgency = Urgency::Bulk.column();
    let told = params![sql_id(repository.0), policy, micros(now), RULES_CHANGED, urgency];
    statement.execute(told)
}
