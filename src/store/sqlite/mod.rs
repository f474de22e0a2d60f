//! SQLite: one file, one writer. In `serve` a thread owns it and commits whatever waits together
//! ([`writer`]); elsewhere it is run in the caller's task.

mod error;
mod examine;
mod moving;
mod place;
mod sql;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::Connection;

pub(super) use self::examine::examine;
pub(super) use self::moving::{FileHold, tables_in};
use self::place::Place;
pub(super) use self::sql::SqliteConnection;
pub(super) use self::writer::Writer;
use super::connection::Work;
use super::{StoreError, Trouble, connection};

const MIGRATIONS: &[(&str, &str)] = &[
    ("0001_desk", include_str!("../../../migrations/sqlite/0001_desk.sql")),
    ("0002_conversation", include_str!("../../../migrations/sqlite/0002_conversation.sql")),
    ("0003_time", include_str!("../../../migrations/sqlite/0003_time.sql")),
    ("0004_waits", include_str!("../../../migrations/sqlite/0004_waits.sql")),
    ("0005_import", include_str!("../../../migrations/sqlite/0005_import.sql")),
    ("0006_limits", include_str!("../../../migrations/sqlite/0006_limits.sql")),
    ("0007_sweep", include_str!("../../../migrations/sqlite/0007_sweep.sql")),
    ("0008_machines", include_str!("../../../migrations/sqlite/0008_machines.sql")),
    ("0009_pages", include_str!("../../../migrations/sqlite/0009_pages.sql")),
    ("0010_tokens", include_str!("../../../migrations/sqlite/0010_tokens.sql")),
    ("0011_texts", include_str!("../../../migrations/sqlite/0011_texts.sql")),
    ("0012_weeks", include_str!("../../../migrations/sqlite/0012_weeks.sql")),
    ("0013_kept_texts", include_str!("../../../migrations/sqlite/0013_kept_texts.sql")),
];

/// How long another writer is waited for. GitHub waits 10 s for an answer, and a webhook may have to
/// see out the wait of the batch before its own.
const BUSY_TIMEOUT: Duration = Duration::from_secs(4);

/// Whether a transaction may come to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Intent {
    /// It only looks.
    Read,
    /// Who reads first and writes later in one transaction is refused if another wrote between, so
    /// the right to write is taken at the beginning.
    Write,
}

/// A database run in the caller's task.
pub(super) struct Inline {
    session: Mutex<SqliteConnection>,
    intent: Intent,
}

impl Inline {
    /// Opens a file beside the process that serves from it.
    pub(super) fn open(path: &Path, intent: Intent) -> Result<Self, StoreError> {
        Ok(Self { session: Mutex::new(SqliteConnection(connect(path)?)), intent })
    }

    /// A database in memory.
    pub(super) fn in_memory() -> Result<Self, StoreError> {
        Self::migrated(Connection::open_in_memory()?)
    }

    /// A database in memory that others of this process may open too.
    pub(super) fn in_memory_named(name: &str) -> Result<Self, StoreError> {
        Self::migrated(Connection::open(format!("file:{name}?mode=memory&cache=shared"))?)
    }

    fn migrated(connection: Connection) -> Result<Self, StoreError> {
        migrate(&connection)?;
        Ok(Self { session: Mutex::new(SqliteConnection(connection)), intent: Intent::Write })
    }

    /// Runs `work` as one transaction.
    pub(super) fn run(&self, work: Work) -> Result<(), StoreError> {
        let session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let begin = match self.intent {
            Intent::Read => "BEGIN",
            Intent::Write => "BEGIN IMMEDIATE",
        };
        session.0.execute_batch(begin)?;
        // Also if the work panics.
        let transaction = Open(&session.0);
        work(&*session)?;
        Ok(transaction.0.execute_batch("COMMIT")?)
    }
}

/// A transaction that is rolled back unless it was committed.
struct Open<'a>(&'a Connection);

impl Drop for Open<'_> {
    fn drop(&mut self) {
        if !self.0.is_autocommit() {
            // Nothing more can be done than to try; the next BEGIN tells if this failed.
            let _ = self.0.execute_batch("ROLLBACK");
        }
    }
}

/// Opens the file, creating and migrating it, and starts the thread that writes it. Only one
/// process may serve from a file: a lock beside it says so.
pub(super) fn open(path: &Path) -> Result<Writer, StoreError> {
    let lock = lock_file(path)?;
    place::look_before_opening(path)?;
    let session = SqliteConnection(connect(path)?);
    release_leases(&session).map_err(|error| error.at(path))?;
    let place = Place::of(path)?;
    Ok(Writer::start(session, (place, lock)))
}

/// Held for as long as the process lives; the system releases it whatever way it ends.
fn lock_file(path: &Path) -> Result<std::fs::File, StoreError> {
    let mut lock_path = PathBuf::from(path).into_os_string();
    lock_path.push(".lock");
    let shown = PathBuf::from(&lock_path);
    let unavailable = |why: String| StoreError::Unavailable(format!("{}: {why}", shown.display()));
    let file = std::fs::OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&lock_path)
        .map_err(|error| unavailable(error.to_string()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => {
            Err(Trouble::Busy.at(&shown, "another keydesk serves from this database already"))
        }
        Err(std::fs::TryLockError::Error(error)) => Err(unavailable(error.to_string())),
    }
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    let named = |error: rusqlite::Error| StoreError::from(error).at(path);
    let connection = Connection::open(path).map_err(named)?;
    connection.busy_timeout(BUSY_TIMEOUT).map_err(named)?;
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
             PRAGMA secure_delete = ON; PRAGMA journal_size_limit = 16777216;",
        )
        .map_err(named)?;
    connection.set_prepared_statement_cache_capacity(64);
    migrate(&connection).map_err(|error| error.at(path))?;
    Ok(connection)
}

/// Brings the tables up to date, each step in a transaction of its own.
fn migrate(connection: &Connection) -> Result<(), StoreError> {
    let applied: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let applied = usize::try_from(applied).unwrap_or(usize::MAX);
    if applied > MIGRATIONS.len() {
        let why = "the database was written by a newer keydesk; start that one".to_owned();
        return Err(StoreError::Unavailable(why));
    }
    for (index, (name, sql)) in MIGRATIONS.iter().enumerate().skip(applied) {
        let batch = format!("BEGIN IMMEDIATE; {sql}; PRAGMA user_version = {}; COMMIT;", index + 1);
        connection.execute_batch(&batch).map_err(|failed| StoreError::Troubled {
            trouble: error::trouble_of(&failed),
            what: format!("migration {name} failed: {failed}"),
        })?;
    }
    Ok(())
}

/// Changes nothing, but has to be written.
fn rewrite_version(connection: &connection::Connection) -> Result<(), StoreError> {
    let version: i64 =
        connection.prepare("PRAGMA user_version").one(connection::params![], |row| row.get(0))?;
    connection.prepare(&format!("PRAGMA user_version = {version}")).send(connection::params![])
}

/// A process that died held leases nobody will return. This process is the only one, so it may
/// take them back; when an attempt may be repeated is said by `due_at` and stays.
pub(super) fn release_leases(connection: &connection::Connection) -> Result<(), StoreError> {
    for table in ["deliveries", "actions"] {
        let sql = format!(
            "UPDATE {table} SET leased_until = 0 WHERE state = 'waiting' AND leased_until > 0"
        );
        connection.prepare(&sql).execute(connection::params![])?;
    }
    Ok(())
}
