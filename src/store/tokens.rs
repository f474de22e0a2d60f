//! The tokens by which scripts come in. A token itself is not kept, only its SHA-256.

use jiff::{SignedDuration, Timestamp};

use super::connection::params;
use super::{Session, Store, StoreError, micros, sql_id, timestamp};
use crate::triage::{Login, UserId};

/// A token is not written anew for each request.
const USED_STEP: SignedDuration = SignedDuration::from_secs(60);

/// More than anybody's scripts need.
const TOKENS_MAX: i64 = 20;

/// A token as its maker sees it later.
#[derive(Debug, Clone)]
pub struct KeptToken {
    /// SHA-256 of the token, hex.
    pub id: String,
    /// What its maker calls it.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used; to the minute.
    pub used_at: Option<Timestamp>,
}

impl Store {
    /// Keeps a token of whom `maker` is; `maker.id` is the SHA-256 of the token. False if they have
    /// too many.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn put_token(
        &self,
        (maker, name): (Session, String),
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.run(move |connection| {
            let person = person_column(maker.person);
            let count: i64 = connection
                .prepare("SELECT count(*) FROM tokens WHERE person = ?1")
                .one([person], |row| row.get(0))?;
            if count >= TOKENS_MAX {
                return Ok(false);
            }
            connection
                .prepare(
                    "INSERT INTO tokens (id, person, login, name, created_at)
                     VALUES (?1, ?2, ?3, ?4, ?5)",
                )
                .execute(params![maker.id, person, maker.login.0, name, micros(now)])?;
            Ok(true)
        })
        .await
    }

    /// The tokens somebody made, newest first.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn list_tokens(&self, person: Option<UserId>) -> Result<Vec<KeptToken>, StoreError> {
        self.run(move |connection| {
            let statement = connection.prepare(
                "SELECT id, name, created_at, used_at FROM tokens
                 WHERE person = ?1 ORDER BY created_at DESC, id",
            );
            statement.all([person_column(person)], |row| {
                let used_at: Option<i64> = row.get(3)?;
                Ok(KeptToken {
                    id: row.get(0)?,
                    name: row.get(1)?,
                    created_at: timestamp(row.get(2)?),
                    used_at: used_at.map(timestamp),
                })
            })
        })
        .await
    }

    /// Whose token this is, as somebody who is signed in; it was used now.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn find_token(
        &self,
        id: String,
        now: Timestamp,
    ) -> Result<Option<Session>, StoreError> {
        self.run(move |connection| {
            let found: Option<(i64, String, Option<i64>)> = connection
                .prepare("SELECT person, login, used_at FROM tokens WHERE id = ?1")
                .first([id.as_str()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            let Some((person, login, used_at)) = found else { return Ok(None) };
            let is_stale = |at: i64| now.duration_since(timestamp(at)) >= USED_STEP;
            if used_at.is_none_or(is_stale) {
                connection
                    .prepare("UPDATE tokens SET used_at = ?2 WHERE id = ?1")
                    .execute(params![id, micros(now)])?;
            }
            let person = (person != 0).then(|| UserId(person.unsigned_abs()));
            Ok(Some(Session { id, person, login: Login(login) }))
        })
        .await
    }

    /// Ends a token somebody made. False if they made none of this id.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn end_token(&self, id: String, person: Option<UserId>) -> Result<bool, StoreError> {
        self.run(move |connection| {
            let statement = connection.prepare("DELETE FROM tokens WHERE id = ?1 AND person = ?2");
            Ok(statement.execute(params![id, person_column(person)])? == 1)
        })
        .await
    }
}

/// 0 is the operator of this machine.
fn person_column(person: Option<UserId>) -> i64 {
    person.map_or(0, |person| sql_id(person.0))
}
