//! Requests of one account or person, found among each other.

use jiff::Timestamp;

use super::connection::{Connection, Lock, params};
use super::deliveries::{self, NewDelivery, Urgency};
use super::{Store, StoreError, micros, sql_id};
use crate::triage::{IssueId, IssueNumber, Kinship, RELATED_MAX, RepositoryId, Ticket};

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
    let others = find(connection, (repository, ticket.id), &ticket.kinship(now))?;
    for (issue, number) in others {
        let mut notes = vec![(issue, ticket.id, ticket.number)];
        if !ticket.related.contains(&number) {
            notes.push((ticket.id, issue, number));
        }
        for (to, about, number) in notes {
            let note = NewDelivery {
                guid: format!("related:{to}:{about}"),
                event: "related".to_owned(),
                subject: format!("issue:{to}"),
                body: serde_json::to_string(&[number])?,
            };
            deliveries::insert(connection, &note, (Urgency::Bulk, now))?;
        }
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
