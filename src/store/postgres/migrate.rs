//! Brings the tables up to date, once, however many processes start together.

use deadpool_postgres::{Object, Transaction};
use tokio_postgres::Client;

use crate::store::{StoreError, Trouble};

/// PostgreSQL 15.
const VERSION_MIN: i32 = 150_000;

/// No other program holds this lock.
const LOCK: i64 = 0x4b44 << 48;

/// Machines that stay at work may hold a table that a step wants while they want one it holds; then
/// the server stops one of the two, and a step is tried so often.
const ATTEMPTS: u32 = 10;

/// A step. Its number is that of the step of the same name for SQLite.
struct Migration {
    number: i32,
    name: &'static str,
    sql: &'static str,
    /// The newest step that a process has to know to go on working beside it: while machines are
    /// renewed one by one, the older ones stay at work.
    beside: i32,
}

/// The step of this number and file that those who know `beside` may stand beside.
macro_rules! step {
    ($number:literal, $name:literal, beside $beside:literal) => {
        Migration {
            number: $number,
            name: $name,
            sql: include_str!(concat!("../../../migrations/postgres/", $name, ".sql")),
            beside: $beside,
        }
    };
}

const MIGRATIONS: &[Migration] = &[
    step!(8, "0008_machines", beside 8),
    step!(9, "0009_pages", beside 8),
    step!(10, "0010_tokens", beside 8),
    step!(11, "0011_texts", beside 11),
    step!(12, "0012_weeks", beside 12),
    step!(13, "0013_kept_texts", beside 13),
];

/// Refuses a server that lacks what we use.
pub(super) async fn check_version(client: &Client) -> Result<(), StoreError> {
    let row = client
        .query_one("SELECT CAST(current_setting('server_version_num') AS INTEGER)", &[])
        .await?;
    check_version_number(row.try_get(0)?)
}

/// `number` as PostgreSQL tells it: 150004 is 15.4.
fn check_version_number(number: i32) -> Result<(), StoreError> {
    if number >= VERSION_MIN {
        return Ok(());
    }
    let what = format!("this is PostgreSQL {}", number / 10_000);
    Err(StoreError::Troubled { trouble: Trouble::TooOld, what })
}

/// Takes the steps that were not taken yet, each in a transaction of its own.
pub(super) async fn migrate(client: &mut Object) -> Result<(), StoreError> {
    let transaction = locked(client).await?;
    transaction
        .batch_execute(
            "CREATE TABLE IF NOT EXISTS migrations (
                 number INTEGER PRIMARY KEY,
                 name   TEXT    NOT NULL,
                 beside INTEGER NOT NULL
             )",
        )
        .await?;
    transaction.commit().await?;
    for migration in MIGRATIONS {
        let mut taken = take(client, migration).await;
        for _ in 1..ATTEMPTS {
            if !matches!(taken, Err(StoreError::Conflict)) {
                break;
            }
            taken = take(client, migration).await;
        }
        taken?;
    }
    check_known(client).await
}

/// Takes one step, unless it was taken.
async fn take(client: &mut Object, migration: &Migration) -> Result<(), StoreError> {
    let transaction = locked(client).await?;
    let is_taken = transaction
        .query_opt("SELECT 1 FROM migrations WHERE number = $1", &[&migration.number])
        .await?
        .is_some();
    if is_taken {
        return Ok(());
    }
    transaction.batch_execute(migration.sql).await.map_err(|error| named(migration, error))?;
    let Migration { number, name, beside, .. } = migration;
    transaction
        .execute(
            "INSERT INTO migrations (number, name, beside) VALUES ($1, $2, $3)",
            &[number, name, beside],
        )
        .await?;
    Ok(transaction.commit().await?)
}

/// A transaction that no other process that migrates has at the same time.
async fn locked(client: &mut Object) -> Result<Transaction<'_>, StoreError> {
    let transaction = client.transaction().await?;
    transaction.execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK]).await?;
    Ok(transaction)
}

fn named(migration: &Migration, error: tokio_postgres::Error) -> StoreError {
    match StoreError::from(error) {
        StoreError::Troubled { trouble, what } => StoreError::Troubled {
            trouble,
            what: format!("migration {} failed: {what}", migration.name),
        },
        other => other,
    }
}

/// The newest step this version knows.
pub(super) fn newest() -> i32 {
    MIGRATIONS.iter().map(|migration| migration.number).max().unwrap_or_default()
}

/// A newer version may have taken steps that this one does not know.
async fn check_known(client: &Client) -> Result<(), StoreError> {
    let row = client.query_one("SELECT coalesce(max(beside), 0) FROM migrations", &[]).await?;
    let needed: i32 = row.try_get(0)?;
    if needed <= newest() {
        return Ok(());
    }
    let why = "the database was written by a newer keydesk; start that one".to_owned();
    Err(StoreError::Unavailable(why))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_before_15_is_refused_with_the_cure() {
        assert!(check_version_number(150_000).is_ok());
        assert!(check_version_number(180_001).is_ok());
        let refused = check_version_number(140_019).expect_err("too old");
        let StoreError::Troubled { trouble, what } = refused else { panic!("{refused}") };
        assert_eq!(what, "this is PostgreSQL 14");
        assert!(trouble.cure().contains("15"), "{}", trouble.cure());
    }
}
