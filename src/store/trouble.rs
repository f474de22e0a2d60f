//! Why a database file cannot be used, and what a person can do about it.

use std::path::Path;

use rusqlite::ErrorCode;

use super::StoreError;

/// Why, as far as the cures differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Another program holds it.
    Busy,
    /// Its disk is full.
    Full,
    /// It holds something else than it should.
    Damaged,
    /// It, or its folder, may not be written.
    NotWritable,
    /// It was deleted, moved or replaced while it was open.
    Gone,
    /// The system or SQLite itself failed.
    Other,
}

impl Trouble {
    /// What a person can do.
    #[must_use]
    pub fn cure(self) -> &'static str {
        match self {
            Self::Busy => "another program holds the database; end it",
            Self::Full => "make room on the disk; keydesk goes on by itself then",
            Self::Damaged => {
                "stop keydesk, put a backup in its place without the files -wal and -shm beside \
                 it, and start anew; without a backup move all three away: an empty one is begun"
            }
            Self::NotWritable => {
                "set DATABASE_URL to a file in a folder this process may write, such as \
                 sqlite:///data/keydesk.db"
            }
            Self::Gone => {
                "move it back, and keydesk goes on by itself; or stop keydesk, put a backup \
                 there, and start anew"
            }
            Self::Other => "is the disk whole, and may this process write there?",
        }
    }

    /// The error of this trouble with this file.
    pub(super) fn at(self, path: &Path, what: &str) -> StoreError {
        StoreError::Troubled { trouble: self, what: format!("{}: {what}", path.display()) }
    }

    pub(super) fn of(error: &rusqlite::Error) -> Self {
        let Some(code) = error.sqlite_error_code() else { return Self::Other };
        match code {
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy,
            ErrorCode::DiskFull => Self::Full,
            ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt => Self::Damaged,
            ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied => {
                Self::NotWritable
            }
            // SQLite's own codes, of which later versions may have more.
            _ => Self::Other,
        }
    }
}
