//! Forgets a ticket, or a person. Each step is a short transaction and may be repeated, so that the
//! desk serves meanwhile and an erasure that was interrupted is simply asked for again.

use jiff::Timestamp;

use super::commit::save_history;
use super::connection::{Connection, params};
use super::{Store, StoreError, micros, moments, sql_id};
use crate::triage::erasure::without_name;
use crate::triage::{Login, Moment, RepositoryId, Ticket};

/// Rows of one table that are looked through in one transaction.
const BATCH_LENGTH: i64 = 2_000;

/// What was erased.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Erased {
    /// Tickets, as `owner/name#number`.
    pub tickets: Vec<String>,
    /// Rows about other people's tickets in which the person had a name.
    pub mentions: usize,
    /// Sessions and tokens of the person.
    pub keys: usize,
}

impl Store {
    /// Forgets the ticket `#number` of `full_name`, and all that was said and done there. Its issue
    /// is left alone from then on. Says its name; none where no such ticket is known.
    ///
    /// # Errors
    /// Where the store does not answer or the row cannot be read.
    pub async fn erase_ticket(
        &self,
        (full_name, number): (String, u64),
        now: Timestamp,
    ) -> Result<Option<String>, StoreError> {
        self.run(move |connection| {
            let found: Option<i64> = connection
                .prepare(
                    "SELECT t.issue FROM tickets t JOIN desks d ON d.repository = t.repository
                     WHERE lower(d.full_name) = lower(?1) AND t.number = ?2",
                )
                .first(params![full_name, sql_id(number)], |row| row.get(0))?;
            found.map(|issue| erase(connection, issue, now)).transpose()
        })
        .await
    }

    /// Forgets somebody: the tickets they asked for, their name in those of others, and what they
    /// come in by.
    ///
    /// # Errors
    /// Where the store does not answer or a row cannot be read.
    pub async fn erase_person(&self, login: Login, now: Timestamp) -> Result<Erased, StoreError> {
        let mut erased = Erased::default();
        let mut after = i64::MIN;
        while let Some(last) = self.erase_among_tickets((&login, now), after, &mut erased).await? {
            after = last;
        }
        for table in [WITH_REASON, WITH_ACTION] {
            let mut after = 0;
            while let Some(last) =
                self.erase_among_rows(table, (&login, after), &mut erased).await?
            {
                after = last;
            }
        }
        erased.keys = self.run(move |connection| erase_keys(connection, &login)).await?;
        Ok(erased)
    }

    /// Looks through the tickets after an issue, and says with which it ended.
    async fn erase_among_tickets(
        &self,
        (login, now): (&Login, Timestamp),
        after: i64,
        erased: &mut Erased,
    ) -> Result<Option<i64>, StoreError> {
        let login = login.clone();
        let (found, last) = self
            .run(move |connection| {
                let mut found = Erased::default();
                let rows = connection
                    .prepare(
                        "SELECT issue, state FROM (
                             SELECT issue, state FROM tickets WHERE issue > ?1 ORDER BY issue LIMIT ?2) AS batch
                         ORDER BY issue",
                    )
                    .all(params![after, BATCH_LENGTH], |row| {
                        Ok((row.get::<i64>(0)?, row.get::<String>(1)?))
                    })?;
                for (issue, state) in rows.iter().filter(|(_, state)| names(state, &login)) {
                    erase_from_ticket(connection, (*issue, state), (&login, now), &mut found)?;
                }
                Ok((found, rows.last().map(|(issue, _)| *issue)))
            })
            .await?;
        erased.tickets.extend(found.tickets);
        erased.mentions += found.mentions;
        Ok(last)
    }

    /// Looks through the rows of a table after an id, and says with which it ended.
    async fn erase_among_rows(
        &self,
        table: Mentioning,
        (login, after): (&Login, i64),
        erased: &mut Erased,
    ) -> Result<Option<i64>, StoreError> {
        let login = login.clone();
        let (count, last) = self
            .run(move |connection| {
                let rows =
                    connection.prepare(table.list).all(params![after, BATCH_LENGTH], |row| {
                        Ok((row.get::<i64>(0)?, row.get::<Option<String>>(1)?))
                    })?;
                let mut count = 0;
                for (id, told) in &rows {
                    if let Some(told) = told.as_deref().and_then(|told| without_name(told, &login))
                    {
                        let update = connection.prepare(table.update);
                        update.send(params![*id, (table.becomes)(told)])?;
                        count += 1;
                    }
                }
                Ok((count, rows.last().map(|(id, _)| *id)))
            })
            .await?;
        erased.mentions += count;
        Ok(last)
    }
}

/// A column in which people are named.
#[derive(Clone, Copy)]
struct Mentioning {
    list: &'static str,
    update: &'static str,
    /// What stands there afterwards, of what is left without the name.
    becomes: fn(String) -> Option<String>,
}

const WITH_REASON: Mentioning = Mentioning {
    list: "SELECT id, reason FROM history WHERE id > ?1 ORDER BY id LIMIT ?2",
    update: "UPDATE history SET reason = ?2 WHERE id = ?1",
    becomes: Some,
};

/// What still waits is done first: erase again once it is.
const WITH_ACTION: Mentioning = Mentioning {
    list: "SELECT id, CASE WHEN state <> 'waiting' THEN action END FROM actions
           WHERE id > ?1 ORDER BY id LIMIT ?2",
    update: "UPDATE actions SET action = CAST(?2 AS TEXT), outcome = NULL,
                    state = CASE WHEN state = 'given_up' THEN 'done' ELSE state END
             WHERE id = ?1",
    becomes: |_| None,
};

/// Whether the state of a ticket may name somebody: GitHub's names need no escaping in JSON.
fn names(state: &str, login: &Login) -> bool {
    without_name(state, login).is_some()
}

fn erase_from_ticket(
    connection: &Connection,
    (issue, state): (i64, &str),
    (login, now): (&Login, Timestamp),
    erased: &mut Erased,
) -> Result<(), StoreError> {
    let mut ticket: Ticket = serde_json::from_str(state)?;
    let requester = ticket.requester.as_ref();
    if requester.is_some_and(|requester| requester.login.is_same(&login.0)) {
        erased.tickets.push(erase(connection, issue, now)?);
    } else if ticket.forget_person(login) {
        erased.mentions += 1;
        connection
            .prepare("UPDATE tickets SET state = ?2, version = version + 1 WHERE issue = ?1")
            .send(params![issue, serde_json::to_string(&ticket)?])?;
    }
    Ok(())
}

/// Erases one ticket, and says its name.
fn erase(connection: &Connection, issue: i64, now: Timestamp) -> Result<String, StoreError> {
    let (state, repository, full_name): (String, i64, String) = connection
        .prepare(
            "SELECT t.state, t.repository, d.full_name FROM tickets t
             JOIN desks d ON d.repository = t.repository WHERE t.issue = ?1",
        )
        .one([issue], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let ticket: Ticket = serde_json::from_str(&state)?;
    let erased = ticket.erased(now);
    connection
        .prepare(
            "UPDATE tickets SET state = ?2, version = version + 1, is_open = 0, turn = ?3, turn_since = ?4,
                    wake_at = NULL, late_since = NULL, author = NULL, account = NULL, has_text = 0
             WHERE issue = ?1",
        )
        .send(params![
            issue,
            serde_json::to_string(&erased)?,
            erased.turn.name(),
            micros(erased.turn_since)
        ])?;
    erase_words(connection, (issue, repository, sql_id(ticket.number.0)))?;
    if ticket.is_open {
        let at = RepositoryId(repository.unsigned_abs());
        moments::save(connection, (at, ticket.id), &[(now, Moment::Left)])?;
    }
    let event_key = format!("erased:{issue}");
    save_history(connection, (ticket.id, &event_key), (now, &[ERASED.to_owned()]))?;
    Ok(format!("{full_name}#{}", ticket.number))
}

/// All that is told of an erased ticket.
const ERASED: &str = "What was kept of this request was erased; the desk leaves its issue alone.";

/// Erases what stands about a ticket in other tables. Keys of deliveries and actions stay, so that
/// nothing is taken or done twice.
fn erase_words(
    connection: &Connection,
    (issue, repository, number): (i64, i64, i64),
) -> Result<(), StoreError> {
    connection.prepare("DELETE FROM history WHERE issue = ?1").send([issue])?;
    connection
        .prepare(
            "UPDATE actions SET state = CASE WHEN state = 'observed' THEN state ELSE 'done' END,
                    action = NULL, outcome = NULL, claim = claim + 1
             WHERE issue = ?1",
        )
        .send([issue])?;
    let subject = format!("issue:{issue}");
    connection
        .prepare(
            "UPDATE deliveries SET state = 'done', leased_until = 0, note = NULL, problem = NULL,
                    claim = claim + 1
             WHERE subject = ?1 AND state <> 'done'",
        )
        .send(params![subject])?;
    connection
        .prepare(
            "DELETE FROM delivery_texts WHERE EXISTS (
                 SELECT 1 FROM deliveries d
                 WHERE d.id = delivery_texts.id AND d.subject = ?1 AND d.state = 'done')",
        )
        .send(params![subject])?;
    connection
        .prepare("DELETE FROM imported_texts WHERE repository = ?1 AND number = ?2")
        .send([repository, number])
}

fn erase_keys(connection: &Connection, login: &Login) -> Result<usize, StoreError> {
    let mut count = 0;
    for sql in [
        "DELETE FROM sessions WHERE lower(login) = lower(?1)",
        "DELETE FROM tokens WHERE lower(login) = lower(?1)",
    ] {
        count += connection.prepare(sql).execute(params![login.0])?;
    }
    Ok(count)
}
