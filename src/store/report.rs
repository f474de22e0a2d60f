//! What people and metrics ask the store.

use jiff::Timestamp;

use super::connection::{Connection, params};
use super::desks::Desk;
use super::{Store, StoreError, timestamp};
use crate::triage::{Action, Ticket};

/// How much waits where.
#[derive(Debug, Clone, Default)]
pub struct Depths {
    /// Deliveries not yet decided on.
    pub deliveries_waiting: i64,
    /// Deliveries that could not be handled.
    pub deliveries_set_aside: i64,
    /// Actions not yet performed.
    pub actions_waiting: i64,
    /// Open tickets, by turn.
    pub turns: Vec<TurnDepth>,
    /// Content-creating writes of the last minute and of the last hour, of the installation that
    /// made the most.
    pub writes: (i64, i64),
}

/// The open tickets of one turn.
#[derive(Debug, Clone)]
pub struct TurnDepth {
    /// `maintainers`, `requester` or `nobody`.
    pub turn: String,
    /// How many.
    pub count: i64,
    /// Since when the one waits that waits longest.
    pub oldest: Timestamp,
}

/// A ticket with everything that happened to it.
#[derive(Debug, Clone)]
pub struct TicketReport {
    /// The ticket.
    pub ticket: Ticket,
    /// Its desk.
    pub desk: Desk,
    /// When it is looked at again.
    pub wake_at: Option<Timestamp>,
    /// Since when its alarm, which is late, waits for its turn.
    pub late_since: Option<Timestamp>,
    /// What happened and why, oldest first.
    pub history: Vec<HistoryRow>,
    /// What was done or is to be done, oldest first.
    pub actions: Vec<ActionRow>,
}

/// One reason.
#[derive(Debug, Clone)]
pub struct HistoryRow {
    /// When it was decided.
    pub at: Timestamp,
    /// The event it was decided on.
    pub event_key: String,
    /// Why.
    pub reason: String,
}

/// One action.
#[derive(Debug, Clone)]
pub struct ActionRow {
    /// Its identity, which a comment carries as its marker.
    pub key: String,
    /// When it was decided on.
    pub planned_at: Timestamp,
    /// What it does, as one line.
    pub summary: String,
    /// `waiting`, `done`, `given_up` or `observed`.
    pub state: String,
    /// How it ended, or why it waits.
    pub outcome: String,
}

impl Store {
    /// How much waits where.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn depths(&self, now: Timestamp) -> Result<Depths, StoreError> {
        self.run(move |connection| {
            let count = |sql: &str| connection.prepare(sql).one(params![], |row| row.get::<i64>(0));
            let turns = connection
                .prepare("SELECT turn, count(*), min(turn_since) FROM tickets WHERE is_open = 1 GROUP BY turn")
                .all(params![], |row| {
                    let oldest: i64 = row.get(2)?;
                    Ok(TurnDepth { turn: row.get(0)?, count: row.get(1)?, oldest: timestamp(oldest) })
                })?;
            Ok(Depths {
                deliveries_waiting: count("SELECT count(*) FROM deliveries WHERE state = 'waiting'")?,
                deliveries_set_aside: count("SELECT count(*) FROM deliveries WHERE state = 'set_aside'")?,
                actions_waiting: count("SELECT count(*) FROM actions WHERE state = 'waiting'")?,
                turns,
                writes: (writes_since(connection, now, 60)?, writes_since(connection, now, 3_600)?),
            })
        })
        .await
    }

    /// Everything about the ticket `#number` of `full_name`.
    ///
    /// # Errors
    /// Where the store does not answer or a row cannot be read.
    pub async fn report(
        &self,
        full_name: String,
        number: u64,
    ) -> Result<Option<TicketReport>, StoreError> {
        self.run(move |connection| {
            let found: Option<(i64, [String; 2], [Option<i64>; 2])> = connection
                .prepare(
                    "SELECT t.issue, t.state, d.state, t.wake_at, t.late_since
                     FROM tickets t JOIN desks d ON d.repository = t.repository
                     WHERE lower(d.full_name) = lower(?1) AND t.number = ?2",
                )
                .first(params![full_name, super::sql_id(number)], |row| {
                    Ok((row.get(0)?, [row.get(1)?, row.get(2)?], [row.get(3)?, row.get(4)?]))
                })?;
            let Some((issue, [ticket, desk], [wake_at, late_since])) = found else {
                return Ok(None);
            };
            Ok(Some(TicketReport {
                ticket: serde_json::from_str(&ticket)?,
                desk: serde_json::from_str(&desk)?,
                wake_at: wake_at.map(timestamp),
                late_since: late_since.map(timestamp),
                history: history(connection, issue)?,
                actions: actions(connection, issue)?,
            }))
        })
        .await
    }
}

fn writes_since(connection: &Connection, now: Timestamp, seconds: i64) -> Result<i64, StoreError> {
    let since = super::micros(now) - seconds * 1_000_000;
    let statement = connection.prepare(
        "SELECT coalesce(max(made), 0) FROM (
             SELECT count(*) AS made FROM requests WHERE is_content = 1 AND at > ?1 GROUP BY installation) AS counted",
    );
    statement.one([since], |row| row.get(0))
}

fn history(connection: &Connection, issue: i64) -> Result<Vec<HistoryRow>, StoreError> {
    let statement = connection
        .prepare("SELECT at, event_key, reason FROM history WHERE issue = ?1 ORDER BY id");
    statement.all([issue], |row| {
        let at: i64 = row.get(0)?;
        Ok(HistoryRow { at: timestamp(at), event_key: row.get(1)?, reason: row.get(2)? })
    })
}

fn actions(connection: &Connection, issue: i64) -> Result<Vec<ActionRow>, StoreError> {
    let statement = connection.prepare(
        "SELECT planned_at, action, state, coalesce(outcome, ''), action_key FROM actions WHERE issue = ?1 ORDER BY id",
    );
    statement.all([issue], |row| {
        let (at, action): (i64, Option<String>) = (row.get(0)?, row.get(1)?);
        Ok(ActionRow {
            planned_at: timestamp(at),
            summary: summary(action.as_deref())?,
            state: row.get(2)?,
            outcome: row.get(3)?,
            key: row.get(4)?,
        })
    })
}

/// An action as one line, as far as it is still told.
pub(super) fn summary(action: Option<&str>) -> Result<String, StoreError> {
    let action = action.map(serde_json::from_str::<Action>).transpose()?;
    Ok(action.map_or("erased".to_owned(), |action| action.summary()))
}
