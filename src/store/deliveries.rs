//! The inbox: what GitHub sent and what the clock rings, each taken once.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::{Store, StoreError, micros, span_micros, timestamp};

/// Something to be handled.
#[derive(Debug, Clone)]
pub struct NewDelivery {
    /// GitHub's id of it, the same when it is sent again.
    pub guid: String,
    /// GitHub's name of the event; `wake` for the clock's.
    pub event: String,
    /// What it is about: those of one subject are handled one at a time.
    pub subject: String,
    /// What is kept of it, JSON.
    pub body: String,
}

/// Who goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// A person waits for it.
    Interactive,
    /// The clock's, imports, relabelling.
    Bulk,
}

impl Urgency {
    pub(super) fn column(self) -> i64 {
        match self {
            Self::Interactive => 0,
            Self::Bulk => 1,
        }
    }

    pub(super) fn from_column(column: i64) -> Self {
        if column == 0 { Self::Interactive } else { Self::Bulk }
    }
}

/// A delivery that is ours to handle until the lease ends.
#[derive(Debug, Clone)]
pub struct ClaimedDelivery {
    /// Its row.
    pub id: i64,
    /// GitHub's id of it.
    pub guid: String,
    /// GitHub's name of the event.
    pub event: String,
    /// What it is about.
    pub subject: String,
    /// What is kept of it.
    pub body: String,
    /// How often it was claimed, this time included.
    pub attempts: i64,
    /// When it came.
    pub received_at: Timestamp,
}

impl Store {
    /// Keeps a delivery. False if it was seen before.
    ///
    /// # Errors
    /// Where it could not be made durable.
    pub async fn put_delivery(
        &self,
        delivery: NewDelivery,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.run(move |connection| insert(connection, &delivery, (Urgency::Interactive, now))).await
    }

    /// Takes the next delivery whose subject nobody has in hand.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn claim_delivery(
        &self,
        now: Timestamp,
        lease: Duration,
    ) -> Result<Option<ClaimedDelivery>, StoreError> {
        self.run(move |connection| {
            let mut statement = connection.prepare_cached(
                "UPDATE deliveries SET leased_until = ?2, attempts = attempts + 1
                 WHERE id = (
                     SELECT d.id FROM deliveries d
                     WHERE d.state = 'waiting' AND d.due_at <= ?1 AND d.leased_until <= ?1
                       AND NOT EXISTS (
                           SELECT 1 FROM deliveries held
                           WHERE held.subject = d.subject AND held.state = 'waiting' AND held.leased_until > ?1)
                     ORDER BY d.urgency, d.id LIMIT 1)
                 RETURNING id, guid, event, subject, coalesce(body, ''), attempts, received_at",
            )?;
            let until = micros(now).saturating_add(span_micros(lease));
            let claimed = statement.query_row(params![micros(now), until], |row| {
                Ok(ClaimedDelivery {
                    id: row.get(0)?,
                    guid: row.get(1)?,
                    event: row.get(2)?,
                    subject: row.get(3)?,
                    body: row.get(4)?,
                    attempts: row.get(5)?,
                    received_at: timestamp(row.get(6)?),
                })
            });
            Ok(claimed.optional()?)
        })
        .await
    }

    /// Gives a delivery back, to be handled from `due_at` on.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn put_back_delivery(
        &self,
        id: i64,
        due_at: Timestamp,
        problem: String,
    ) -> Result<(), StoreError> {
        self.run(move |connection| {
            connection
                .prepare_cached("UPDATE deliveries SET leased_until = 0, due_at = ?2, problem = ?3 WHERE id = ?1")?
                .execute(params![id, micros(due_at), problem])?;
            Ok(())
        })
        .await
    }

    /// Puts a delivery aside that cannot be handled; its text stays, to be tried again by hand.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn set_delivery_aside(&self, id: i64, problem: String) -> Result<(), StoreError> {
        self.run(move |connection| {
            connection
                .prepare_cached("UPDATE deliveries SET state = 'set_aside', leased_until = 0, problem = ?2 WHERE id = ?1")?
                .execute(params![id, problem])?;
            Ok(())
        })
        .await
    }

    /// Ends a delivery that needed no decision on a ticket.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn finish_delivery(&self, id: i64) -> Result<(), StoreError> {
        self.run(move |connection| finish(connection, id).map(drop)).await
    }
}

/// Keeps a delivery. False if it was seen before.
pub(super) fn insert(
    connection: &Connection,
    delivery: &NewDelivery,
    (urgency, now): (Urgency, Timestamp),
) -> Result<bool, StoreError> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO deliveries (guid, event, subject, received_at, body, urgency, due_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?4) ON CONFLICT (guid) DO NOTHING",
    )?;
    let NewDelivery { guid, event, subject, body } = delivery;
    let inserted =
        statement.execute(params![guid, event, subject, micros(now), body, urgency.column()])?;
    Ok(inserted == 1)
}

/// Marks it done and erases what it said. Returns how urgent it was.
pub(super) fn finish(connection: &Connection, id: i64) -> Result<i64, StoreError> {
    let mut statement = connection.prepare_cached(
        "UPDATE deliveries SET state = 'done', leased_until = 0, body = NULL, problem = NULL
         WHERE id = ?1 RETURNING urgency",
    )?;
    let urgency: Option<i64> = statement.query_row([id], |row| row.get(0)).optional()?;
    Ok(urgency.unwrap_or(Urgency::Interactive.column()))
}
