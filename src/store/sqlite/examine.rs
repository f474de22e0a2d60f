//! Looks at a database file without changing it.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use rustix::fs::{Access, access, statvfs};

use super::{BUSY_TIMEOUT, MIGRATIONS, place};
use crate::store::{Examined, StoreError, Trouble};

/// What the file looks like. That it can be written is tried by a transaction without content.
pub(in crate::store) fn examine(path: &Path) -> Result<Examined, StoreError> {
    place::look_before_opening(path)?;
    let newest = u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX);
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    };
    let bytes = std::fs::metadata(path).map(|found| found.len()).ok();
    if bytes.is_none() {
        let unwritable = |error| Trouble::NotWritable.at(path, &format!("its folder: {error}"));
        access(folder, Access::WRITE_OK).map_err(unwritable)?;
    }
    let version = bytes.map(|_| version_of(path)).transpose()?;
    Ok(Examined {
        name: path.display().to_string(),
        version,
        newest,
        is_too_new: version.is_some_and(|version| version > newest),
        bytes: bytes.unwrap_or_default(),
        bytes_free: statvfs(folder).ok().map(|disk| disk.f_bavail.saturating_mul(disk.f_frsize)),
    })
}

fn version_of(path: &Path) -> Result<u32, StoreError> {
    let named = |error: rusqlite::Error| StoreError::from(error).at(path);
    let connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(named)?;
    connection.busy_timeout(BUSY_TIMEOUT).map_err(named)?;
    let version = connection.pragma_query_value(None, "user_version", |row| row.get(0));
    let version: u32 = version.map_err(named)?;
    connection.execute_batch("BEGIN IMMEDIATE; ROLLBACK").map_err(named)?;
    Ok(version)
}
