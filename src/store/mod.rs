//! What must survive: deliveries, tickets, desks, history and the actions still to be done.
//!
//! Every change is one transaction, and nothing is acknowledged before it is on the disk. In
//! `serve` one thread owns the database and commits whatever waits together ([`writer`]); tests
//! and simulations run it in the caller's task, in memory.

mod actions;
mod alarms;
mod budget;
mod commit;
mod deliveries;
mod desks;
mod digests;
mod imports;
mod kinship;
mod moments;
mod place;
mod report;
mod status;
mod sweeps;
mod tickets;
mod trouble;
mod waiting;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, TransactionBehavior};

pub use actions::{Attempt, ClaimedAction, LABELS_REFUSED, NO_ISSUE};
pub use alarms::WAKE;
pub use budget::{Cost, Limits, Scope, Wait, Wish};
pub use commit::{Commit, Committed, TicketChange};
pub use deliveries::{ClaimedDelivery, NewDelivery, Urgency};
pub use desks::Desk;
pub use digests::{DIGEST, DigestCommit, DigestFacts, GivenUp, KeptDigest, LongWait};
pub use imports::{NotedPage, PastTicket, TakenIn, TextKind, WaitingIssue, WaitingText};
pub use moments::MomentCount;
use place::Place;
pub use report::{ActionRow, Depths, HistoryRow, TicketReport, TurnDepth};
pub use status::{PublicTicket, Standing};
pub use sweeps::{DeliveryRow, Retried};
pub use tickets::{KnownTicket, RULES_CHANGED};
pub use trouble::Trouble;
pub use waiting::{Measure, Month, WaitSummary};
use writer::Writer;

const MIGRATIONS: &[(&str, &str)] = &[
    ("0001_desk", include_str!("../../migrations/sqlite/0001_desk.sql")),
    ("0002_conversation", include_str!("../../migrations/sqlite/0002_conversation.sql")),
    ("0003_time", include_str!("../../migrations/sqlite/0003_time.sql")),
    ("0004_waits", include_str!("../../migrations/sqlite/0004_waits.sql")),
    ("0005_import", include_str!("../../migrations/sqlite/0005_import.sql")),
    ("0006_limits", include_str!("../../migrations/sqlite/0006_limits.sql")),
    ("0007_sweep", include_str!("../../migrations/sqlite/0007_sweep.sql")),
];

/// How long another writer is waited for. GitHub waits 10 s for an answer, and a webhook may have to
/// see out the wait of the batch before its own.
const BUSY_TIMEOUT: Duration = Duration::from_secs(4);

/// Why the store did not do it. Nothing of the transaction was kept.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The store does not answer.
    #[error("the store does not answer: {0}")]
    Unavailable(String),
    /// The database file is full, locked, damaged or gone.
    #[error("the store does not answer: {what}; {}", trouble.cure())]
    Troubled {
        /// Why, as far as the cures differ.
        trouble: Trouble,
        /// What happened, and to which file.
        what: String,
    },
    /// Somebody else changed the ticket since it was loaded, or claimed the action.
    #[error("somebody else changed it meanwhile")]
    Conflict,
    /// A row holds what this version cannot read.
    #[error("the store holds something unreadable: {0}")]
    Unreadable(String),
}

impl StoreError {
    /// The same with the file it is about.
    fn at(self, path: &Path) -> Self {
        match self {
            Self::Unavailable(what) => Self::Unavailable(format!("{}: {what}", path.display())),
            Self::Troubled { trouble, what } => trouble.at(path, &what),
            Self::Conflict | Self::Unreadable(_) => self,
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Troubled { trouble: Trouble::of(&error), what: error.to_string() }
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}

/// The desk's memory. Cloning shares it.
#[derive(Clone)]
pub struct Store {
    engine: Engine,
}

#[derive(Clone)]
enum Engine {
    Writer(Writer),
    Inline(Arc<Mutex<Connection>>),
}

impl Store {
    /// Opens the file, creating and migrating it, and starts the thread that writes it. Only one
    /// process may serve from a file: a lock beside it says so.
    ///
    /// # Errors
    /// Where the file cannot be opened, locked or migrated, with what to do about it.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let lock = lock_file(path)?;
        place::look_before_opening(path)?;
        let connection = connect(path)?;
        release_leases(&connection).map_err(|error| error.at(path))?;
        let place = Place::of(path)?;
        Ok(Self { engine: Engine::Writer(Writer::start(connection, (place, lock))) })
    }

    /// Opens an existing file to look into it, beside a process that serves from it.
    ///
    /// # Errors
    /// Where the file is not there or cannot be read.
    pub fn open_to_read(path: &Path) -> Result<Self, StoreError> {
        if !path.exists() {
            let why = format!("there is no database at {}", path.display());
            return Err(StoreError::Unavailable(why));
        }
        Ok(Self { engine: Engine::Inline(Arc::new(Mutex::new(connect(path)?))) })
    }

    /// Opens the file to work on it beside a process that serves from it, or alone, creating and
    /// migrating it. What that process has in hand stays in its hands.
    ///
    /// # Errors
    /// Where the file cannot be opened or migrated, or was written by a newer version.
    pub fn open_beside(path: &Path) -> Result<Self, StoreError> {
        let mut connection = connect(path)?;
        // Who reads first and writes later in one transaction is refused if another wrote between.
        connection.set_transaction_behavior(TransactionBehavior::Immediate);
        Ok(Self { engine: Engine::Inline(Arc::new(Mutex::new(connection))) })
    }

    /// A store in memory, run in the caller's task.
    ///
    /// # Errors
    /// Where SQLite itself fails.
    pub fn in_memory() -> Result<Self, StoreError> {
        let connection = Connection::open_in_memory()?;
        migrate(&connection)?;
        Ok(Self { engine: Engine::Inline(Arc::new(Mutex::new(connection))) })
    }

    /// The same under a name: whoever opens `file:NAME?mode=memory&cache=shared` in this process
    /// sees it, until all have closed it.
    ///
    /// # Errors
    /// Where SQLite itself fails.
    pub fn in_memory_named(name: &str) -> Result<Self, StoreError> {
        let connection = Connection::open(format!("file:{name}?mode=memory&cache=shared"))?;
        migrate(&connection)?;
        Ok(Self { engine: Engine::Inline(Arc::new(Mutex::new(connection))) })
    }

    /// Runs `work` as one transaction; returns after it is durable.
    pub(crate) async fn run<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        match &self.engine {
            Engine::Writer(writer) => writer.run(work).await,
            Engine::Inline(connection) => {
                // A place to stop between any two steps, for tests that crash there.
                tokio::task::yield_now().await;
                let result = run_inline(connection, work);
                tokio::task::yield_now().await;
                result
            }
        }
    }

    /// Takes back what a process that died had in hand, as [`open`](Self::open) does.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn release_leases(&self) -> Result<(), StoreError> {
        self.run(release_leases).await
    }

    /// Leaves nothing behind in the write-ahead log, where what was erased can still be read.
    pub async fn tidy(&self) {
        match &self.engine {
            Engine::Writer(writer) => writer.tidy().await,
            Engine::Inline(_) => {}
        }
    }

    /// Whether the store answers and, where the last change could not be kept, whether it can be
    /// changed again.
    ///
    /// # Errors
    /// Where it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        if let Engine::Writer(writer) = &self.engine
            && writer.has_failed()
        {
            self.run(rewrite_version).await?;
            writer.forget_failure();
        }
        self.run(|connection| {
            connection
                .prepare_cached("SELECT max(id) FROM deliveries")?
                .query_row([], |_| Ok(()))?;
            Ok(())
        })
        .await
    }
}

fn run_inline<T>(
    connection: &Mutex<Connection>,
    work: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
    let transaction = connection.transaction()?;
    let value = work(&transaction)?;
    transaction.commit()?;
    Ok(value)
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
        connection.execute_batch(&batch).map_err(|error| StoreError::Troubled {
            trouble: Trouble::of(&error),
            what: format!("migration {name} failed: {error}"),
        })?;
    }
    Ok(())
}

/// Changes nothing, but has to be written.
fn rewrite_version(connection: &Connection) -> Result<(), StoreError> {
    let version: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    Ok(connection.pragma_update(None, "user_version", version)?)
}

/// A process that died held leases nobody will return. This process is the only one, so it may
/// take them back; when an attempt may be repeated is said by `due_at` and stays.
fn release_leases(connection: &Connection) -> Result<(), StoreError> {
    connection.execute_batch(
        "UPDATE deliveries SET leased_until = 0 WHERE state = 'waiting' AND leased_until > 0;
         UPDATE actions SET leased_until = 0 WHERE state = 'waiting' AND leased_until > 0;",
    )?;
    Ok(())
}

/// A timestamp as the tables hold it.
fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

/// A timestamp from the tables.
fn timestamp(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// GitHub's ids fit: they are below 2^63.
fn sql_id(id: u64) -> i64 {
    i64::try_from(id).unwrap_or(i64::MAX)
}

/// A span in microseconds.
fn span_micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}
