//! What charts are drawn of: what happened by week, what the newest requests were about, and what
//! is near its step. Each question reads an index or a bounded number of rows.

use jiff::Timestamp;

use serde::Deserialize;

use super::connection::params;
use super::{Store, StoreError, micros, sql_id, timestamp};
use crate::reading::Reason;
use crate::triage::{RepositoryId, Ticket};

/// The first Monday of 1970, in microseconds. The migration that made the table `weeks` counts so too.
const FIRST_MONDAY: i64 = 4 * 86_400_000_000;
const WEEK_MICROS: i64 = 7 * 86_400_000_000;

/// As many requests near their step are looked at.
const NEAR_MAX: u32 = 500;

/// A week of the world's clock, from Monday on. Later weeks are greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Week(pub i64);

impl Week {
    /// The week of an instant.
    pub fn of(at: Timestamp) -> Self {
        Self((micros(at) - FIRST_MONDAY).div_euclid(WEEK_MICROS))
    }

    /// When it begins.
    pub fn start(self) -> Timestamp {
        timestamp(FIRST_MONDAY + self.0 * WEEK_MICROS)
    }
}

/// How often something happened in a week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeekCount {
    /// The week.
    pub week: Week,
    /// What: [`Moment::name`](crate::triage::Moment::name).
    pub kind: String,
    /// What tells it from others of its kind: the name of a step.
    pub detail: String,
    /// How often.
    pub count: u64,
}

/// What a request was about.
#[derive(Debug, Clone)]
pub struct ReadRequest {
    /// Whether it is open.
    pub is_open: bool,
    /// Its reasons.
    pub reasons: Vec<Reason>,
}

/// A request that waits for the desk and is looked at soon by itself.
#[derive(Debug, Clone)]
pub struct NearStep {
    /// The request.
    pub ticket: Ticket,
    /// Since when its alarm, which is late, waits for its turn.
    pub late_since: Option<Timestamp>,
}

#[derive(Deserialize)]
struct ReadState {
    reading: ReadReasons,
}

#[derive(Deserialize)]
struct ReadReasons {
    #[serde(default)]
    reasons: Vec<Reason>,
    #[serde(default)]
    kind: Option<String>,
}

impl Store {
    /// What happened at a desk since a week began, week by week.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn moments_by_week(
        &self,
        repository: RepositoryId,
        (from, until): (Week, Timestamp),
    ) -> Result<Vec<WeekCount>, StoreError> {
        self.run(move |connection| {
            let statement = connection.prepare(
                "SELECT week, kind, detail, count FROM weeks
                 WHERE repository = ?1 AND week >= ?2 AND week <= ?3",
            );
            statement.all([sql_id(repository.0), from.0, Week::of(until).0], |row| {
                let count: i64 = row.get(3)?;
                Ok(WeekCount {
                    week: Week(row.get(0)?),
                    kind: row.get(1)?,
                    detail: row.get(2)?,
                    count: count.unsigned_abs(),
                })
            })
        })
        .await
    }

    /// How many requests of a repository are open.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn count_open(&self, repository: RepositoryId) -> Result<u64, StoreError> {
        self.run(move |connection| {
            let sql = "SELECT count(*) FROM tickets WHERE repository = ?1 AND is_open = 1";
            let count: i64 =
                connection.prepare(sql).one([sql_id(repository.0)], |row| row.get(0))?;
            Ok(count.unsigned_abs())
        })
        .await
    }

    /// What the newest requests of a repository were about.
    ///
    /// # Errors
    /// Where the store does not answer or a row cannot be read.
    pub async fn newest_requests(
        &self,
        repository: RepositoryId,
        count: u32,
    ) -> Result<Vec<ReadRequest>, StoreError> {
        let rows = self.run(move |connection| {
            let statement = connection.prepare(
                "SELECT is_open, state FROM tickets
                 WHERE repository = ?1 ORDER BY number DESC LIMIT ?2",
            );
            let rows: Vec<(bool, String)> = statement
                .all(params![sql_id(repository.0), count], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows)
        });
        // Read outside of the transaction: others need not wait for it.
        // Other kinds of requests have no reasons.
        let rows = rows.await?.into_iter().map(|(is_open, state)| {
            let ReadState { reading } = serde_json::from_str(&state)?;
            let request = ReadRequest { is_open, reasons: reading.reasons };
            Ok(reading.kind.is_none().then_some(request))
        });
        rows.filter_map(Result::transpose).collect()
    }

    /// Requests that wait for the desk and are looked at by themselves before then, soonest first.
    ///
    /// # Errors
    /// Where the store does not answer or a row cannot be read.
    pub async fn near_steps(
        &self,
        repository: RepositoryId,
        until: Timestamp,
    ) -> Result<Vec<NearStep>, StoreError> {
        let rows = self.run(move |connection| {
            let statement = connection.prepare(
                "SELECT state, late_since FROM tickets
                 WHERE repository = ?1 AND is_open = 1 AND turn = 'maintainers'
                   AND (wake_at <= ?2 OR late_since IS NOT NULL)
                 ORDER BY coalesce(late_since, wake_at), number LIMIT ?3",
            );
            let rows: Vec<(String, Option<i64>)> = statement
                .all(params![sql_id(repository.0), micros(until), NEAR_MAX], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })?;
            Ok(rows)
        });
        let rows = rows.await?.into_iter().map(|(state, late_since)| {
            let ticket = serde_json::from_str(&state)?;
            Ok(NearStep { ticket, late_since: late_since.map(timestamp) })
        });
        rows.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_begins_on_monday() {
        let monday: Timestamp = "2026-11-23T00:00:00Z".parse().expect("a time");
        let before: Timestamp = "2026-11-22T23:59:59Z".parse().expect("a time");
        assert_eq!(Week::of(monday).start(), monday);
        assert_eq!(Week::of(before).0 + 1, Week::of(monday).0);
    }
}
