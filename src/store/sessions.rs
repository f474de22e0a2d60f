//! Who is signed in to the staff pages.

use jiff::{SignedDuration, Timestamp};

use super::connection::params;
use super::{Store, StoreError, micros, sql_id, timestamp};
use crate::triage::{Login, UserId};

/// Nobody stays signed in for longer.
const LIFE: SignedDuration = SignedDuration::from_hours(12);

/// Nobody stays signed in who does not look at the pages for so long.
const IDLE: SignedDuration = SignedDuration::from_hours(1);

/// A session is not written anew for each page.
const SEEN_STEP: SignedDuration = SignedDuration::from_secs(60);

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the cookie's secret, hex.
    pub id: String,
    /// Their number on GitHub; none for the operator of this machine.
    pub person: Option<UserId>,
    /// Their name on GitHub when they signed in.
    pub login: Login,
}

impl Store {
    /// Keeps a session, and forgets those that are over.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn put_session(&self, session: Session, now: Timestamp) -> Result<(), StoreError> {
        self.run(move |connection| {
            connection
                .prepare("DELETE FROM sessions WHERE created_at <= ?1 OR seen_at <= ?2")
                .execute(params![before(now, LIFE), before(now, IDLE)])?;
            let Session { id, person, login } = session;
            let person = person.map_or(0, |person| sql_id(person.0));
            connection
                .prepare(
                    "INSERT INTO sessions (id, person, login, created_at, seen_at)
                     VALUES (?1, ?2, ?3, ?4, ?4)",
                )
                .execute(params![id, person, login.0, micros(now)])?;
            Ok(())
        })
        .await
    }

    /// The session of this id, unless it is over; it was seen now.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn find_session(
        &self,
        id: String,
        now: Timestamp,
    ) -> Result<Option<Session>, StoreError> {
        self.run(move |connection| {
            let found: Option<(i64, String, i64)> = connection
                .prepare(
                    "SELECT person, login, seen_at FROM sessions
                     WHERE id = ?1 AND created_at > ?2 AND seen_at > ?3",
                )
                .first(params![id, before(now, LIFE), before(now, IDLE)], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                })?;
            let Some((person, login, seen_at)) = found else { return Ok(None) };
            if now.duration_since(timestamp(seen_at)) >= SEEN_STEP {
                connection
                    .prepare("UPDATE sessions SET seen_at = ?2 WHERE id = ?1")
                    .execute(params![id, micros(now)])?;
            }
            let person = (person != 0).then(|| UserId(person.unsigned_abs()));
            Ok(Some(Session { id, person, login: Login(login) }))
        })
        .await
    }

    /// Ends one session.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn end_session(&self, id: String) -> Result<(), StoreError> {
        self.run(move |connection| {
            connection.prepare("DELETE FROM sessions WHERE id = ?1").execute([id])?;
            Ok(())
        })
        .await
    }

    /// Ends every session of whom this one is.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn end_sessions_like(&self, session: Session) -> Result<(), StoreError> {
        self.run(move |connection| {
            let person = session.person.map_or(0, |person| sql_id(person.0));
            let sql = "DELETE FROM sessions WHERE person = ?1";
            connection.prepare(sql).execute([person])?;
            Ok(())
        })
        .await
    }
}

fn before(now: Timestamp, span: SignedDuration) -> i64 {
    micros(now.saturating_sub(span).unwrap_or(Timestamp::MIN))
}
