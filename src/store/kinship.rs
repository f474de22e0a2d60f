//! Requests of one account or person, found among each other.

use jiff::Timestamp;

use super::connection::{Connection, Lock, params};
use super::deliveries::Urgency;
use super::{Store, StoreError, micros, sql_id};
use crate::triage::{IssueId, IssueNumber, Kinship, RELATED_MAX, RepositoryId, Ticket};

/// Delivers the number of a ticket to its kin.
const TELL_OTHERS: &str = "INSERT INTO deliveries (guid, event, subject, received_at, body, urgency, due_at)
     SELECT 'related:' || issue || ':' || CAST(?2 AS BIGINT), 'related', 'issue:' || issue,
            CAST(?8 AS BIGINT), '[' || CAST(?6 AS BIGINT) || ']', CAST(?9 AS SMALLINT), CAST(?8 AS BIGINT)
     FROM tickets
     WHERE issue IN (
         SELECT issue FROM tickets
         WHERE repository = ?1 AND issue <> ?2 AND (author = ?3 OR account = ?4)
           AND (is_open = 1 OR closed_at >= ?5) AND CAST(?7 AS TEXT) IS NOT NULL
         ORDER BY number DESC LIMIT ?10)
     ON CONFLICT (guid) DO NOTHING";

/// Delivers the numbers of those of its kin that a ticket does not know to it.
const TELL_IT: &str = "INSERT INTO deliveries (guid, event, subject, received_at, body, urgency, due_at)
     SELECT 'related:' || CAST(?2 AS BIGINT) || ':' || issue, 'related', 'issue:' || CAST(?2 AS BIGINT),
            CAST(?8 AS BIGINT), '[' || number || ']', CAST(?9 AS SMALLINT), CAST(?8 AS BIGINT)
     FROM tickets
     WHERE issue IN (
         SELECT issue FROM tickets
         WHERE repository = ?1 AND issue <> ?2 AND (author = ?3 OR account = ?4)
           AND (is_open = 1 OR closed_at >= ?5) AND ?6 > 0
         ORDER BY number DESC LIMIT ?10)
       AND CAST(?7 AS TEXT) NOT LIKE '%[' || number || ']%'
     ON CONFLICT (guid) DO NOTHING";

impl Store {
    /// Other requests of this repository that name the account or come from the person, open or
    /// closed lately; newest first.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn find_related(
        &self,
        (repository, own): (RepositoryId, IssueId),
        kinship: Kinship,
    ) -> Result<Vec<IssueNumber>, StoreError> {
        self.run(move |connection| {
            let found = find(connection, (repository, own), &kinship)?;
            Ok(found.into_iter().map(|(_, number)| number).collect())
        })
        .await
    }
}

/// Tells the others of a ticket that is new or names another account than before, and the ticket
/// of those it does not know of: two requests may come in at the same moment.
pub(super) fn tell(
    connection: &Connection,
    (repository, ticket): (RepositoryId, &Ticket),
    now: Timestamp,
) -> Result<(), StoreError> {
    connection.lock(Lock::Kinship(sql_id(repository.0)))?;
    let kinship = ticket.kinship(now);
    let known: String = ticket.related.iter().map(|number| format!("[{number}]")).collect();
    for sql in [TELL_OTHERS, TELL_IT] {
        connection.prepare(sql).send(params![
            sql_id(repository.0),
            sql_id(ticket.id.0),
            kinship.author.map(|author| sql_id(author.0)),
            kinship.account,
            micros(kinship.closed_since),
            sql_id(ticket.number.0),
            known,
            micros(now),
            Urgency::Bulk.column(),
            RELATED_MAX as i64,
        ])?;
    }
    Ok(())
}

fn find(
    connection: &Connection,
    (repository, own): (RepositoryId, IssueId),
    kinship: &Kinship,
) -> Result<Vec<(IssueId, IssueNumber)>, StoreError> {
    let statement = connection.prepare(
        "SELECT issue, number FROM tickets
         WHERE repository = ?1 AND issue <> ?2 AND (author = ?3 OR account = ?4)
           AND (is_open = 1 OR closed_at >= ?5)
         ORDER BY number DESC LIMIT ?6",
    );
    statement.all(
        params![
            sql_id(repository.0),
            sql_id(own.0),
            kinship.author.map(|author| sql_id(author.0)),
            kinship.account,
            micros(kinship.closed_since),
            RELATED_MAX as i64
        ],
        |row| {
            let (issue, number): (i64, i64) = (row.get(0)?, row.get(1)?);
            Ok((IssueId(issue.unsigned_abs()), IssueNumber(number.unsigned_abs())))
        },
    )
}
