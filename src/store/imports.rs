//! What an import keeps: the pages it has read, what it read and has not taken in yet, and the
//! tickets it makes of it.
//!
//! A page is noted in the commit that keeps what stands on it, and that is erased in the commit that
//! takes it in. So an import that was killed anywhere goes on where it was, and asks for no page
//! without its mark that it has read before.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::commit::{self, TicketChange};
use super::connection::{Connection, Row, params};
use super::tickets::{self, KnownTicket};
use super::{Desk, Store, StoreError, micros, sql_id, timestamp};
use crate::triage::{EventKey, IssueId, IssueNumber, RepositoryId, Ticket};

/// A page that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotedPage {
    /// Which it is: the name of a list for its first page, else the link that led to it.
    pub path: String,
    /// GitHub's mark of it; none where it must be read again in any case.
    pub etag: Option<String>,
    /// The link to the page after it.
    pub next: Option<String>,
    /// How far back the list goes that begins with it.
    pub since: Option<Timestamp>,
}

/// Something read and not taken in yet.
#[derive(Debug, Clone)]
pub struct WaitingText {
    /// The issue it belongs to.
    pub number: IssueNumber,
    /// What it is.
    pub kind: TextKind,
    /// GitHub's number of it.
    pub id: u64,
    /// GitHub's description of it, JSON.
    pub text: String,
}

/// What was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextKind {
    /// An issue.
    Issue,
    /// A comment.
    Comment,
}

impl TextKind {
    fn column(self) -> &'static str {
        match self {
            Self::Issue => "issue",
            Self::Comment => "comment",
        }
    }
}

/// An issue that waits to be taken in.
#[derive(Debug, Clone)]
pub struct WaitingIssue {
    /// Its number.
    pub number: IssueNumber,
    /// GitHub's description of it, JSON.
    pub issue: String,
    /// Those of its comments, oldest first.
    pub comments: Vec<String>,
}

/// A ticket as its past leaves it, in one commit.
#[derive(Debug, Clone)]
pub struct PastTicket {
    /// The ticket.
    pub ticket: Ticket,
    /// Where it belongs, and the version it was made from.
    pub change: TicketChange,
    /// When it must be looked at next.
    pub wake_at: Option<Timestamp>,
    /// The events that were applied.
    pub events: Vec<EventKey>,
    /// When they happened, which, and what they meant.
    pub reasons: Vec<(Timestamp, EventKey, String)>,
}

/// An issue that was taken in: nothing of it waits any more.
#[derive(Debug, Clone)]
pub struct TakenIn {
    /// The repository.
    pub repository: RepositoryId,
    /// The issue's number.
    pub number: IssueNumber,
    /// Pages that were read for it alone.
    pub pages: Vec<NotedPage>,
}

impl Store {
    /// The desk of the repository that is called so.
    ///
    /// # Errors
    /// Where the store does not answer or the row cannot be read.
    pub async fn find_desk_named(&self, full_name: String) -> Result<Option<Desk>, StoreError> {
        self.run(move |connection| {
            let state: Option<String> = connection
                .prepare("SELECT state FROM desks WHERE lower(full_name) = lower(?1)")
                .first([full_name], |row| row.get(0))?;
            Ok(state.map(|state| serde_json::from_str(&state)).transpose()?)
        })
        .await
    }

    /// A page that was read before.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn find_page(
        &self,
        repository: RepositoryId,
        path: String,
    ) -> Result<Option<NotedPage>, StoreError> {
        self.run(move |connection| {
            let statement = connection.prepare(
                "SELECT path, etag, next, since FROM imported_pages WHERE repository = ?1 AND path = ?2",
            );
            statement.first(params![sql_id(repository.0), path], noted_page)
        })
        .await
    }

    /// Notes a page together with what stands on it. Comments that were heard before are left out.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn note_page(
        &self,
        repository: RepositoryId,
        page: NotedPage,
        texts: Vec<WaitingText>,
    ) -> Result<(), StoreError> {
        self.run(move |connection| {
            save_page(connection, repository, &page)?;
            let insert = connection.prepare(
                "INSERT INTO imported_texts (repository, number, kind, id, page, text)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (repository, kind, number, id)
                 DO UPDATE SET page = excluded.page, text = excluded.text",
            );
            for WaitingText { number, kind, id, text } in &texts {
                let is_heard = *kind == TextKind::Comment && is_applied(connection, &heard(*id))?;
                if is_heard {
                    continue;
                }
                insert.send(params![
                    sql_id(repository.0),
                    sql_id(number.0),
                    kind.column(),
                    sql_id(*id),
                    page.path,
                    text
                ])?;
            }
            Ok(())
        })
        .await
    }

    /// How many issues wait to be taken in.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn count_waiting_issues(&self, repository: RepositoryId) -> Result<u64, StoreError> {
        self.run(move |connection| {
            let statement = connection.prepare(
                "SELECT count(*) FROM imported_texts WHERE repository = ?1 AND kind = 'issue'",
            );
            let count: i64 = statement.one([sql_id(repository.0)], |row| row.get(0))?;
            Ok(count.unsigned_abs())
        })
        .await
    }

    /// The oldest issue that waits to be taken in, with those of its comments that do.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn next_waiting_issue(
        &self,
        repository: RepositoryId,
    ) -> Result<Option<WaitingIssue>, StoreError> {
        self.run(move |connection| {
            let repository = sql_id(repository.0);
            let statement = connection.prepare(
                "SELECT number, text FROM imported_texts WHERE repository = ?1 AND kind = 'issue'
                 ORDER BY number LIMIT 1",
            );
            let row: Option<(i64, String)> =
                statement.first([repository], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let Some((number, issue)) = row else { return Ok(None) };
            let statement = connection.prepare(
                "SELECT text FROM imported_texts
                 WHERE repository = ?1 AND kind = 'comment' AND number = ?2 ORDER BY id",
            );
            let comments = statement.all([repository, number], |row| row.get(0))?;
            Ok(Some(WaitingIssue { number: IssueNumber(number.unsigned_abs()), issue, comments }))
        })
        .await
    }

    /// Those of the events that were applied.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn applied_events(
        &self,
        keys: Vec<EventKey>,
    ) -> Result<BTreeSet<EventKey>, StoreError> {
        self.run(move |connection| {
            let mut applied = BTreeSet::new();
            for key in keys {
                if is_applied(connection, &key)? {
                    applied.insert(key);
                }
            }
            Ok(applied)
        })
        .await
    }

    /// The ticket of this number.
    ///
    /// # Errors
    /// Where the store does not answer or the row cannot be read.
    pub async fn find_ticket_numbered(
        &self,
        repository: RepositoryId,
        number: IssueNumber,
    ) -> Result<Option<KnownTicket>, StoreError> {
        self.run(move |connection| {
            let statement = connection.prepare(
                "SELECT state, repository, version, account, opened_at, answered_at, closed_at
                 FROM tickets WHERE repository = ?1 AND number = ?2
                 ORDER BY is_open DESC LIMIT 1",
            );
            let place = [sql_id(repository.0), sql_id(number.0)];
            statement.first(place, tickets::known)
        })
        .await
    }

    /// Open tickets with steps that are told of rather than done.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn list_withheld(
        &self,
        repository: RepositoryId,
    ) -> Result<Vec<IssueId>, StoreError> {
        self.run(move |connection| {
            let withheld = withheld(connection, sql_id(repository.0))?;
            Ok(withheld.into_iter().map(|ticket| ticket.id).collect())
        })
        .await
    }

    /// Keeps what the past made of a ticket, if anything, and ends an issue's waiting with it.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if the ticket was changed since it was loaded.
    pub async fn keep_past(
        &self,
        past: Option<PastTicket>,
        taken_in: Option<TakenIn>,
    ) -> Result<(), StoreError> {
        self.run(move |connection| {
            if let Some(past) = &past {
                save_past(connection, past)?;
            }
            let Some(TakenIn { repository, number, pages }) = &taken_in else { return Ok(()) };
            for page in pages {
                save_page(connection, *repository, page)?;
            }
            let erase = connection
                .prepare("DELETE FROM imported_texts WHERE repository = ?1 AND number = ?2");
            erase.send([sql_id(repository.0), sql_id(number.0)])
        })
        .await
    }

    /// Ends an import: comments that no listed issue took up are erased. Where one belongs to a
    /// ticket it was written while the import ran, so that its page is read again next time.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn end_import(&self, repository: RepositoryId) -> Result<(), StoreError> {
        self.run(move |connection| {
            let repository = [sql_id(repository.0)];
            connection
                .prepare(
                    "UPDATE imported_pages SET etag = NULL
                     WHERE repository = ?1 AND path IN (
                         SELECT x.page FROM imported_texts x
                         JOIN tickets t ON t.repository = x.repository AND t.number = x.number
                         WHERE x.repository = ?1 AND x.kind = 'comment')",
                )
                .send(repository)?;
            connection
                .prepare("DELETE FROM imported_texts WHERE repository = ?1")
                .send(repository)?;
            Ok(())
        })
        .await
    }
}

/// Open tickets of a desk with steps that are told of rather than done, those that wait longest
/// first.
pub(super) fn withheld(
    connection: &Connection,
    repository: i64,
) -> Result<Vec<Ticket>, StoreError> {
    let statement = connection.prepare(
        "SELECT state FROM tickets WHERE repository = ?1 AND is_open = 1 ORDER BY turn_since, issue",
    );
    let mut tickets: Vec<Ticket> =
        statement.all([repository], |row| Ok(serde_json::from_str(&row.get::<String>(0)?)?))?;
    tickets.retain(|ticket| !ticket.withheld.is_empty());
    Ok(tickets)
}

/// The key of the event that a comment was written, whoever told of it.
fn heard(comment: u64) -> EventKey {
    EventKey(format!("comment:{comment}:created"))
}

fn is_applied(connection: &Connection, key: &EventKey) -> Result<bool, StoreError> {
    let statement = connection.prepare("SELECT 1 FROM events WHERE event_key = ?1");
    statement.exists([key.0.as_str()])
}

fn noted_page(row: &Row<'_>) -> Result<NotedPage, StoreError> {
    let since: Option<i64> = row.get(3)?;
    Ok(NotedPage {
        path: row.get(0)?,
        etag: row.get(1)?,
        next: row.get(2)?,
        since: since.map(timestamp),
    })
}

fn save_page(
    connection: &Connection,
    repository: RepositoryId,
    page: &NotedPage,
) -> Result<(), StoreError> {
    let statement = connection.prepare(
        "INSERT INTO imported_pages (repository, path, etag, next, since) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (repository, path)
         DO UPDATE SET etag = excluded.etag, next = excluded.next, since = excluded.since",
    );
    let NotedPage { path, etag, next, since } = page;
    statement.send(params![sql_id(repository.0), path, etag, next, since.map(micros)])
}

fn save_past(connection: &Connection, past: &PastTicket) -> Result<(), StoreError> {
    let PastTicket { ticket, change, wake_at, events, reasons } = past;
    commit::save_ticket(connection, (ticket, change), *wake_at)?;
    let issue = sql_id(ticket.id.0);
    let apply = connection
        .prepare("INSERT INTO events (event_key, issue) VALUES (?1, ?2) ON CONFLICT DO NOTHING");
    for key in events {
        apply.send(params![key.0, issue])?;
    }
    let tell = connection
        .prepare("INSERT INTO history (issue, at, event_key, reason) VALUES (?1, ?2, ?3, ?4)");
    for (at, key, reason) in reasons {
        tell.send(params![issue, micros(*at), key.0, reason])?;
    }
    Ok(())
}
