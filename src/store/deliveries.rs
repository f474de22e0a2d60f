//! The inbox: what GitHub sent and what the clock rings, each taken once. What comes from outside has
//! its text in a table of its own, `delivery_texts`, until it was decided on; the few words the desk
//! tells itself stand in `deliveries.note`.

use std::time::Duration;

use jiff::Timestamp;

use super::connection::{Connection, Lock, Queue, params};
use super::{Store, StoreError, micros, span_micros, timestamp};

/// So long what came later about a subject waits for what came first and is to be tried again: what
/// GitHub's limits put off is put off for an hour at most.
const KEEPS_ITS_PLACE: Duration = Duration::from_secs(60 * 60);

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

/// What somebody has in hand. Its number is greater than those of all claims before it, so that who
/// was stopped for long and goes on ends nothing that somebody else has in hand by now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The row.
    pub id: i64,
    /// How often it was claimed.
    pub number: i64,
}

/// A delivery that is ours to handle until the lease ends.
#[derive(Debug, Clone)]
pub struct ClaimedDelivery {
    /// The claim to it.
    pub claim: Claim,
    /// Who goes first.
    pub urgency: Urgency,
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

/// Takes the first that is due at `?1` until `?2`; what came before `?3` and failed since is passed by.
/// `+` keeps the planner off the index by time, for which it would read and sort all that wait.
const CLAIM: &str = "
    UPDATE deliveries SET leased_until = ?2, attempts = attempts + 1, claim = claim + 1
    WHERE id = (
        SELECT d.id FROM deliveries d
        WHERE d.state = 'waiting' AND +d.due_at <= ?1 AND d.leased_until <= ?1
          AND NOT EXISTS (
              SELECT 1 FROM deliveries held
              WHERE held.subject = d.subject AND held.state = 'waiting'
                AND (held.leased_until > ?1
                     OR held.id < d.id AND held.urgency <= d.urgency
                        AND held.due_at > ?1 AND held.received_at > ?3))
        ORDER BY d.urgency, d.id LIMIT 1)
    RETURNING id, claim, urgency, guid, event, subject,
        coalesce((SELECT text FROM delivery_texts x WHERE x.id = deliveries.id), note, ''),
        attempts, received_at";

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
        let guid = vec![delivery.guid.clone()];
        match self.run(move |connection| put(connection, &delivery, now)).await {
            Ok(()) => Ok(true),
            // Asked for only now: it is rarely so.
            Err(StoreError::Conflict) if self.unknown_deliveries(guid).await?.is_empty() => {
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    /// Takes the next delivery whose subject nobody has in hand, and of which nothing that came
    /// earlier is to be tried again: what was said later is not heard first only because GitHub did
    /// not answer. What fails for longer than an hour is passed by.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn claim_delivery(
        &self,
        now: Timestamp,
        lease: Duration,
    ) -> Result<Option<ClaimedDelivery>, StoreError> {
        self.run(move |connection| {
            connection.lock(Lock::Deliveries)?;
            let statement = connection.last(CLAIM);
            let until = micros(now).saturating_add(span_micros(lease));
            let passed_by = micros(now).saturating_sub(span_micros(KEEPS_ITS_PLACE));
            statement.first(params![micros(now), until, passed_by], |row| {
                Ok(ClaimedDelivery {
                    claim: Claim { id: row.get(0)?, number: row.get(1)? },
                    urgency: Urgency::from_column(row.get(2)?),
                    guid: row.get(3)?,
                    event: row.get(4)?,
                    subject: row.get(5)?,
                    body: row.get(6)?,
                    attempts: row.get(7)?,
                    received_at: timestamp(row.get(8)?),
                })
            })
        })
        .await
    }

    /// Gives a delivery back, to be handled from `due_at` on; nothing where somebody else has claimed
    /// it meanwhile.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn put_back_delivery(
        &self,
        claim: Claim,
        due_at: Timestamp,
        problem: String,
    ) -> Result<(), StoreError> {
        self.run(move |connection| {
            let statement = connection.last(
                "UPDATE deliveries SET leased_until = 0, due_at = ?3, problem = ?4
                 WHERE id = ?1 AND claim = ?2",
            );
            statement.send(params![claim.id, claim.number, micros(due_at), problem])
        })
        .await
    }

    /// Puts a delivery aside that cannot be handled; its text stays, to be tried again by hand.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn set_delivery_aside(
        &self,
        claim: Claim,
        problem: String,
    ) -> Result<(), StoreError> {
        self.run(move |connection| {
            let statement = connection.last(
                "UPDATE deliveries SET state = 'set_aside', leased_until = 0, problem = ?3
                 WHERE id = ?1 AND claim = ?2",
            );
            statement.send(params![claim.id, claim.number, problem])
        })
        .await
    }

    /// Ends a delivery that needed no decision on a ticket.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where somebody else has claimed it meanwhile.
    pub async fn finish_delivery(&self, claim: Claim) -> Result<(), StoreError> {
        self.run(move |connection| finish(connection, claim)).await
    }
}

/// Keeps what came from outside, with its text. What was seen before changes no row, which ends the
/// transaction, so that nothing but the delivery itself ever has a text.
fn put(connection: &Connection, delivery: &NewDelivery, now: Timestamp) -> Result<(), StoreError> {
    connection.announce(Queue::Inbox)?;
    let NewDelivery { guid, event, subject, body } = delivery;
    connection
        .prepare(
            "INSERT INTO deliveries (guid, event, subject, received_at, due_at)
             VALUES (?1, ?2, ?3, ?4, ?4) ON CONFLICT (guid) DO NOTHING",
        )
        .send_for_one(params![guid, event, subject, micros(now)])?;
    connection.end_with_next();
    keep_text(connection, guid, body)
}

/// Keeps the text of a delivery that was just put there.
pub(super) fn keep_text(connection: &Connection, guid: &str, text: &str) -> Result<(), StoreError> {
    let statement = connection.prepare(
        "INSERT INTO delivery_texts (id, text) SELECT id, ?2 FROM deliveries WHERE guid = ?1
         ON CONFLICT (id) DO UPDATE SET text = excluded.text",
    );
    statement.send(params![guid, text])
}

/// Keeps a delivery of the desk's own. False if it was seen before.
pub(super) fn insert(
    connection: &Connection,
    delivery: &NewDelivery,
    (urgency, now): (Urgency, Timestamp),
) -> Result<bool, StoreError> {
    let statement = connection.prepare(
        "INSERT INTO deliveries (guid, event, subject, received_at, note, urgency, due_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?4) ON CONFLICT (guid) DO NOTHING",
    );
    let NewDelivery { guid, event, subject, body: note } = delivery;
    let inserted =
        statement.execute(params![guid, event, subject, micros(now), note, urgency.column()])?;
    Ok(inserted == 1)
}

/// Marks it done and erases what it said.
pub(super) fn finish(connection: &Connection, claim: Claim) -> Result<(), StoreError> {
    let statement = connection.prepare(
        "UPDATE deliveries SET state = 'done', leased_until = 0, note = NULL, problem = NULL
         WHERE id = ?1 AND claim = ?2",
    );
    statement.send_for_one([claim.id, claim.number])?;
    connection.prepare("DELETE FROM delivery_texts WHERE id = ?1").send([claim.id])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_claim_does_not_read_all_that_wait() {
        let plan = Store::in_memory().expect("a store").plan::<3>(CLAIM).await;
        assert!(plan.contains("deliveries_waiting") && !plan.contains("ORDER BY"), "{plan}");
    }
}
