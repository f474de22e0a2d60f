//! Moves everything from one database to another, whatever their engines.
//!
//! Both are held meanwhile, so that nobody else changes them. Before anything is written, all that
//! the target holds is looked for in the source: it may only be what an earlier attempt brought.
//! Then what is missing is brought, a batch in a transaction, and in the end every row of the source
//! is held against the target's. Until then a mark in the target says that it is not whole, and
//! nobody serves from it.

mod end;
mod rows;
mod tables;

use self::end::End;
pub(super) use self::end::Tables;
use self::rows::{Cells, Key};
use super::connection::{Value, params};
use super::{Address, Store, StoreError, Trouble};

pub use self::tables::{KeyColumn, LEFT_BEHIND, TABLES, Table};

/// As many rows are read, and written in a transaction, at once. Issues read by an import have up to
/// a hundred kilobytes each.
const BATCH_LENGTH: usize = 250;

/// The row of `duties` that is there while a database is being moved to.
const MARK: &str = "moving";

/// One of the two databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// What is moved.
    Source,
    /// Where it is moved to.
    Target,
}

/// What is done with a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// What the target holds already is looked for in the source.
    Checking,
    /// Rows are brought.
    Copying,
    /// All rows are held against each other.
    Comparing,
}

/// How far it is.
#[derive(Debug, Clone, Copy)]
pub struct News {
    /// What is done.
    pub stage: Stage,
    /// The table.
    pub table: &'static str,
    /// How many rows are done.
    pub done: u64,
    /// Of how many.
    pub all: u64,
}

/// A table that was moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MovedTable {
    /// What it is called.
    pub name: &'static str,
    /// How many rows it has.
    pub rows: u64,
    /// How many of them were brought now; the others were there.
    pub brought: u64,
}

/// What was moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// All tables.
    pub tables: Vec<MovedTable>,
}

/// Why it was not moved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoveError {
    /// One of the two does not answer, or cannot be used.
    #[error("{what}")]
    Store {
        /// Which of them.
        side: Side,
        /// Why, as far as the cures differ.
        trouble: Option<Trouble>,
        /// What happened.
        what: String,
    },
    /// Both addresses name one database.
    #[error("both addresses name the same database")]
    Same,
    /// It is not there, or nobody ever kept anything there.
    #[error("there is no database of keydesk's")]
    Nothing,
    /// Tables of another program stand there.
    #[error("it holds tables of another program")]
    NotOurs(Side),
    /// A process works with it.
    #[error("a process of keydesk's works with it")]
    Served(Side),
    /// The target holds something that is not the source's.
    #[error("it holds something else than a part of the source: {table}, {key}")]
    Foreign {
        /// The table.
        table: &'static str,
        /// The row's key.
        key: String,
    },
    /// A row in the target is not as it is in the source.
    #[error("a row is not there as it is in the source: {table}, {key}")]
    Differs {
        /// The table.
        table: &'static str,
        /// The row's key.
        key: String,
    },
}

impl Store {
    /// Refuses a database to which another was not moved completely.
    pub(super) async fn check_whole(&self) -> Result<(), StoreError> {
        let is_marked = self.run(|connection| {
            connection.last("SELECT 1 FROM duties WHERE name = ?1").exists(params![MARK])
        });
        if !is_marked.await? {
            return Ok(());
        }
        let what = "another database was not moved to this one completely".to_owned();
        Err(StoreError::Troubled { trouble: Trouble::Unfinished, what })
    }

    async fn mark(&self) -> Result<(), StoreError> {
        self.run(|connection| {
            let mark = connection.last(
                "INSERT INTO duties (name, holder, until) VALUES (?1, 'keydesk migrate', 0)
                 ON CONFLICT DO NOTHING",
            );
            mark.execute(params![MARK]).map(drop)
        })
        .await
    }

    async fn unmark(&self) -> Result<(), StoreError> {
        self.run(|connection| {
            let mark = connection.last("DELETE FROM duties WHERE name = ?1");
            mark.execute(params![MARK]).map(drop)
        })
        .await
    }
}

/// Moves everything; told again after it was stopped anywhere, it goes on where it was.
///
/// # Errors
/// Where one of the two cannot be used, or the target holds something else; then nothing was
/// written. Where a row did not come through, which no attempt may leave unsaid.
pub async fn move_everything(
    from: &Address,
    to: &Address,
    tell: &dyn Fn(News),
) -> Result<Moved, MoveError> {
    if from.is_same_file(to) {
        return Err(MoveError::Same);
    }
    let source = End::open(from, Side::Source).await?;
    let target = End::open(to, Side::Target).await?;
    let mover = Mover { source, target, tell };
    for table in TABLES {
        mover.check_part(table).await?;
    }
    mover.target.mark().await?;
    let mut tables = Vec::new();
    for table in TABLES {
        tables.push(mover.copy(table).await?);
    }
    for table in TABLES {
        mover.compare(table).await?;
    }
    mover.target.count_ids_on(TABLES).await?;
    mover.source.check_alone().await?;
    mover.target.check_alone().await?;
    mover.target.unmark().await?;
    Ok(Moved { tables })
}

/// Both ends of a move.
struct Mover<'a> {
    source: End,
    target: End,
    tell: &'a dyn Fn(News),
}

impl Mover<'_> {
    /// Looks in the source for all that the target holds.
    async fn check_part(&self, table: &'static Table) -> Result<(), MoveError> {
        let mut walk = Walk::over(&self.target, table).await?;
        while let Some(batch) = walk.next().await? {
            let mut found = self.source.look_up(table, keys_of(table, &batch)).await?;
            for cells in &batch {
                let key = rows::key_of(table, cells);
                if !found.remove(&key).is_some_and(|other| rows::is_same(cells, &other)) {
                    return Err(MoveError::Foreign { table: table.name, key: shown(&key) });
                }
            }
            (self.tell)(walk.news(Stage::Checking));
        }
        Ok(())
    }

    /// Brings what is missing.
    async fn copy(&self, table: &'static Table) -> Result<MovedTable, MoveError> {
        let there = self.target.count(table).await?;
        let mut walk = Walk::over(&self.source, table).await?;
        let all = walk.all;
        if there < all {
            while let Some(mut batch) = walk.next().await? {
                if there > 0 {
                    let found = self.target.look_up(table, keys_of(table, &batch)).await?;
                    batch.retain(|cells| !found.contains_key(&rows::key_of(table, cells)));
                }
                self.target.insert(table, batch).await?;
                (self.tell)(walk.news(Stage::Copying));
            }
        }
        Ok(MovedTable { name: table.name, rows: all, brought: all.saturating_sub(there) })
    }

    /// Holds every row of the source against the target's; as many there, there is none beside.
    async fn compare(&self, table: &'static Table) -> Result<(), MoveError> {
        let mut walk = Walk::over(&self.source, table).await?;
        while let Some(batch) = walk.next().await? {
            let mut found = self.target.look_up(table, keys_of(table, &batch)).await?;
            for cells in &batch {
                let key = rows::key_of(table, cells);
                if !found.remove(&key).is_some_and(|other| rows::is_same(cells, &other)) {
                    return Err(MoveError::Differs { table: table.name, key: shown(&key) });
                }
            }
            (self.tell)(walk.news(Stage::Comparing));
        }
        let there = self.target.count(table).await?;
        if there == walk.all && walk.done == walk.all {
            return Ok(());
        }
        let key = format!("{} rows in the source and {there} in the target", walk.done);
        Err(MoveError::Differs { table: table.name, key })
    }
}

/// A way through all rows of a table.
struct Walk<'a> {
    end: &'a End,
    table: &'static Table,
    after: Option<Key>,
    done: u64,
    all: u64,
    is_over: bool,
}

impl<'a> Walk<'a> {
    async fn over(end: &'a End, table: &'static Table) -> Result<Self, MoveError> {
        let all = end.count(table).await?;
        Ok(Self { end, table, after: None, done: 0, all, is_over: all == 0 })
    }

    async fn next(&mut self) -> Result<Option<Vec<Cells>>, MoveError> {
        if self.is_over {
            return Ok(None);
        }
        let batch = self.end.read_after(self.table, self.after.take()).await?;
        self.is_over = batch.len() < BATCH_LENGTH;
        // The engine's own spelling of the key, not the one both can hold.
        self.after = batch.last().map(|cells| cells[..self.table.key.len()].to_vec());
        self.done += batch.iter().map(|cells| self.times(cells)).sum::<u64>();
        Ok((!batch.is_empty()).then_some(batch))
    }

    /// How often a row is there.
    fn times(&self, cells: &Cells) -> u64 {
        match cells.last() {
            Some(Value::Integer(count)) if self.table.has_doubles() => count.unsigned_abs(),
            Some(Value::Null | Value::Integer(_) | Value::Text(_)) | None => 1,
        }
    }

    fn news(&self, stage: Stage) -> News {
        News { stage, table: self.table.name, done: self.done, all: self.all }
    }
}

fn keys_of(table: &Table, batch: &[Cells]) -> Vec<Key> {
    batch.iter().map(|cells| cells[..table.key.len()].to_vec()).collect()
}

/// A key as a person reads it.
fn shown(key: &Key) -> String {
    let values = key.iter().map(|value| match value {
        Value::Null => "nothing".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Text(text) => text.clone(),
    });
    values.collect::<Vec<_>>().join(" ")
}
