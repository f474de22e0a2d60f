//! What the staff pages show of many tickets at once, and of what is stuck.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::connection::{Connection, params};
use super::{Store, StoreError, sql_id, timestamp};
use crate::reading::{Reason, Sensitive};
use crate::triage::{CommentId, IssueId, IssueNumber, Person, RepositoryId, Stage, Turn};

/// An open ticket, as far as the queue shows it.
#[derive(Debug, Clone)]
pub struct OpenTicket {
    /// Its repository.
    pub repository: RepositoryId,
    /// Since when its alarm, which is late, waits for its turn.
    pub late_since: Option<Timestamp>,
    /// Whether something that was to be done on GitHub was given up.
    pub has_given_up: bool,
    /// What its state says.
    pub state: OpenState,
}

/// The part of a ticket's state that the queue shows; the rest is passed over.
#[derive(Debug, Clone, Deserialize)]
pub struct OpenState {
    /// The issue.
    pub id: IssueId,
    /// Its number.
    pub number: IssueNumber,
    /// Who asked.
    pub requester: Option<Person>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Its title, secrets blanked.
    pub title: String,
    /// What was read.
    pub reading: OpenReading,
    /// Whose turn it is.
    pub turn: Turn,
    /// Since when.
    pub turn_since: Timestamp,
    /// How far it has come.
    #[serde(default)]
    pub stage: Stage,
    /// When the requester said the mail was sent.
    pub mailed_at: Option<Timestamp>,
    /// Until when it is put aside.
    #[serde(default)]
    pub snoozed_until: Option<Timestamp>,
    /// Other requests of the same account or person.
    #[serde(default)]
    pub related: BTreeSet<IssueNumber>,
    /// Steps of the ladder climbed in this turn.
    #[serde(default)]
    pub climbed: Vec<String>,
    /// Who looks after it.
    #[serde(default)]
    pub assignees: Vec<String>,
    #[serde(default)]
    branches: Vec<IgnoredAny>,
    #[serde(default)]
    shield: OpenShield,
}

/// The part of a reading that the queue shows.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct OpenReading {
    /// The account's name.
    pub username: Option<String>,
    /// What is wrong.
    pub reasons: Vec<Reason>,
    /// Which other kind of request it is; none for an account recovery.
    pub kind: Option<String>,
    sensitive: Vec<Sensitive>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct OpenShield {
    in_text: BTreeSet<Sensitive>,
    in_comments: BTreeMap<CommentId, BTreeSet<Sensitive>>,
}

impl OpenState {
    /// Whether something was public that opens an account.
    pub fn has_exposed_secret(&self) -> bool {
        let in_text = self.reading.sensitive.iter().chain(&self.shield.in_text);
        let in_comments = self.shield.in_comments.values().flatten();
        in_text.chain(in_comments).any(|kind| kind.is_secret())
    }

    /// Whether a linked branch was looked up.
    pub fn has_checked_branch(&self) -> bool {
        !self.branches.is_empty()
    }
}

/// A delivery that could not be handled.
#[derive(Debug, Clone)]
pub struct SetAside {
    /// When it came.
    pub received_at: Timestamp,
    /// GitHub's name of the event.
    pub event: String,
    /// Why.
    pub problem: String,
}

/// A row before it is read.
type OpenRow = (i64, Option<i64>, String);

impl Store {
    /// The open tickets of these repositories, those that wait longest first.
    ///
    /// # Errors
    /// Where the store does not answer or a row cannot be read.
    pub async fn open_tickets(
        &self,
        repositories: Vec<RepositoryId>,
    ) -> Result<Vec<OpenTicket>, StoreError> {
        let rows = self.run(move |connection| {
            let mut rows: Vec<(RepositoryId, OpenRow)> = Vec::new();
            let mut stuck = BTreeSet::new();
            for repository in repositories {
                let open = open_rows(connection, repository)?;
                rows.extend(open.into_iter().map(|row| (repository, row)));
                stuck.extend(stuck_issues(connection, repository)?);
            }
            Ok((rows, stuck))
        });
        // Read outside of the transaction: others need not wait for it.
        let (rows, stuck) = rows.await?;
        let mut open = Vec::with_capacity(rows.len());
        for (repository, (issue, late_since, state)) in rows {
            open.push(OpenTicket {
                repository,
                late_since: late_since.map(timestamp),
                has_given_up: stuck.contains(&issue),
                state: serde_json::from_str(&state)?,
            });
        }
        open.sort_by_key(|one| (one.state.turn_since, one.state.id));
        Ok(open)
    }

    /// A mark that changes whenever a decision was kept, by whichever process.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn newest_history(&self) -> Result<i64, StoreError> {
        self.run(|connection| {
            let sql = "SELECT coalesce(max(id), 0) FROM history";
            connection.prepare(sql).one(params![], |row| row.get(0))
        })
        .await
    }

    /// Whether what has this key was decided on.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn is_applied(&self, event_key: String) -> Result<bool, StoreError> {
        self.run(move |connection| {
            let sql = "SELECT 1 FROM events WHERE event_key = ?1";
            let found: Option<i64> =
                connection.prepare(sql).first([event_key], |row| row.get(0))?;
            Ok(found.is_some())
        })
        .await
    }

    /// What came for an issue and could not be handled, oldest first.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn set_aside_of(&self, issue: IssueId) -> Result<Vec<SetAside>, StoreError> {
        self.run(move |connection| {
            let statement = connection.prepare(
                "SELECT received_at, event, coalesce(problem, '') FROM deliveries
                 WHERE state = 'set_aside' AND subject = ?1 ORDER BY id",
            );
            statement.all(params![format!("issue:{issue}")], |row| {
                let at: i64 = row.get(0)?;
                Ok(SetAside {
                    received_at: timestamp(at),
                    event: row.get(1)?,
                    problem: row.get(2)?,
                })
            })
        })
        .await
    }
}

fn open_rows(
    connection: &Connection,
    repository: RepositoryId,
) -> Result<Vec<OpenRow>, StoreError> {
    let statement = connection.prepare(
        "SELECT issue, late_since, state FROM tickets WHERE repository = ?1 AND is_open = 1",
    );
    statement.all([sql_id(repository.0)], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
}

fn stuck_issues(connection: &Connection, repository: RepositoryId) -> Result<Vec<i64>, StoreError> {
    let statement = connection
        .prepare("SELECT DISTINCT issue FROM actions WHERE repository = ?1 AND state = 'given_up'");
    statement.all([sql_id(repository.0)], |row| row.get(0))
}
