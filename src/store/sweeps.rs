//! How far GitHub was asked for what never came, and what waits again because a person says so.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::connection::{Connection, params};
use super::deliveries::{self, NewDelivery};
use super::{Store, StoreError, micros, sql_id, timestamp};
use crate::triage::{Action, LabelState, Ticket};

/// What is known of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRow {
    /// Its row.
    pub id: i64,
    /// GitHub's id of it, or ours.
    pub guid: String,
    /// GitHub's name of the event.
    pub event: String,
    /// `waiting`, `done` or `set_aside`.
    pub state: String,
    /// Why it waits or was set aside.
    pub problem: Option<String>,
}

/// What waits again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Retried {
    /// Actions that were given up.
    pub actions: usize,
    /// Deliveries that were set aside.
    pub deliveries: usize,
}

impl Store {
    /// Up to when everything under this name was taken; none before the first time.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn swept_until(&self, name: String) -> Result<Option<Timestamp>, StoreError> {
        self.run(move |connection| {
            let statement = connection.prepare("SELECT at FROM sweeps WHERE name = ?1");
            let at: Option<i64> = statement.first([name], |row| row.get(0))?;
            Ok(at.map(timestamp))
        })
        .await
    }

    /// Notes up to when everything under this name was taken.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn note_swept(&self, name: String, at: Timestamp) -> Result<(), StoreError> {
        self.run(move |connection| {
            connection
                .prepare(
                    "INSERT INTO sweeps (name, at) VALUES (?1, ?2)
                     ON CONFLICT (name) DO UPDATE SET at = excluded.at WHERE sweeps.at < excluded.at",
                )
                .execute(params![name, micros(at)])?;
            Ok(())
        })
        .await
    }

    /// Those of these deliveries that were never kept.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn unknown_deliveries(
        &self,
        guids: Vec<String>,
    ) -> Result<BTreeSet<String>, StoreError> {
        self.run(move |connection| {
            let statement = connection.prepare("SELECT 1 FROM deliveries WHERE guid = ?1");
            let mut unknown = BTreeSet::new();
            for guid in guids {
                if !statement.exists([guid.as_str()])? {
                    unknown.insert(guid);
                }
            }
            Ok(unknown)
        })
        .await
    }

    /// When the first delivery of all came; none before it.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn first_delivery_at(&self) -> Result<Option<Timestamp>, StoreError> {
        self.run(|connection| {
            let statement =
                connection.prepare("SELECT received_at FROM deliveries ORDER BY id LIMIT 1");
            let at: Option<i64> = statement.first(params![], |row| row.get(0))?;
            Ok(at.map(timestamp))
        })
        .await
    }

    /// Whether something GitHub sent is due and waits to be handled.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn has_post(&self, now: Timestamp) -> Result<bool, StoreError> {
        self.run(move |connection| {
            let statement = connection.prepare(
                "SELECT 1 FROM deliveries WHERE state = 'waiting' AND urgency = 0 AND due_at <= ?1",
            );
            statement.exists([micros(now)])
        })
        .await
    }

    /// The delivery of this GUID, or in this row.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn find_delivery(&self, named: String) -> Result<Option<DeliveryRow>, StoreError> {
        self.run(move |connection| {
            let statement = connection.prepare(
                "SELECT id, guid, event, state, problem FROM deliveries
                 WHERE guid = ?1 OR id = CAST(?2 AS BIGINT) ORDER BY guid = ?1 DESC LIMIT 1",
            );
            let row: Option<i64> = named.parse().ok();
            statement.first(params![named, row], |row| {
                Ok(DeliveryRow {
                    id: row.get(0)?,
                    guid: row.get(1)?,
                    event: row.get(2)?,
                    state: row.get(3)?,
                    problem: row.get(4)?,
                })
            })
        })
        .await
    }

    /// Has a delivery that was set aside wait again. False if it was not.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn take_up_delivery(&self, id: i64, now: Timestamp) -> Result<bool, StoreError> {
        self.run(move |connection| take_up(connection, id, now)).await
    }

    /// Has a delivery wait again whose text was erased, or one that never came.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn put_delivery_again(
        &self,
        delivery: NewDelivery,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(move |connection| {
            let NewDelivery { guid, event, subject, body } = delivery;
            let changed = connection
                .prepare(
                    "INSERT INTO deliveries (guid, event, subject, received_at, due_at)
                     VALUES (?1, ?2, ?3, ?4, ?4)
                     ON CONFLICT (guid) DO UPDATE SET
                         note = NULL, state = 'waiting', urgency = 0, attempts = 0,
                         received_at = excluded.received_at, due_at = excluded.due_at,
                         leased_until = 0, problem = NULL
                     WHERE deliveries.state <> 'waiting'",
                )
                .execute(params![guid, event, subject, micros(now)])?;
            // What waits already has its text.
            if changed == 1 { deliveries::keep_text(connection, &guid, &body) } else { Ok(()) }
        })
        .await
    }

    /// Has everything of the ticket `#number` of `full_name` wait again that was given up or set
    /// aside. None where no such ticket is known and nothing of it was set aside.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the ticket changes at this moment, and where the store does not
    /// answer or a row cannot be read.
    pub async fn retry_ticket(
        &self,
        (full_name, number): (String, u64),
        now: Timestamp,
    ) -> Result<Option<Retried>, StoreError> {
        self.run(move |connection| {
            let known: Option<(i64, i64, String)> = connection
                .prepare(
                    "SELECT t.issue, t.version, t.state FROM tickets t
                     JOIN desks d ON d.repository = t.repository
                     WHERE lower(d.full_name) = lower(?1) AND t.number = ?2",
                )
                .first(params![full_name, sql_id(number)], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                })?;
            let actions = match &known {
                Some(known) => retry_actions(connection, known, now)?,
                None => 0,
            };
            let issue = known.as_ref().map(|(issue, ..)| *issue);
            let mut deliveries = 0;
            for id in set_aside(connection, issue, (&full_name, number))? {
                deliveries += usize::from(take_up(connection, id, now)?);
            }
            let is_known = known.is_some() || deliveries > 0;
            Ok(is_known.then_some(Retried { actions, deliveries }))
        })
        .await
    }
}

fn take_up(connection: &Connection, id: i64, now: Timestamp) -> Result<bool, StoreError> {
    // Its three days begin anew.
    let statement = connection.prepare(
        "UPDATE deliveries SET state = 'waiting', urgency = 0, attempts = 0, leased_until = 0,
                received_at = ?2, due_at = ?2, problem = NULL
         WHERE id = ?1 AND state = 'set_aside'",
    );
    Ok(statement.execute(params![id, micros(now)])? == 1)
}

/// Deliveries of an issue that were set aside. One that no ticket is known of is found by its text.
fn set_aside(
    connection: &Connection,
    issue: Option<i64>,
    (full_name, number): (&str, u64),
) -> Result<Vec<i64>, StoreError> {
    let statement = connection.prepare(
        "SELECT d.id, d.subject, coalesce(x.text, d.note, '') FROM deliveries d
         LEFT JOIN delivery_texts x ON x.id = d.id WHERE d.state = 'set_aside'",
    );
    let rows: Vec<(i64, String, String)> =
        statement.all(params![], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let subject = issue.map(|issue| format!("issue:{issue}"));
    let is_of_it = |of: &String, body: &str| {
        subject.as_ref() == Some(of) || is_about(body, (full_name, number))
    };
    Ok(rows.into_iter().filter(|(_, of, body)| is_of_it(of, body)).map(|(id, _, _)| id).collect())
}

/// Whether what was kept of a webhook is about this issue.
fn is_about(body: &str, (full_name, number): (&str, u64)) -> bool {
    let Ok(kept) = serde_json::from_str::<serde_json::Value>(body) else { return false };
    let part = |name: &str| kept["repository"][name].as_str().unwrap_or_default().to_owned();
    let what = &kept["what"];
    let issues = [&what["issue"], &what["issue_label"][0], &what["comment"][0]];
    let is_number = issues.iter().any(|issue| issue["number"].as_u64() == Some(number));
    is_number && format!("{}/{}", part("owner"), part("name")).eq_ignore_ascii_case(full_name)
}

/// Has the actions of a ticket wait again. Labels are put on and taken off only as far as the ticket
/// asks for it, so it asks again for those that GitHub refused.
fn retry_actions(
    connection: &Connection,
    (issue, version, state): &(i64, i64, String),
    now: Timestamp,
) -> Result<usize, StoreError> {
    let statement = connection.prepare(
        "UPDATE actions SET state = 'waiting', attempts = 0, leased_until = 0, due_at = ?2,
                planned_at = CASE WHEN must_look = 1 THEN planned_at ELSE ?2 END, urgency = 0
         WHERE issue = ?1 AND state = 'given_up' RETURNING action",
    );
    let actions: Vec<Action> = statement
        .all([*issue, micros(now)], |row| Ok(serde_json::from_str(&row.get::<String>(0)?)?))?;
    let mut ticket: Ticket = serde_json::from_str(state)?;
    let before = ticket.labels.clone();
    for action in &actions {
        for label in action.labels() {
            if let Some(state) = ticket.labels.get_mut(&label.to_lowercase()) {
                ask_again(state);
            }
        }
    }
    if ticket.labels != before {
        connection
            .prepare(
                "UPDATE tickets SET state = ?2, version = version + 1
                 WHERE issue = ?1 AND version = ?3",
            )
            .send_for_one(params![issue, serde_json::to_string(&ticket)?, version])?;
    }
    Ok(actions.len())
}

fn ask_again(state: &mut LabelState) {
    *state = match *state {
        LabelState::RefusedAdding => LabelState::Adding,
        LabelState::RefusedRemoving => LabelState::Removing,
        LabelState::Adding
        | LabelState::PuttingBack
        | LabelState::Present
        | LabelState::Removing
        | LabelState::PinnedPresent
        | LabelState::PinnedAbsent => *state,
    };
}
