//! One decision, kept as one: the ticket, its reasons, its actions, its next alarm, and that the
//! event was applied and the delivery is done.

use jiff::Timestamp;

use super::connection::{Connection, Queue, params};
use super::waiting::{self, Times};
use super::{Claim, SavedRow, Urgency, deliveries, desks, kinship, moments};
use super::{Store, StoreError, micros, sql_id};
use crate::triage::{Decision, EventKey, IssueId, Moment, PlannedAction, Repository, Ticket};

/// What a decision changes.
#[derive(Debug, Clone)]
pub struct Commit {
    /// The delivery that led to it.
    pub delivery: Claim,
    /// How urgent that was.
    pub urgency: Urgency,
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
    /// Its row as it was loaded; none for a new one.
    pub from: Option<SavedRow>,
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
    /// [`StoreError::Conflict`] if the ticket was changed since it was loaded, or somebody else has
    /// claimed the delivery meanwhile.
    pub async fn commit(&self, commit: Commit) -> Result<Committed, StoreError> {
        let (delivery, event_key) = (commit.delivery, commit.event_key.clone());
        match self.run(move |connection| keep(connection, &commit)).await {
            Ok(()) => Ok(Committed::Kept),
            // Asked for only now: it is rarely so.
            Err(StoreError::Conflict) => {
                self.run(move |connection| end_if_applied(connection, delivery, &event_key)).await
            }
            Err(error) => Err(error),
        }
    }
}

fn keep(connection: &Connection, commit: &Commit) -> Result<(), StoreError> {
    deliveries::finish(connection, commit.delivery)?;
    connection
        .prepare("INSERT INTO events (event_key, issue) VALUES (?1, ?2) ON CONFLICT DO NOTHING")
        .send_for_one(params![commit.event_key.0, sql_id(commit.issue.0)])?;
    let (Some(change), Some(ticket)) = (&commit.change, &commit.decision.ticket) else {
        return Ok(());
    };
    save_ticket(connection, (ticket, change), commit.decision.wake_at)?;
    if change.from.as_ref().map(|row| &row.account) != Some(&ticket.account()) {
        kinship::tell(connection, (change.repository.id, ticket), commit.now)?;
    }
    let desk_changes = (commit.decision.desk_changes.as_slice(), commit.now);
    desks::apply_changes(connection, change.repository.id, desk_changes)?;
    let about = (commit.issue, commit.event_key.0.as_str());
    save_history(connection, about, (commit.now, &commit.decision.reasons))?;
    save_actions(connection, commit, change)
}

/// Ends the delivery of an event that was applied before.
fn end_if_applied(
    connection: &Connection,
    delivery: Claim,
    event_key: &EventKey,
) -> Result<Committed, StoreError> {
    let applied = connection.prepare("SELECT 1 FROM events WHERE event_key = ?1");
    if !applied.exists([event_key.0.as_str()])? {
        return Err(StoreError::Conflict);
    }
    deliveries::finish(connection, delivery)?;
    Ok(Committed::SeenBefore)
}

/// Saves a ticket, unless it was changed since it was loaded, with what is counted of it.
pub(super) fn save_ticket(
    connection: &Connection,
    (ticket, change): (&Ticket, &TicketChange),
    wake_at: Option<Timestamp>,
) -> Result<(), StoreError> {
    save_row(connection, (ticket, change), wake_at)?;
    let times = Times::of(ticket, change.repository.id);
    waiting::count(connection, change.from.as_ref().map(|row| row.times), times)?;
    moments::save(connection, (change.repository.id, ticket.id), &change.moments)
}

fn save_row(
    connection: &Connection,
    (ticket, change): (&Ticket, &TicketChange),
    wake_at: Option<Timestamp>,
) -> Result<(), StoreError> {
    let statement = connection.prepare(
        "INSERT INTO tickets (issue, repository, number, is_open, turn, turn_since, wake_at, policy, version, state,
                              author, account, opened_at, answered_at, closed_at, has_text)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1, ?9, ?11, ?12, ?13, ?14, ?15, ?16)
         ON CONFLICT (issue) DO UPDATE SET
             repository = excluded.repository, number = excluded.number, is_open = excluded.is_open,
             turn = excluded.turn, turn_since = excluded.turn_since, wake_at = excluded.wake_at,
             policy = excluded.policy, version = tickets.version + 1, state = excluded.state,
             late_since = NULL,
             author = excluded.author, account = excluded.account, opened_at = excluded.opened_at,
             answered_at = excluded.answered_at, closed_at = excluded.closed_at,
             has_text = excluded.has_text
         WHERE tickets.version = ?10",
    );
    statement.send_for_one(params![
        sql_id(ticket.id.0),
        sql_id(change.repository.id.0),
        sql_id(ticket.number.0),
        ticket.is_open,
        ticket.turn.name(),
        micros(ticket.turn_since),
        wake_at.map(micros),
        change.policy,
        serde_json::to_string(ticket)?,
        change.from.as_ref().map_or(0, |row| row.version),
        ticket.requester.as_ref().map(|person| sql_id(person.id.0)),
        ticket.account(),
        micros(ticket.opened_at),
        ticket.measured_answer_at().map(micros),
        ticket.closed_at.map(micros),
        ticket.has_text(),
    ])
}

/// Keeps why something was decided, a row for each reason.
pub(super) fn save_history(
    connection: &Connection,
    (issue, event_key): (IssueId, &str),
    (now, reasons): (Timestamp, &[String]),
) -> Result<(), StoreError> {
    let statement = connection
        .prepare("INSERT INTO history (issue, at, event_key, reason) VALUES (?1, ?2, ?3, ?4)");
    for reason in reasons {
        statement.send(params![sql_id(issue.0), micros(now), event_key, reason])?;
    }
    Ok(())
}

/// Keeps the actions, as urgent as what led to them. Those of one issue run in order, so where
/// somebody waits for the last of them the others are as urgent.
fn save_actions(
    connection: &Connection,
    commit: &Commit,
    change: &TicketChange,
) -> Result<(), StoreError> {
    let urgency = commit.urgency.column();
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
            .prepare(
                "UPDATE actions SET urgency = ?2 WHERE issue = ?1 AND state = 'waiting' AND urgency > ?2",
            )
            .send([sql_id(commit.issue.0), urgency])?;
        connection.announce(Queue::Outbox)?;
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
        .prepare(
            "INSERT INTO actions (action_key, issue, repository, installation, kind, action, state, urgency, is_content, due_at, planned_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10) ON CONFLICT (action_key) DO NOTHING",
        )
        .send(params![
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
