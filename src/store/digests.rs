//! Digests: when a desk's next one is due, what it tells, and those that were kept.

use std::collections::BTreeMap;

use jiff::Timestamp;

use serde::Serialize;

use super::commit::{Place, save_action};
use super::connection::{Connection, params};
use super::deliveries::{self, NewDelivery, Urgency};
use super::waiting::{self, Measure, WaitSummary};
use super::{
    Claim, MomentCount, NO_ISSUE, Store, StoreError, alarms, imports, micros, moments, sql_id,
    timestamp,
};
use crate::triage::{IssueNumber, PlannedAction, Repository, RepositoryId, Ticket};

/// The event that has a desk's digest made.
pub const DIGEST: &str = "digest";

/// As many are kept for each desk.
const KEPT_MAX: u32 = 60;
/// As many of those that wait longest are told of.
const LONGEST_MAX: u32 = 5;
/// As many kinds of actions that were given up are told of.
const GIVEN_UP_MAX: u32 = 5;

/// What a digest tells of one desk.
#[derive(Debug, Clone, Serialize)]
pub struct DigestFacts {
    /// Since when it tells what happened: the digest before it.
    pub since: Timestamp,
    /// Where the desk's issues are listed.
    pub issues_url: String,
    /// How many are open, by turn.
    pub open: BTreeMap<String, u64>,
    /// Those that have waited longest for the desk, longest first.
    pub longest: Vec<LongWait>,
    /// What happened, and how often.
    pub happened: Vec<MomentCount>,
    /// How long the requests waited lately for a first reply.
    pub first_reply: Option<WaitSummary>,
    /// How long they waited lately until they were closed.
    pub resolution: Option<WaitSummary>,
    /// What was to be done on GitHub and never will be.
    pub given_up: Vec<GivenUp>,
    /// Deliveries that could not be handled.
    pub set_aside: u64,
    /// Requests with overdue steps that wait for their turn, so many being taken in an hour.
    pub late: u64,
    /// Open requests with steps that were overdue when they were imported, and were not taken.
    pub withheld: u64,
}

/// A request that waits for the desk.
#[derive(Debug, Clone, Serialize)]
pub struct LongWait {
    /// Its number.
    pub number: IssueNumber,
    /// Its address.
    pub url: String,
    /// Since when.
    pub since: Timestamp,
    /// Steps of the ladder climbed meanwhile.
    pub steps: Vec<String>,
    /// Until when it is snoozed.
    pub snoozed_until: Option<Timestamp>,
}

/// Actions of one kind that were given up for one reason.
#[derive(Debug, Clone, Serialize)]
pub struct GivenUp {
    /// What they were.
    pub kind: String,
    /// Why, with the cure where there is one.
    pub why: String,
    /// How many.
    pub count: u64,
}

/// A digest that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptDigest {
    /// When.
    pub at: Timestamp,
    /// What it says.
    pub text: String,
}

/// What is kept of a digest that was due, as one.
#[derive(Debug, Clone)]
pub struct DigestCommit {
    /// The delivery that rang it.
    pub delivery: Claim,
    /// By what it is known if it is rung again.
    pub key: String,
    /// The desk.
    pub repository: Repository,
    /// What it says, and how chats are told; none where there is nothing to tell.
    pub told: Option<(String, Vec<PlannedAction>)>,
    /// When the next is due.
    pub next_at: Option<Timestamp>,
    /// When it was made.
    pub now: Timestamp,
}

impl Store {
    /// Notes when a desk's next digest is due, unless one is due already.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn schedule_digest(
        &self,
        repository: RepositoryId,
        next_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(move |connection| {
            connection
                .last(
                    "UPDATE desks SET digest_at = ?2
                     WHERE repository = ?1 AND (digest_at IS NULL OR digest_at > ?3) AND digest_at IS DISTINCT FROM ?2",
                )
                .execute(params![sql_id(repository.0), next_at.map(micros), micros(now)])?;
            Ok(())
        })
        .await
    }

    /// What a digest tells of a desk: what happened since the last one, or, if there was none,
    /// since `otherwise`. None for a desk that never had a ticket.
    ///
    /// # Errors
    /// Where the store does not answer or a row cannot be read.
    pub async fn digest_facts(
        &self,
        repository: RepositoryId,
        otherwise: Timestamp,
        now: Timestamp,
    ) -> Result<Option<DigestFacts>, StoreError> {
        self.run(move |connection| facts(connection, repository, (otherwise, now))).await
    }

    /// Keeps a digest, tells the chats, and notes when the next is due. One that was kept before
    /// is not told again.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn keep_digest(&self, commit: DigestCommit) -> Result<(), StoreError> {
        self.run(move |connection| {
            let repository = sql_id(commit.repository.id.0);
            deliveries::finish(connection, commit.delivery)?;
            connection
                .prepare("UPDATE desks SET digest_at = ?2 WHERE repository = ?1")
                .send(params![repository, commit.next_at.map(micros)])?;
            let Some((text, actions)) = &commit.told else { return Ok(()) };
            let is_new = connection
                .prepare(
                    "INSERT INTO events (event_key, issue) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                )
                .execute(params![commit.key, sql_id(NO_ISSUE.0)])?;
            if is_new == 0 {
                return Ok(());
            }
            keep(connection, repository, (text, commit.now))?;
            let place = Place {
                issue: NO_ISSUE,
                repository: &commit.repository,
                state: "waiting",
                urgency: Urgency::Bulk.column(),
                now: commit.now,
            };
            actions.iter().try_for_each(|planned| save_action(connection, planned, &place))
        })
        .await
    }

    /// The digests of a desk that are kept, newest first.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn list_digests(
        &self,
        repository: RepositoryId,
    ) -> Result<Vec<KeptDigest>, StoreError> {
        self.run(move |connection| {
            let statement = connection
                .prepare("SELECT at, text FROM digests WHERE repository = ?1 ORDER BY at DESC");
            statement.all([sql_id(repository.0)], |row| {
                Ok(KeptDigest { at: timestamp(row.get(0)?), text: row.get(1)? })
            })
        })
        .await
    }
}

/// Turns every digest that is due into a delivery.
pub(super) fn ring(connection: &Connection, now: Timestamp) -> Result<(), StoreError> {
    let due: Vec<(i64, i64)> = connection
        .prepare("SELECT repository, digest_at FROM desks WHERE digest_at <= ?1 ORDER BY digest_at")
        .all([micros(now)], |row| Ok((row.get(0)?, row.get(1)?)))?;
    for (repository, digest_at) in due {
        let mut delivery = NewDelivery {
            guid: format!("{DIGEST}:{repository}:{digest_at}"),
            event: DIGEST.to_owned(),
            subject: format!("repository:{repository}"),
            body: digest_at.to_string(),
        };
        if !deliveries::insert(connection, &delivery, (Urgency::Bulk, now))? {
            // The clock was put back. Nothing is told twice, but the next must still be found.
            delivery.guid = format!("{}:{}", delivery.guid, micros(now));
            deliveries::insert(connection, &delivery, (Urgency::Bulk, now))?;
        }
        connection
            .prepare("UPDATE desks SET digest_at = NULL WHERE repository = ?1")
            .execute([repository])?;
    }
    Ok(())
}

/// Has the time of a desk's digest looked at anew, now: its people went away or came back.
pub(super) fn look_again(
    connection: &Connection,
    repository: i64,
    now: Timestamp,
) -> Result<(), StoreError> {
    connection
        .prepare(
            "UPDATE desks SET digest_at = ?2 WHERE repository = ?1 AND (digest_at IS NULL OR digest_at > ?2)",
        )
        .execute(params![repository, micros(now)])?;
    Ok(())
}

/// Keeps the text and forgets the oldest. What an earlier digest had still to tell nobody needs.
fn keep(
    connection: &Connection,
    repository: i64,
    (text, now): (&str, Timestamp),
) -> Result<(), StoreError> {
    connection
        .prepare(
            "INSERT INTO digests (repository, at, text) VALUES (?1, ?2, ?3)
             ON CONFLICT (repository, at) DO UPDATE SET text = excluded.text",
        )
        .execute(params![repository, micros(now), text])?;
    connection
        .prepare(
            "DELETE FROM digests WHERE repository = ?1 AND at NOT IN
                 (SELECT at FROM digests WHERE repository = ?1 ORDER BY at DESC LIMIT ?2)",
        )
        .execute(params![repository, KEPT_MAX])?;
    connection
        .prepare(
            "UPDATE actions SET state = 'done', outcome = 'not needed: a newer digest took its place'
             WHERE issue = ?1 AND repository = ?2 AND state = 'waiting' AND leased_until <= ?3",
        )
        .execute(params![sql_id(NO_ISSUE.0), repository, micros(now)])?;
    Ok(())
}

fn facts(
    connection: &Connection,
    repository: RepositoryId,
    (otherwise, now): (Timestamp, Timestamp),
) -> Result<Option<DigestFacts>, StoreError> {
    let id = sql_id(repository.0);
    let newest: Option<String> = connection
        .prepare("SELECT state FROM tickets WHERE repository = ?1 ORDER BY number DESC LIMIT 1")
        .first([id], |row| row.get(0))?;
    let Some(newest) = newest else { return Ok(None) };
    let url = serde_json::from_str::<Ticket>(&newest)?.url;
    let last: Option<i64> = connection
        .prepare("SELECT max(at) FROM digests WHERE repository = ?1")
        .one([id], |row| row.get(0))?;
    let since = last.map_or(otherwise, timestamp);
    Ok(Some(DigestFacts {
        since,
        issues_url: url.rsplit_once('/').map_or(url.clone(), |(list, _)| list.to_owned()),
        open: open(connection, id)?,
        longest: longest(connection, id)?,
        happened: moments::counts(connection, repository, (since, now))?,
        first_reply: waiting::lately(connection, (Some(repository), Measure::FirstReply), now)?,
        resolution: waiting::lately(connection, (Some(repository), Measure::Resolution), now)?,
        given_up: given_up(connection, id, since)?,
        set_aside: set_aside(connection, id)?,
        late: alarms::count_late(connection, id)?,
        withheld: imports::withheld(connection, id)?.len() as u64,
    }))
}

fn open(connection: &Connection, repository: i64) -> Result<BTreeMap<String, u64>, StoreError> {
    let statement = connection.prepare(
        "SELECT turn, count(*) FROM tickets WHERE repository = ?1 AND is_open = 1 GROUP BY turn",
    );
    let counts = statement
        .all([repository], |row| Ok((row.get::<String>(0)?, row.get::<i64>(1)?.unsigned_abs())))?;
    Ok(counts.into_iter().collect())
}

fn longest(connection: &Connection, repository: i64) -> Result<Vec<LongWait>, StoreError> {
    let states: Vec<String> = connection
        .prepare(
            "SELECT state FROM tickets
             WHERE repository = ?1 AND is_open = 1 AND turn = 'maintainers'
             ORDER BY turn_since, number LIMIT ?2",
        )
        .all(params![repository, LONGEST_MAX], |row| row.get(0))?;
    let waits = states.iter().map(|state| {
        let ticket: Ticket = serde_json::from_str(state)?;
        Ok(LongWait {
            number: ticket.number,
            url: ticket.url,
            since: ticket.turn_since,
            steps: ticket.climbed,
            snoozed_until: ticket.snoozed_until,
        })
    });
    waits.collect()
}

fn given_up(
    connection: &Connection,
    repository: i64,
    since: Timestamp,
) -> Result<Vec<GivenUp>, StoreError> {
    let statement = connection.prepare(
        "SELECT kind, coalesce(outcome, ''), count(*) FROM actions
         WHERE repository = ?1 AND state = 'given_up' AND planned_at >= ?2
         GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT ?3",
    );
    statement.all(params![repository, micros(since), GIVEN_UP_MAX], |row| {
        let count: i64 = row.get(2)?;
        Ok(GivenUp { kind: row.get(0)?, why: row.get(1)?, count: count.unsigned_abs() })
    })
}

/// Of a webhook the text says where it happened; what is ours names the ticket.
fn set_aside(connection: &Connection, repository: i64) -> Result<u64, StoreError> {
    let statement = connection.prepare(
        "SELECT d.subject, coalesce(x.text, d.note, ''), t.repository FROM deliveries d
         LEFT JOIN delivery_texts x ON x.id = d.id
         LEFT JOIN tickets t ON t.issue =
             CASE WHEN d.subject LIKE 'issue:%' THEN CAST(substr(d.subject, 7) AS BIGINT) END
         WHERE d.state = 'set_aside'",
    );
    let rows: Vec<(String, String, Option<i64>)> =
        statement.all(params![], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let desk = format!("repository:{repository}");
    let is_of_desk = |(subject, body, of): &(String, String, Option<i64>)| {
        let told: Option<serde_json::Value> = serde_json::from_str(body).ok();
        *subject == desk
            || *of == Some(repository)
            || told.is_some_and(|told| told["repository"]["id"].as_i64() == Some(repository))
    };
    Ok(rows.iter().filter(|row| is_of_desk(row)).count() as u64)
}
