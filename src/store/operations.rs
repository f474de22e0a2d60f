//! What whoever runs the desk asks: what waits and why, what was set aside or given up, what is left
//! of GitHub's limits, and how far the sweeps came.

use std::time::Duration;

use jiff::Timestamp;

use super::connection::{Connection, params};
use super::{Store, StoreError, micros, span_micros, sql_id, timestamp};
use crate::triage::RepositoryId;

/// As many rows of one kind are told.
const ROWS_MAX: u32 = 200;

/// A delivery that could not be handled.
#[derive(Debug, Clone)]
pub struct AsideDelivery {
    /// Its row.
    pub id: i64,
    /// GitHub's id of it, or ours.
    pub guid: String,
    /// GitHub's name of the event.
    pub event: String,
    /// When it came.
    pub received_at: Timestamp,
    /// Why.
    pub problem: String,
    /// The repository it is of, where that can be told.
    pub repository: Option<RepositoryId>,
    /// The number of its ticket, where one is known.
    pub number: Option<u64>,
}

/// Something that is to be done on GitHub, or was given up.
#[derive(Debug, Clone)]
pub struct OutboxRow {
    /// The number of its ticket; none for what is of the whole desk.
    pub number: Option<u64>,
    /// What it does, as one line.
    pub summary: String,
    /// When it was decided on.
    pub planned_at: Timestamp,
    /// Before when it is not tried.
    pub due_at: Timestamp,
    /// How often it was tried.
    pub attempts: i64,
    /// Why it waits, or was given up; often nothing.
    pub why: String,
}

/// What an installation used of GitHub's limits, and what of it is paused.
#[derive(Debug, Clone)]
pub struct BudgetUse {
    /// Points of the last minute.
    pub points: i64,
    /// Content-creating writes of the last minute.
    pub content_minute: i64,
    /// Content-creating writes of the last hour.
    pub content_hour: i64,
    /// What is paused, and until when.
    pub pauses: Vec<(String, Timestamp)>,
}

impl Store {
    /// Deliveries that could not be handled, newest first.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn list_set_aside(&self) -> Result<Vec<AsideDelivery>, StoreError> {
        self.run(|connection| {
            let statement = connection.prepare(
                "SELECT d.id, d.guid, d.event, d.received_at, coalesce(d.problem, ''), d.subject,
                        coalesce(x.text, d.note, ''), t.repository, t.number
                 FROM deliveries d LEFT JOIN delivery_texts x ON x.id = d.id
                 LEFT JOIN tickets t ON t.issue =
                     CASE WHEN d.subject LIKE 'issue:%' THEN CAST(substr(d.subject, 7) AS BIGINT) END
                 WHERE d.state = 'set_aside' ORDER BY d.id DESC LIMIT ?1",
            );
            statement.all(params![ROWS_MAX], |row| {
                let (subject, body): (String, String) = (row.get(5)?, row.get(6)?);
                let of_ticket: Option<i64> = row.get(7)?;
                let number: Option<i64> = row.get(8)?;
                let repository = of_ticket.map(i64::unsigned_abs);
                Ok(AsideDelivery {
                    id: row.get(0)?,
                    guid: row.get(1)?,
                    event: row.get(2)?,
                    received_at: timestamp(row.get(3)?),
                    problem: row.get(4)?,
                    repository: repository.or_else(|| told_by(&subject, &body)).map(RepositoryId),
                    number: number.map(i64::unsigned_abs),
                })
            })
        })
        .await
    }

    /// How many deliveries wait, and since when the oldest of them.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn inbox(&self) -> Result<(u64, Option<Timestamp>), StoreError> {
        self.run(|connection| {
            let sql = "SELECT count(*), min(received_at) FROM deliveries WHERE state = 'waiting'";
            connection.prepare(sql).one(params![], |row| {
                let (count, oldest): (i64, Option<i64>) = (row.get(0)?, row.get(1)?);
                Ok((count.unsigned_abs(), oldest.map(timestamp)))
            })
        })
        .await
    }

    /// What is still to be done for a repository, and what was given up: both oldest first.
    ///
    /// # Errors
    /// Where the store does not answer or a row cannot be read.
    pub async fn outbox(
        &self,
        repository: RepositoryId,
    ) -> Result<(Vec<OutboxRow>, Vec<OutboxRow>), StoreError> {
        self.run(move |connection| {
            let of = |state| outbox_rows(connection, sql_id(repository.0), state);
            Ok((of("waiting")?, of("given_up")?))
        })
        .await
    }

    /// What an installation used of its limits.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn budget_use(
        &self,
        installation: u64,
        now: Timestamp,
    ) -> Result<BudgetUse, StoreError> {
        self.run(move |connection| {
            let id = sql_id(installation);
            let since = |seconds| micros(now) - span_micros(Duration::from_secs(seconds));
            let one = |sql: &str, since: i64| {
                connection.prepare(sql).one([id, since], |row| row.get::<i64>(0))
            };
            let points = "SELECT CAST(coalesce(sum(points), 0) AS BIGINT) FROM requests WHERE installation = ?1 AND at > ?2";
            let content = "SELECT count(*) FROM requests WHERE installation = ?1 AND is_content = 1 AND at > ?2";
            let pauses = connection.prepare(
                "SELECT scope, until FROM pauses WHERE installation = ?1 AND until > ?2 ORDER BY scope",
            );
            Ok(BudgetUse {
                points: one(points, since(60))?,
                content_minute: one(content, since(60))?,
                content_hour: one(content, since(3_600))?,
                pauses: pauses.all([id, micros(now)], |row| {
                    Ok((row.get(0)?, timestamp(row.get(1)?)))
                })?,
            })
        })
        .await
    }

    /// The sweeps, and up to when each took everything.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn list_sweeps(&self) -> Result<Vec<(String, Timestamp)>, StoreError> {
        self.run(|connection| {
            let statement = connection.prepare("SELECT name, at FROM sweeps ORDER BY name");
            statement.all(params![], |row| Ok((row.get(0)?, timestamp(row.get(1)?))))
        })
        .await
    }

    /// What one process does for all, and until when it has promised to.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn list_duties(&self) -> Result<Vec<(String, String, Timestamp)>, StoreError> {
        self.run(|connection| {
            let statement =
                connection.prepare("SELECT name, holder, until FROM duties ORDER BY name");
            statement.all(params![], |row| Ok((row.get(0)?, row.get(1)?, timestamp(row.get(2)?))))
        })
        .await
    }
}

fn outbox_rows(
    connection: &Connection,
    repository: i64,
    state: &str,
) -> Result<Vec<OutboxRow>, StoreError> {
    let statement = connection.prepare(
        "SELECT t.number, a.action, a.planned_at, a.due_at, a.attempts, coalesce(a.outcome, '')
         FROM actions a LEFT JOIN tickets t ON t.issue = a.issue
         WHERE a.repository = ?1 AND a.state = ?2 ORDER BY a.planned_at, a.id LIMIT ?3",
    );
    statement.all(params![repository, state, ROWS_MAX], |row| {
        let number: Option<i64> = row.get(0)?;
        let action: Option<String> = row.get(1)?;
        Ok(OutboxRow {
            number: number.map(i64::unsigned_abs),
            summary: super::report::summary(action.as_deref())?,
            planned_at: timestamp(row.get(2)?),
            due_at: timestamp(row.get(3)?),
            attempts: row.get(4)?,
            why: row.get(5)?,
        })
    })
}

/// The repository a delivery names: by what it is about, or in its text.
fn told_by(subject: &str, body: &str) -> Option<u64> {
    if let Some(id) = subject.strip_prefix("repository:") {
        return id.parse().ok();
    }
    let told: serde_json::Value = serde_json::from_str(body).ok()?;
    told["repository"]["id"].as_u64()
}
