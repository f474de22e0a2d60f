//! The database file as it was opened. SQLite goes on writing to a file that was deleted, and to
//! one that somebody wrote over; what it keeps there is gone with the process, so nothing may be
//! acknowledged then.

use std::fs::{File, Metadata};
use std::io::ErrorKind;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};

use crate::store::{StoreError, Trouble};

/// How every database file begins.
const BEGINNING: &[u8; 16] = b"SQLite format 3\0";

/// The database and its write-ahead log. Both stay open until the connection is closed: to close
/// a second handle earlier would give SQLite's locks back.
pub(super) struct Place {
    database: (PathBuf, File),
    log: Option<(PathBuf, File)>,
}

/// Looks at the files before SQLite does, which takes a log without its database for nothing and
/// deletes it.
pub(super) fn look_before_opening(path: &Path) -> Result<(), StoreError> {
    let is_there = |path: &Path| std::fs::metadata(path).is_ok_and(|found| found.len() > 0);
    if is_there(path) {
        let database = File::open(path).map_err(|error| unreadable(path, &error))?;
        return check_beginning(path, &database);
    }
    match is_there(&log_of(path)) {
        true => Err(Trouble::Damaged.at(path, "it is empty or gone, but its -wal is still there")),
        false => Ok(()),
    }
}

impl Place {
    /// The files of an open connection that has read or written already.
    pub(super) fn of(path: &Path) -> Result<Self, StoreError> {
        let database = File::open(path).map_err(|error| unreadable(path, &error))?;
        let log = log_of(path);
        // Some file systems do not carry one.
        let log = File::open(&log).ok().map(|file| (log, file));
        let place = Self { database: (path.to_owned(), database), log };
        place.check()?;
        Ok(place)
    }

    /// Says so if what is written now would not be found there at the next start.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        for (path, file) in std::iter::once(&self.database).chain(&self.log) {
            let opened = file.metadata().map_err(|error| unreadable(path, &error))?;
            match std::fs::metadata(path) {
                Ok(there) if is_same(&there, &opened) => {}
                Ok(_) => return Err(Trouble::Gone.at(path, "another file took its place")),
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    return Err(Trouble::Gone.at(path, "the file was deleted or moved away"));
                }
                Err(error) => return Err(unreadable(path, &error)),
            }
        }
        let (path, file) = &self.database;
        check_beginning(path, file)
    }
}

fn log_of(path: &Path) -> PathBuf {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    log.into()
}

fn unreadable(path: &Path, error: &std::io::Error) -> StoreError {
    Trouble::NotWritable.at(path, &error.to_string())
}

fn check_beginning(path: &Path, file: &File) -> Result<(), StoreError> {
    let mut beginning = [0; BEGINNING.len()];
    match file.read_exact_at(&mut beginning, 0) {
        Ok(()) if &beginning == BEGINNING => Ok(()),
        Ok(()) => Err(Trouble::Damaged.at(path, "something else was written over it")),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
            Err(Trouble::Damaged.at(path, "it was cut off"))
        }
        Err(error) => Err(Trouble::Damaged.at(path, &error.to_string())),
    }
}

fn is_same(one: &Metadata, other: &Metadata) -> bool {
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}
