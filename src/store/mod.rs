//! What must survive: deliveries, tickets, desks, history and the actions still to be done.
//!
//! Every change is one transaction, and nothing is acknowledged before it is on the disk. In
//! `serve` one thread owns the database and commits whatever waits together ([`writer`]); tests
//! and simulations run it in the caller's task, in memory.

mod actions;
mod alarms;
mod budget;
mod charts;
mod commit;
mod connection;
mod deliveries;
mod desks;
mod digests;
mod duties;
mod erasure;
mod examine;
mod imports;
mod kinship;
mod moments;
mod moving;
mod operations;
mod postgres;
mod queue;
mod report;
mod retention;
mod sessions;
mod sqlite;
mod status;
mod sweeps;
mod tickets;
mod tokens;
mod trouble;
mod waiting;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::oneshot;

use crate::clock::{self, Clock};

pub use actions::{Attempt, ClaimedAction, LABELS_REFUSED, NO_ISSUE, Outcome};
pub use alarms::WAKE;
pub use budget::{Cost, Limits, Scope, Wait, Wish};
pub use charts::{NearStep, ReadRequest, Week, WeekCount};
pub use commit::{Commit, Committed, TicketChange};
pub use connection::Queue;
use connection::{Connection, Work, params};
pub use deliveries::{Claim, ClaimedDelivery, NewDelivery, Urgency};
pub use desks::Desk;
pub use digests::{DIGEST, DigestCommit, DigestFacts, GivenUp, KeptDigest, LongWait};
pub use erasure::Erased;
pub use examine::Examined;
pub use imports::{NotedPage, PastTicket, TakenIn, TextKind, WaitingIssue, WaitingText};
pub use moments::MomentCount;
pub use moving::{
    KeyColumn, LEFT_BEHIND, MoveError, Moved, MovedTable, News, Side, Stage, TABLES, Table,
    move_everything,
};
pub use operations::{AsideDelivery, BudgetUse, OutboxRow};
use postgres::Postgres;
pub use postgres::ServerAddress;
pub use queue::{OpenReading, OpenState, OpenTicket, SetAside};
pub use report::{ActionRow, Depths, HistoryRow, TicketReport, TurnDepth};
pub use retention::Forgotten;
pub use sessions::Session;
use sqlite::{Inline, Intent, Writer};
pub use status::{PublicTicket, Standing};
pub use sweeps::{DeliveryRow, Retried};
pub use tickets::{KnownTicket, RULES_CHANGED, SavedRow};
pub use tokens::KeptToken;
pub use trouble::Trouble;
pub use waiting::{Measure, Month, WaitSummary};

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

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}

/// Where the desk's memory is.
#[derive(Clone)]
pub enum Address {
    /// A file of SQLite.
    File(PathBuf),
    /// A server that several processes share.
    Server(Box<ServerAddress>),
}

impl Address {
    /// Reads `sqlite://<path>` or `postgres://…`.
    ///
    /// # Errors
    /// What is wrong with it. It is not repeated, since it may hold a password.
    pub fn parse(url: &str) -> Result<Self, StoreError> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Server(Box::new(ServerAddress::parse(url)?)));
        }
        match url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:")) {
            Some(path) if !path.is_empty() => Ok(Self::File(path.into())),
            Some(_) | None => Err(StoreError::Unavailable(
                "DATABASE_URL names no database this version can use".to_owned(),
            )),
        }
    }

    /// Whether both are one file. Whether two addresses name one database of a server only the
    /// server knows.
    fn is_same_file(&self, other: &Self) -> bool {
        let (Self::File(one), Self::File(other)) = (self, other) else { return false };
        let (one, other) = (one.canonicalize(), other.canonicalize());
        matches!((one, other), (Ok(one), Ok(other)) if one == other)
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
    Inline(Arc<Inline>),
    Postgres(Box<Postgres>),
}

impl Store {
    /// Opens it to serve from, creating and migrating it. From a file only one process may serve: a
    /// lock beside it says so.
    ///
    /// # Errors
    /// Where it cannot be opened, locked or migrated, with what to do about it.
    pub async fn open(address: &Address) -> Result<Self, StoreError> {
        let engine = match address {
            Address::File(path) => Engine::Writer(sqlite::open(path)?),
            Address::Server(server) => Engine::Postgres(Box::new(Postgres::open(server).await?)),
        };
        let store = Self { engine };
        store.check_whole().await?;
        Ok(store)
    }

    /// Opens what exists to look into it, beside a process that serves from it.
    ///
    /// # Errors
    /// Where it is not there or cannot be read.
    pub async fn open_to_read(address: &Address) -> Result<Self, StoreError> {
        let engine = match address {
            Address::File(path) if !path.exists() => {
                let why = format!("there is no database at {}", path.display());
                return Err(StoreError::Unavailable(why));
            }
            Address::File(path) => Engine::Inline(Arc::new(Inline::open(path, Intent::Read)?)),
            Address::Server(server) => {
                Engine::Postgres(Box::new(Postgres::open_to_read(server).await?))
            }
        };
        Ok(Self { engine })
    }

    /// Opens it to work on it beside a process that serves from it, or alone, creating and migrating
    /// it. What that process has in hand stays in its hands.
    ///
    /// # Errors
    /// Where it cannot be opened or migrated, or was written by a newer version.
    pub async fn open_beside(address: &Address) -> Result<Self, StoreError> {
        let engine = match address {
            Address::File(path) => Engine::Inline(Arc::new(Inline::open(path, Intent::Write)?)),
            Address::Server(server) => Engine::Postgres(Box::new(Postgres::open(server).await?)),
        };
        let store = Self { engine };
        store.check_whole().await?;
        Ok(store)
    }

    /// A store in memory, run in the caller's task.
    ///
    /// # Errors
    /// Where SQLite itself fails.
    pub fn in_memory() -> Result<Self, StoreError> {
        Ok(Self { engine: Engine::Inline(Arc::new(Inline::in_memory()?)) })
    }

    /// The same under a name: whoever opens `file:NAME?mode=memory&cache=shared` in this process
    /// sees it, until all have closed it.
    ///
    /// # Errors
    /// Where SQLite itself fails.
    pub fn in_memory_named(name: &str) -> Result<Self, StoreError> {
        Ok(Self { engine: Engine::Inline(Arc::new(Inline::in_memory_named(name)?)) })
    }

    /// Runs `work` as one transaction; returns after it is durable.
    async fn run<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let (give, mut given) = oneshot::channel();
        let work = move |connection: &Connection| {
            let value = work(connection)?;
            // A caller that went away has nobody left to tell.
            let _ = give.send(value);
            Ok(())
        };
        self.run_boxed(Box::new(work)).await?;
        given.try_recv().map_err(|_| StoreError::Unavailable("nothing came of the work".to_owned()))
    }

    async fn run_boxed(&self, work: Work) -> Result<(), StoreError> {
        match &self.engine {
            Engine::Writer(writer) => writer.run(work).await,
            Engine::Inline(inline) => {
                // A place to stop between any two steps, for tests that crash there.
                tokio::task::yield_now().await;
                let result = inline.run(work);
                tokio::task::yield_now().await;
                result
            }
            Engine::Postgres(postgres) => postgres.run(work).await,
        }
    }

    /// The clock all who share this store go by: the server's, or this machine's.
    #[must_use]
    pub fn clock(&self) -> Clock {
        match &self.engine {
            Engine::Writer(_) | Engine::Inline(_) => clock::system(),
            Engine::Postgres(postgres) => postgres.clock(),
        }
    }

    /// What tells this process from the others that share the store.
    fn holder(&self) -> String {
        match &self.engine {
            Engine::Writer(_) | Engine::Inline(_) => "the process that has the file".to_owned(),
            Engine::Postgres(postgres) => postgres.holder(),
        }
    }

    /// How often this process has waited for the server's answer; none where there is no server.
    #[must_use]
    pub fn round_trips(&self) -> Option<u64> {
        match &self.engine {
            Engine::Writer(_) | Engine::Inline(_) => None,
            Engine::Postgres(postgres) => Some(postgres.round_trips()),
        }
    }

    /// Tells of work that other processes put into the store, until dropped. From a file one process
    /// serves, and what others put beside it is found by looking.
    pub async fn listen(&self, told: impl Fn(Queue)) {
        match &self.engine {
            Engine::Writer(_) | Engine::Inline(_) => std::future::pending().await,
            Engine::Postgres(postgres) => postgres.listen(told).await,
        }
    }

    /// Takes back what a process that died had in hand, as [`open`](Self::open) does for a file.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn release_leases(&self) -> Result<(), StoreError> {
        self.run(sqlite::release_leases).await
    }

    /// Leaves nothing behind in the write-ahead log, where what was erased can still be read.
    pub async fn tidy(&self) {
        match &self.engine {
            Engine::Writer(writer) => writer.tidy().await,
            Engine::Inline(_) | Engine::Postgres(_) => {}
        }
    }

    /// Whether the store answers and, where the last change could not be kept, whether it can be
    /// changed again.
    ///
    /// # Errors
    /// Where it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        if let Engine::Writer(writer) = &self.engine {
            writer.try_again().await?;
        }
        self.run(|connection| {
            connection
                .last("SELECT id FROM deliveries ORDER BY id DESC LIMIT 1")
                .first(params![], |_| Ok(()))
                .map(drop)
        })
        .await
    }
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
