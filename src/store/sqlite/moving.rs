//! Keeps a file to oneself while it is moved.

use std::fs::File;
use std::path::Path;

use rusqlite::Connection;

use super::place::{self, Place};
use super::{BUSY_TIMEOUT, lock_file};
use crate::store::StoreError;
use crate::store::moving::Tables;

/// The lock of a serving process and, in a source, the right to write, so that nobody else does.
pub(in crate::store) struct FileHold {
    /// Closed before the files it locks.
    still: Option<Connection>,
    place: Option<Place>,
    /// Held until the end.
    _lock: File,
}

impl FileHold {
    /// Takes the file for oneself.
    pub(in crate::store) fn new(path: &Path) -> Result<Self, StoreError> {
        let lock = lock_file(path)?;
        place::look_before_opening(path)?;
        Ok(Self { still: None, place: None, _lock: lock })
    }

    /// Remembers which file it is, now that it is open.
    pub(in crate::store) fn remember(&mut self, path: &Path) -> Result<(), StoreError> {
        self.place = Some(Place::of(path)?);
        Ok(())
    }

    /// Lets nobody write to it.
    pub(in crate::store) fn keep_still(&mut self, path: &Path) -> Result<(), StoreError> {
        let named = |error: rusqlite::Error| StoreError::from(error).at(path);
        let still = Connection::open(path).map_err(named)?;
        still.busy_timeout(BUSY_TIMEOUT).map_err(named)?;
        still.execute_batch("BEGIN IMMEDIATE").map_err(named)?;
        self.still = Some(still);
        Ok(())
    }

    /// Whether the file is still where it was.
    pub(in crate::store) fn check(&self) -> Result<(), StoreError> {
        self.place.as_ref().map_or(Ok(()), Place::check)
    }
}

/// Whose tables stand in a file.
pub(in crate::store) fn tables_in(path: &Path) -> Result<Tables, StoreError> {
    if !path.exists() {
        return Ok(Tables::Nobodys);
    }
    let named = |error: rusqlite::Error| StoreError::from(error).at(path);
    let connection = Connection::open(path).map_err(named)?;
    connection.busy_timeout(BUSY_TIMEOUT).map_err(named)?;
    let sql = "SELECT (SELECT user_version FROM pragma_user_version),
                      (SELECT count(*) FROM sqlite_schema WHERE type = 'table'),
                      (SELECT count(*) FROM sqlite_schema WHERE name IN ('deliveries', 'tickets', 'desks'))";
    let counted = connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    let (version, tables, ours): (i64, i64, i64) = counted.map_err(named)?;
    Ok(match (version, tables, ours) {
        (1.., _, 3) => Tables::Ours,
        (0, 0, _) => Tables::Nobodys,
        _ => Tables::Others,
    })
}
