//! Alarms: when tickets must be looked at again, rung as deliveries like any other.

use jiff::{SignedDuration, Timestamp};

use super::connection::{Connection, Lock, params};
use super::deliveries::{self, NewDelivery, Urgency};
use super::desks::Desk;
use super::digests;
use super::{Store, StoreError, micros, sql_id, timestamp};
use crate::triage::RepositoryId;

/// The event of a ticket's own alarm.
pub const WAKE: &str = "wake";

/// An alarm that could not ring for longer than this is late.
const LATE: SignedDuration = SignedDuration::from_hours(1);

const HOUR_MICROS: i64 = 3_600_000_000;

/// A ticket whose alarm is due.
struct Due {
    issue: i64,
    version: i64,
    wake_at: i64,
    repository: i64,
}

impl Store {
    /// Turns every ticket's alarm that is due into a delivery, oldest first, at most `count_max`, and
    /// every digest.
    /// Those that are late are set apart for [`ring_late_alarms`](Self::ring_late_alarms).
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn ring_alarms(&self, now: Timestamp, count_max: u32) -> Result<(), StoreError> {
        let late = micros(now.saturating_sub(LATE).unwrap_or(Timestamp::MIN));
        self.run(move |connection| {
            connection.lock(Lock::Alarms)?;
            digests::ring(connection, now)?;
            for due in due_alarms(connection, now, count_max)? {
                if due.wake_at > late {
                    ring(connection, (due.issue, due.version), now)?;
                } else {
                    set_apart(connection, &due, now)?;
                }
            }
            Ok(())
        })
        .await
    }

    /// The desks of which late alarms wait, and may ring now.
    ///
    /// # Errors
    /// Where the store does not answer or a row cannot be read.
    pub async fn desks_with_late_alarms(&self, now: Timestamp) -> Result<Vec<Desk>, StoreError> {
        self.run(move |connection| {
            let statement =
                connection.prepare("SELECT state FROM desks WHERE late_at <= ?1 ORDER BY late_at");
            let states: Vec<String> = statement.all([micros(now)], |row| row.get(0))?;
            states.iter().map(|state| Ok(serde_json::from_str(state)?)).collect()
        })
        .await
    }

    /// Rings late alarms of a desk, oldest first, so many in any hour, and notes when the next may
    /// ring.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn ring_late_alarms(
        &self,
        repository: RepositoryId,
        now: Timestamp,
        per_hour: u32,
    ) -> Result<(), StoreError> {
        self.run(move |connection| {
            let (repository, now_micros) = (sql_id(repository.0), micros(now));
            connection.lock(Lock::Alarms)?;
            connection
                .prepare("DELETE FROM late_rings WHERE repository = ?1 AND at <= ?2")
                .send([repository, now_micros - HOUR_MICROS])?;
            let (rung, oldest): (i64, Option<i64>) = connection
                .prepare("SELECT count(*), min(at) FROM late_rings WHERE repository = ?1")
                .one([repository], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let room = (i64::from(per_hour) - rung).max(0);
            // One more than there is room for tells whether some are left.
            let mut late = late_alarms(connection, repository, room + 1)?;
            let is_more = late.len() as i64 > room;
            late.truncate(usize::try_from(room).unwrap_or(usize::MAX));
            for alarm in &late {
                ring(connection, *alarm, now)?;
                connection
                    .prepare("INSERT INTO late_rings (repository, at) VALUES (?1, ?2)")
                    .send([repository, now_micros])?;
            }
            let free_at = oldest.unwrap_or(now_micros) + HOUR_MICROS;
            connection
                .prepare("UPDATE desks SET late_at = ?2 WHERE repository = ?1")
                .send(params![repository, is_more.then_some(free_at)])?;
            Ok(())
        })
        .await
    }

    /// When the next thing is due that is not due yet; none if nothing waits for a time.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn next_due_at(&self, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        self.run(move |connection| {
            let statement = connection.prepare(
                "SELECT min(at) FROM (
                     SELECT min(wake_at) AS at FROM tickets WHERE wake_at IS NOT NULL
                     UNION ALL SELECT min(late_at) FROM desks WHERE late_at IS NOT NULL
                     UNION ALL SELECT min(digest_at) FROM desks WHERE digest_at IS NOT NULL
                     UNION ALL SELECT min(due_at) FROM deliveries WHERE state = 'waiting' AND due_at > ?1
                     UNION ALL SELECT min(due_at) FROM actions WHERE state = 'waiting' AND due_at > ?1
                     UNION ALL SELECT min(until) FROM pauses WHERE until > ?1) AS due",
            );
            let at: Option<i64> = statement.one([micros(now)], |row| row.get(0))?;
            Ok(at.map(timestamp))
        })
        .await
    }
}

/// How many late alarms of a desk wait for their turn.
pub(super) fn count_late(connection: &Connection, repository: i64) -> Result<u64, StoreError> {
    let statement = connection
        .prepare("SELECT count(*) FROM tickets WHERE repository = ?1 AND late_since IS NOT NULL");
    let count: i64 = statement.one([repository], |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

fn due_alarms(
    connection: &Connection,
    now: Timestamp,
    count_max: u32,
) -> Result<Vec<Due>, StoreError> {
    let statement = connection.prepare(
        "SELECT issue, version, wake_at, repository FROM tickets
         WHERE wake_at <= ?1 ORDER BY wake_at, issue LIMIT ?2",
    );
    statement.all(params![micros(now), count_max], |row| {
        Ok(Due {
            issue: row.get(0)?,
            version: row.get(1)?,
            wake_at: row.get(2)?,
            repository: row.get(3)?,
        })
    })
}

fn late_alarms(
    connection: &Connection,
    repository: i64,
    count_max: i64,
) -> Result<Vec<(i64, i64)>, StoreError> {
    let statement = connection.prepare(
        "SELECT issue, version FROM tickets WHERE repository = ?1 AND late_since IS NOT NULL
         ORDER BY late_since, issue LIMIT ?2",
    );
    statement.all([repository, count_max], |row| Ok((row.get(0)?, row.get(1)?)))
}

fn ring(
    connection: &Connection,
    (issue, version): (i64, i64),
    now: Timestamp,
) -> Result<(), StoreError> {
    let delivery = NewDelivery {
        guid: format!("{WAKE}:{issue}:{version}"),
        event: WAKE.to_owned(),
        subject: format!("issue:{issue}"),
        body: String::new(),
    };
    deliveries::insert(connection, &delivery, (Urgency::Bulk, now))?;
    connection
        .prepare(
            "UPDATE tickets SET wake_at = NULL, late_since = NULL, version = version + 1 WHERE issue = ?1",
        )
        .send([issue])?;
    Ok(())
}

fn set_apart(connection: &Connection, due: &Due, now: Timestamp) -> Result<(), StoreError> {
    connection
        .prepare("UPDATE tickets SET wake_at = NULL, late_since = ?2 WHERE issue = ?1")
        .send([due.issue, due.wake_at])?;
    // Where some wait already it is known when the next may ring.
    connection
        .prepare("UPDATE desks SET late_at = ?2 WHERE repository = ?1 AND late_at IS NULL")
        .send([due.repository, micros(now)])?;
    Ok(())
}
