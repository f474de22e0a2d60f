//! Requests of one account or person, found among each other.

use jiff::{SignedDuration, Timestamp};

use super::connection::{Connection, Lock, Value, params};
use super::deliveries::Urgency;
use super::{Store, StoreError, micros, sql_id};
use crate::triage::{
    IssueId, IssueNumber, Kinship, RELATED_MAX, RepositoryId, Ticket, WaitingTimes,
};

/// A column of the kin of a ticket: others of repository `?1` than issue `?2`, by the person `?3` or for
/// the account `?4`, open or not closed before `?5`; the newest `?6` of them.
macro_rules! kin {
    ($column:literal) => {
        concat!(
            "SELECT ",
            $column,
            " FROM tickets
             WHERE issue IN (
                 SELECT issue FROM tickets WHERE repository = ?1 AND author = ?3
                 UNION SELECT issue FROM tickets WHERE repository = ?1 AND account = ?4)
               AND issue <> ?2 AND (is_open = 1 OR closed_at >= ?5)
             ORDER BY number DESC LIMIT ?6"
        )
    };
}

/// Delivers the number of a ticket to its kin.
const TELL_OTHERS: &str = concat!(
    "INSERT INTO deliveries (guid, event, subject, received_at, note, urgency, due_at)
     SELECT 'related:' || issue || ':' || CAST(?2 AS BIGINT), 'related', 'issue:' || issue,
            CAST(?8 AS BIGINT), '[' || CAST(?7 AS BIGINT) || ']', CAST(?9 AS SMALLINT), CAST(?8 AS BIGINT)
     FROM tickets WHERE CAST(?10 AS TEXT) IS NOT NULL AND issue IN (",
    kin!("issue"),
    ") ON CONFLICT (guid) DO NOTHING"
);

/// Delivers the numbers of those of its kin that a ticket does not know to it.
const TELL_IT: &str = concat!(
    "INSERT INTO deliveries (guid, event, subject, received_at, note, urgency, due_at)
     SELECT 'related:' || CAST(?2 AS BIGINT) || ':' || issue, 'related', 'issue:' || CAST(?2 AS BIGINT),
            CAST(?8 AS BIGINT), '[' || number || ']', CAST(?9 AS SMALLINT), CAST(?8 AS BIGINT)
     FROM tickets
     WHERE number <> ?7 AND CAST(?10 AS TEXT) NOT LIKE '%[' || number || ']%' AND issue IN (",
    kin!("issue"),
    ") ON CONFLICT (guid) DO NOTHING"
);

/// The kin, and how long the newest `?7` requests waited that were answered.
const KIN_AND_WAITS: &str = concat!(
    "SELECT CAST(0 AS BIGINT), number FROM (",
    kin!("number"),
    ") AS kin UNION ALL SELECT CAST(1 AS BIGINT), wait FROM (
         SELECT answered_at - opened_at AS wait FROM tickets
         WHERE repository = ?1 AND answered_at IS NOT NULL
         ORDER BY answered_at DESC LIMIT ?7) AS waits"
);

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
            let statement = connection.prepare(kin!("number"));
            let found = columns_of((repository, own), &kinship);
            statement.all(found, |row| Ok(IssueNumber(row.get::<i64>(0)?.unsigned_abs())))
        })
        .await
    }

    /// The same, and what [`waiting_times`](Self::waiting_times) tells, asked for together.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn find_related_and_waits(
        &self,
        (repository, own): (RepositoryId, IssueId),
        kinship: Kinship,
    ) -> Result<(Vec<IssueNumber>, Option<WaitingTimes>), StoreError> {
        self.run(move |connection| {
            let [one, two, three, four, five, six] = columns_of((repository, own), &kinship);
            let seven = Value::from(WaitingTimes::WINDOW);
            let mut related = Vec::new();
            let mut waits = Vec::new();
            let found = [one, two, three, four, five, six, seven];
            connection.last(KIN_AND_WAITS).all(found, |row| {
                let told: i64 = row.get(1)?;
                match row.get::<i64>(0)? {
                    0 => related.push(IssueNumber(told.unsigned_abs())),
                    _ => waits.push(SignedDuration::from_micros(told)),
                }
                Ok(())
            })?;
            related.sort_unstable_by(|one, other| other.cmp(one));
            Ok((related, WaitingTimes::measure(waits)))
        })
        .await
    }
}

/// What [`kin!`] asks by.
fn columns_of((repository, own): (RepositoryId, IssueId), kinship: &Kinship) -> [Value; 6] {
    params![
        sql_id(repository.0),
        sql_id(own.0),
        kinship.author.map(|author| sql_id(author.0)),
        kinship.account,
        micros(kinship.closed_since),
        RELATED_MAX as i64,
    ]
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
        let [one, two, three, four, five, six] = columns_of((repository, ticket.id), &kinship);
        let [seven, eight, nine, ten] =
            params![sql_id(ticket.number.0), micros(now), Urgency::Bulk.column(), known,];
        let told = [one, two, three, four, five, six, seven, eight, nine, ten];
        connection.prepare(sql).send(told)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn kin_are_found_without_reading_all_requests() {
        let plan = Store::in_memory().expect("a store").plan::<7>(KIN_AND_WAITS).await;
        assert!(plan.contains("tickets_by_author (repository=? AND author=?)"), "{plan}");
        assert!(plan.contains("tickets_by_account (repository=? AND account=?)"), "{plan}");
        assert!(!plan.contains("(repository=?)"), "{plan}");
    }
}
