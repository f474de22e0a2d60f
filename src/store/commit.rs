//! One decision, kept as one: the ticket, its reasons, its actions, its next alarm, and that the
//! event was applied and the delivery is done.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::waiting::{self, Times};
use super::{Store, StoreError, micros, sql_id};
use super::{deliveries, desks, kinship, moments};
use crate::triage::{Decision, EventKey, IssueId, Moment, PlannedAction, Repository, Ticket};

/// What a decision changes.
#[derive(Debug, Clone)]
pub struct Commit {
    /// The delivery that led to it.
    pub delivery: i64,
    /// The event, by which it is known if it comes again.
    pub event_key: EventKey,
    /// The issue it is about.
    pub issue: IssueId,
    /// The ticket before and after; none where the issue is no concern of the desk.
    pub change: Option<TicketChange>,
    /// Actions, reasons and alarm.
    pub decision: Decision,
    /// The time of the decision.
    pub now: Timestamp,
}

/// A ticket's change.
#[derive(Debug, Clone)]
pub struct TicketChange {
    /// The version it was loaded with; none for a new one.
    pub from_version: Option<i64>,
    /// Where it belongs.
    pub repository: Repository,
    /// The revision of the policy it was decided under.
    pub policy: String,
    /// Whether the actions are to be performed, or only shown.
    pub is_observing: bool,
    /// What the change tells digests and charts, and when it happened.
    pub moments: Vec<(Timestamp, Moment)>,
}

/// What became of a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Committed {
    /// It is kept.
    Kept,
    /// The event was applied before; only the delivery was ended.
    SeenBefore,
}

impl Store {
    /// Keeps a decision, unless its event was applied before.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if the ticket was changed since it was loaded.
    pub async fn commit(&self, commit: Commit) -> Result<Committed, StoreError> {
        self.run(move |connection| {
            let urgency = deliveries::finish(connection, commit.delivery)?;
            let inserted = connection
                .prepare_cached(
                    "INSERT INTO events (event_key, issue) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                )?
                .execute(params![commit.event_key.0, sql_id(commit.issue.0)])?;
            if inserted == 0 {
                return Ok(Committed::SeenBefore);
            }
            if let (Some(change), Some(ticket)) = (&commit.change, &commit.decision.ticket) {
                let account_before =
                    save_ticket(connection, (ticket, change), commit.decision.wake_at)?;
                if account_before != Some(ticket.account()) {
                    kinship::tell(connection, (change.repository.id, ticket), commit.now)?;
                }
                let desk_changes = (commit.decision.desk_changes.as_slice(), commit.now);
                desks::apply_changes(connection, change.repository.id, desk_changes)?;
                save_history(connection, &commit)?;
                save_actions(connection, &commit, (change, urgency))?;
            }
            Ok(Committed::Kept)
        })
        .await
    }
}

/// What stands in a ticket's row beside its state.
struct RowBefore {
    account: Option<String>,
    times: Times,
}

/// What stands there before a ticket is saved; none for a new ticket.
fn row_before(connection: &Connection, issue: IssueId) -> Result<Option<RowBefore>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT account, repository, opened_at, answered_at, closed_at FROM tickets WHERE issue = ?1",
    )?;
    let row = statement.query_row([sql_id(issue.0)], |row| {
        let times = Times {
            repository: row.get(1)?,
            opened_at: row.get(2)?,
            answered_at: row.get(3)?,
            closed_at: row.get(4)?,
        };
        Ok(RowBefore { account: row.get(0)?, times })
    });
    Ok(row.optional()?)
}

/// Saves a ticket, unless it was changed since it was loaded, with what is counted of it. Returns
/// the account its row named before; none for a new ticket.
pub(super) fn save_ticket(
    connection: &Connection,
    (ticket, change): (&Ticket, &TicketChange),
    wake_at: Option<Timestamp>,
) -> Result<Option<Option<String>>, StoreError> {
    let before = row_before(connection, ticket.id)?;
    save_row(connection, (ticket, change), wake_at)?;
    let times = Times::of(ticket, change.repository.id);
    waiting::count(connection, before.as_ref().map(|row| row.times), times)?;
    moments::save(connection, (change, ticket.id))?;
    Ok(before.map(|row| row.account))
}

fn save_row(
    connection: &Connection,
    (ticket, change): (&Ticket, &TicketChange),
    wake_at: Option<Timestamp>,
) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO tickets (issue, repository, number, is_open, turn, turn_since, wake_at, policy, version, state,
                              author, account, opened_at, answered_at, closed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1, ?9, ?11, ?12, ?13, ?14, ?15)
         ON CONFLICT (issue) DO UPDATE SET
             repository = excluded.repository, number = excluded.number, is_open = excluded.is_open,
             turn = excluded.turn, turn_since = excluded.turn_since, wake_at = excluded.wake_at,
             policy = excluded.policy, version = version + 1, state = excluded.state,
             late_since = NULL,
             author = excluded.author, account = excluded.account, opened_at = excluded.opened_at,
             answered_at = excluded.answered_at, closed_at = excluded.closed_at
         WHERE version = ?10",
    )?;
    let changed = statement.execute(params![
        sql_id(ticket.id.0),
        sql_id(change.repository.id.0),
        sql_id(ticket.number.0),
        ticket.is_open,
        ticket.turn.name(),
        micros(ticket.turn_since),
        wake_at.map(micros),
        change.policy,
        serde_json::to_string(ticket)?,
        change.from_version.unwrap_or(0),
        ticket.requester.as_ref().map(|person| sql_id(person.id.0)),
        ticket.account(),
        micros(ticket.opened_at),
        ticket.measured_answer_at().map(micros),
        ticket.closed_at.map(micros),
    ])?;
    if changed == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}

fn save_history(connection: &Connection, commit: &Commit) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO history (issue, at, event_key, reason) VALUES (?1, ?2, ?3, ?4)",
    )?;
    for reason in &commit.decision.reasons {
        statement.execute(params![
            sql_id(commit.issue.0),
            micros(commit.now),
            commit.event_key.0,
            reason
        ])?;
    }
    Ok(())
}

/// Keeps the actions, as urgent as what led to them. Those of one issue run in order, so where
/// somebody waits for the last of them the others are as urgent.
fn save_actions(
    connection: &Connection,
    commit: &Commit,
    (change, urgency): (&TicketChange, i64),
) -> Result<(), StoreError> {
    let place = Place {
        issue: commit.issue,
        repository: &change.repository,
        state: if change.is_observing { "observed" } else { "waiting" },
        urgency,
        now: commit.now,
    };
    for planned in &commit.decision.actions {
        save_action(connection, planned, &place)?;
    }
    if !commit.decision.actions.is_empty() {
        connection
            .prepare_cached(
                "UPDATE actions SET urgency = ?2 WHERE issue = ?1 AND state = 'waiting' AND urgency > ?2",
            )?
            .execute(params![sql_id(commit.issue.0), urgency])?;
    }
    Ok(())
}

/// Where an action is done, and how it comes into the outbox.
pub(super) struct Place<'a> {
    /// The issue.
    pub issue: IssueId,
    /// The repository.
    pub repository: &'a Repository,
    /// `waiting`, or `observed` where it is only shown.
    pub state: &'static str,
    /// How urgent it is.
    pub urgency: i64,
    /// When it was decided on.
    pub now: Timestamp,
}

/// Puts an action into the outbox, once.
pub(super) fn save_action(
    connection: &Connection,
    planned: &PlannedAction,
    place: &Place<'_>,
) -> Result<(), StoreError> {
    let installation =
        place.repository.installation.map_or(0, |installation| sql_id(installation.0));
    connection
        .prepare_cached(
            "INSERT INTO actions (action_key, issue, repository, installation, kind, action, state, urgency, is_content, due_at, planned_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10) ON CONFLICT (action_key) DO NOTHING",
        )?
        .execute(params![
            planned.key,
            sql_id(place.issue.0),
            sql_id(place.repository.id.0),
            installation,
            planned.action.kind(),
            serde_json::to_string(&planned.action)?,
            place.state,
            place.urgency,
            planned.action.creates_content(),
            micros(place.now),
        ])?;
    Ok(())
}
