//! What digests count, one row each time something happened, and what charts count, one row for all
//! of a week.

use std::collections::BTreeMap;

use jiff::Timestamp;

use serde::Serialize;

use super::charts::Week;
use super::connection::{Connection, params};
use super::{StoreError, micros, sql_id};
use crate::triage::{IssueId, Moment, RepositoryId};

/// How often something happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MomentCount {
    /// What: [`Moment::name`](crate::triage::Moment::name).
    pub kind: String,
    /// What tells it from others of its kind: the name of a step.
    pub detail: String,
    /// How often.
    pub count: u64,
}

const COUNT: &str = "INSERT INTO weeks (repository, week, kind, detail, count) VALUES (?1, ?2, ?3, ?4, ?5)
     ON CONFLICT (repository, week, kind, detail) DO UPDATE SET count = weeks.count + excluded.count";

/// Keeps what a ticket's change tells, and counts it.
pub(super) fn save(
    connection: &Connection,
    (repository, issue): (RepositoryId, IssueId),
    moments: &[(Timestamp, Moment)],
) -> Result<(), StoreError> {
    let statement = connection.prepare(
        "INSERT INTO moments (repository, at, kind, issue, detail) VALUES (?1, ?2, ?3, ?4, ?5)",
    );
    for (at, moment) in moments {
        statement.send(params![
            sql_id(repository.0),
            micros(*at),
            moment.name(),
            sql_id(issue.0),
            moment.detail()
        ])?;
    }
    // In an order of their own: who counts the same two in another order would wait for us and we for
    // them.
    let mut weeks = BTreeMap::new();
    for (at, moment) in moments {
        *weeks.entry((Week::of(*at), moment.name(), moment.detail())).or_insert(0_i64) += 1;
    }
    for ((week, kind, detail), count) in weeks {
        let counted = params![sql_id(repository.0), week.0, kind, detail, count];
        connection.prepare(COUNT).send(counted)?;
    }
    Ok(())
}

/// What happened at a desk after one time and up to another.
pub(super) fn counts(
    connection: &Connection,
    repository: RepositoryId,
    (after, until): (Timestamp, Timestamp),
) -> Result<Vec<MomentCount>, StoreError> {
    let statement = connection.prepare(
        "SELECT kind, detail, count(*) FROM moments
         WHERE repository = ?1 AND at > ?2 AND at <= ?3 GROUP BY kind, detail ORDER BY kind, detail",
    );
    statement.all(params![sql_id(repository.0), micros(after), micros(until)], |row| {
        let count: i64 = row.get(2)?;
        Ok(MomentCount { kind: row.get(0)?, detail: row.get(1)?, count: count.unsigned_abs() })
    })
}
