//! Keeps a database to oneself while it is moved: a lock that whoever wants to work with it looks
//! for, and a look at who works with it already.

use std::time::Duration;

use deadpool_postgres::{ClientWrapper, Object};
use tokio::time::Instant;
use tokio_postgres::Client;

use super::{Postgres, ServerAddress};
use crate::store::moving::{TABLES, Tables};
use crate::store::{StoreError, Trouble};

/// What those connections are called that move a database.
const NAME: &str = "keydesk migrate";

/// Held while a database is moved.
const LOCK: i64 = 0x4b44 << 48 | 7 << 40;

/// Of whoever has just ended the server may know a moment longer.
const PATIENCE: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(100);

/// A connection that has the lock for as long as it is open.
pub(in crate::store) struct ServerHold(ClientWrapper);

impl Postgres {
    /// Connects to move what is there, and changes nothing yet.
    pub(in crate::store) fn to_move(address: &ServerAddress) -> Result<Self, StoreError> {
        let mut address = address.clone();
        address.0.application_name(NAME);
        Self::connect(&address)
    }

    /// Takes it for oneself; none if somebody else works with it.
    pub(in crate::store) async fn hold(&self) -> Result<Option<ServerHold>, StoreError> {
        let hold = ServerHold(Object::take(self.client().await?));
        let patience = Patience(Instant::now());
        while !hold.has_all().await? {
            if !patience.lasts().await {
                return Ok(None);
            }
        }
        Ok(Some(hold))
    }
}

/// Refuses a database that is being moved.
pub(super) async fn check_not_held(client: &Client) -> Result<(), StoreError> {
    let sql = "SELECT CASE WHEN pg_try_advisory_lock_shared($1)
                           THEN pg_advisory_unlock_shared($1) ELSE false END";
    let patience = Patience(Instant::now());
    while !client.query_one(sql, &[&LOCK]).await?.try_get::<_, bool>(0)? {
        if !patience.lasts().await {
            let what = "PostgreSQL: `keydesk migrate` works with this database".to_owned();
            return Err(StoreError::Troubled { trouble: Trouble::Busy, what });
        }
    }
    Ok(())
}

/// Since when somebody waits.
struct Patience(Instant);

impl Patience {
    /// Waits a little; false where that was long enough.
    async fn lasts(&self) -> bool {
        let is_left = self.0.elapsed() < PATIENCE;
        if is_left {
            tokio::time::sleep(PAUSE).await;
        }
        is_left
    }
}

impl ServerHold {
    /// Takes the lock, and again if it has it, and says whether nobody else is there.
    async fn has_all(&self) -> Result<bool, StoreError> {
        let row = self.0.query_one("SELECT pg_try_advisory_lock($1)", &[&LOCK]).await?;
        Ok(row.try_get(0)? && self.is_alone().await? && !self.is_followed().await?)
    }

    /// Whether no other process of ours works with the database, and the lock is still held.
    pub(in crate::store) async fn is_alone(&self) -> Result<bool, StoreError> {
        let others = self
            .0
            .query_one(
                "SELECT count(*) FROM pg_stat_activity
                 WHERE datname = current_database() AND application_name = $1",
                &[&super::NAME],
            )
            .await?;
        Ok(others.try_get::<_, i64>(0)? == 0)
    }

    /// Whether an attempt that was stopped still has something under way.
    async fn is_followed(&self) -> Result<bool, StoreError> {
        let others = self
            .0
            .query_one(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
                     AND application_name = $1 AND pid <> pg_backend_pid()",
                &[&NAME],
            )
            .await?;
        Ok(others.try_get::<_, i64>(0)? != 0)
    }

    /// Whose tables stand there.
    pub(in crate::store) async fn tables(&self) -> Result<Tables, StoreError> {
        let names: Vec<&str> = TABLES.iter().map(|table| table.name).collect();
        let row = self
            .0
            .query_one(
                "SELECT (SELECT count(*) FROM pg_attribute
                         WHERE attrelid = to_regclass('migrations')
                           AND attname IN ('number', 'name', 'beside')),
                        (SELECT count(*) FROM unnest(CAST($1 AS TEXT[])) AS name
                         WHERE to_regclass(name) IS NOT NULL),
                        to_regclass('migrations') IS NOT NULL",
                &[&names],
            )
            .await?;
        let (columns, tables): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
        let has_migrations: bool = row.try_get(2)?;
        Ok(match (columns, tables, has_migrations) {
            (3, 1.., _) => Tables::Ours,
            (3, _, _) | (_, 0, false) => Tables::Nobodys,
            _ => Tables::Others,
        })
    }

    /// The next id of a table comes after all that are there.
    pub(in crate::store) async fn count_ids_on(
        &self,
        table: &'static str,
    ) -> Result<(), StoreError> {
        let sql = format!(
            "SELECT setval(pg_get_serial_sequence('{table}', 'id'), coalesce(max(id), 1), max(id) IS NOT NULL)
             FROM {table}"
        );
        self.0.query_one(&sql, &[]).await?;
        Ok(())
    }
}
