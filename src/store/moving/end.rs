//! One of the two databases of a move, and the hold on it.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use super::rows::{self, Cells, Key};
use super::{BATCH_LENGTH, MoveError, Side, Table};
use crate::store::connection::Connection;
use crate::store::postgres::{Postgres, ServerHold};
use crate::store::sqlite::{self, FileHold, Inline, Intent};
use crate::store::{Address, Engine, Store, StoreError, Trouble};

/// Whose tables stand in a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Tables {
    /// None do.
    Nobodys,
    /// Those of any version of ours.
    Ours,
    /// Another program's, in our place.
    Others,
}

/// A database that nobody else works with. The store is closed before the hold is given up.
pub(super) struct End {
    store: Store,
    side: Side,
    hold: Hold,
}

/// What keeps others away until it is dropped.
enum Hold {
    /// From a file.
    File(FileHold),
    /// From a server.
    Server(ServerHold),
}

impl End {
    /// Opens it, bringing its tables up to date or, in the target, creating them.
    pub(super) async fn open(address: &Address, side: Side) -> Result<Self, MoveError> {
        match address {
            Address::File(path) => Self::open_file(path, side)?.unless_unfinished().await,
            Address::Server(server) => {
                let mut postgres = Postgres::to_move(server).map_err(|why| at(side, why))?;
                let hold = postgres.hold().await.map_err(|why| at(side, why))?;
                let Some(hold) = hold else { return Err(MoveError::Served(side)) };
                let tables = hold.tables().await.map_err(|why| at(side, why))?;
                check(tables, side)?;
                postgres.prepare().await.map_err(|why| at(side, why))?;
                let store = Store { engine: Engine::Postgres(Box::new(postgres)) };
                Self { store, side, hold: Hold::Server(hold) }.unless_unfinished().await
            }
        }
    }

    fn open_file(path: &Path, side: Side) -> Result<Self, MoveError> {
        if side == Side::Source && !path.exists() {
            return Err(MoveError::Nothing);
        }
        let held = FileHold::new(path).map_err(|why| match why {
            StoreError::Troubled { trouble: Trouble::Busy, .. } => MoveError::Served(side),
            other => at(side, other),
        });
        let mut hold = held?;
        check(sqlite::tables_in(path).map_err(|why| at(side, why))?, side)?;
        let intent = match side {
            Side::Source => Intent::Read,
            Side::Target => Intent::Write,
        };
        let inline = Inline::open(path, intent).map_err(|why| at(side, why))?;
        hold.remember(path).map_err(|why| at(side, why))?;
        if side == Side::Source {
            hold.keep_still(path).map_err(|why| at(side, why))?;
        }
        let store = Store { engine: Engine::Inline(Arc::new(inline)) };
        Ok(Self { store, side, hold: Hold::File(hold) })
    }
}

impl End {
    /// A source that is itself only a part of another is not to be taken for the whole.
    async fn unless_unfinished(self) -> Result<Self, MoveError> {
        if self.side == Side::Source {
            self.store.check_whole().await.map_err(|why| at(self.side, why))?;
        }
        Ok(self)
    }

    /// Whether nobody has come to work with it meanwhile.
    pub(super) async fn check_alone(&self) -> Result<(), MoveError> {
        match &self.hold {
            Hold::File(hold) => hold.check().map_err(|why| at(self.side, why)),
            Hold::Server(hold) => {
                let is_alone = hold.is_alone().await.map_err(|why| at(self.side, why))?;
                if is_alone { Ok(()) } else { Err(MoveError::Served(self.side)) }
            }
        }
    }

    pub(super) async fn mark(&self) -> Result<(), MoveError> {
        self.store.mark().await.map_err(|why| at(self.side, why))
    }

    pub(super) async fn unmark(&self) -> Result<(), MoveError> {
        self.store.unmark().await.map_err(|why| at(self.side, why))
    }

    /// Ids that are given from now on come after those that were brought. SQLite sees to that itself.
    pub(super) async fn count_ids_on(&self, tables: &[Table]) -> Result<(), MoveError> {
        let Hold::Server(hold) = &self.hold else { return Ok(()) };
        for table in tables.iter().filter(|table| table.has_counted_ids) {
            hold.count_ids_on(table.name).await.map_err(|why| at(self.side, why))?;
        }
        Ok(())
    }

    pub(super) async fn count(&self, table: &'static Table) -> Result<u64, MoveError> {
        let count = self.run(move |connection| rows::count(connection, table)).await?;
        Ok(count.unsigned_abs())
    }

    pub(super) async fn read_after(
        &self,
        table: &'static Table,
        after: Option<Key>,
    ) -> Result<Vec<Cells>, MoveError> {
        self.run(move |connection| {
            rows::read_after(connection, table, (after.as_ref(), BATCH_LENGTH))
        })
        .await
    }

    pub(super) async fn look_up(
        &self,
        table: &'static Table,
        keys: Vec<Key>,
    ) -> Result<HashMap<Key, Cells>, MoveError> {
        self.run(move |connection| rows::look_up(connection, table, &keys)).await
    }

    /// Writes a batch, all of it or nothing.
    pub(super) async fn insert(
        &self,
        table: &'static Table,
        batch: Vec<Cells>,
    ) -> Result<(), MoveError> {
        self.run(move |connection| {
            batch.into_iter().try_for_each(|cells| rows::insert(connection, table, cells))
        })
        .await
    }

    async fn run<T, F>(&self, work: F) -> Result<T, MoveError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        self.store.run(work).await.map_err(|why| at(self.side, why))
    }
}

fn check(tables: Tables, side: Side) -> Result<(), MoveError> {
    match (tables, side) {
        (Tables::Ours, _) | (Tables::Nobodys, Side::Target) => Ok(()),
        (Tables::Nobodys, Side::Source) => Err(MoveError::Nothing),
        (Tables::Others, _) => Err(MoveError::NotOurs(side)),
    }
}

fn at(side: Side, why: StoreError) -> MoveError {
    match why {
        StoreError::Troubled { trouble, what } => {
            MoveError::Store { side, trouble: Some(trouble), what }
        }
        StoreError::Unavailable(what) | StoreError::Unreadable(what) => {
            MoveError::Store { side, trouble: None, what }
        }
        StoreError::Conflict => {
            MoveError::Store { side, trouble: Some(Trouble::Busy), what: why.to_string() }
        }
    }
}
