//! Why a database cannot be used, and what a person can do about it.

use std::path::Path;

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
    /// The server does not answer.
    Unreachable,
    /// The server does not let us in, or not do what is needed.
    NoRights,
    /// The server takes no changes.
    StandBy,
    /// The server has no connection left.
    Crowded,
    /// The server is older than what is used of it.
    TooOld,
    /// The server complains of something else.
    Server,
    /// It was not moved here completely.
    Unfinished,
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
            Self::Unreachable => {
                "is PostgreSQL running, and does DATABASE_URL name its host and port? keydesk goes on \
                 by itself when it answers"
            }
            Self::NoRights => {
                "create the user and the database that DATABASE_URL names, and make the user its owner"
            }
            Self::StandBy => "let DATABASE_URL name the server that takes changes",
            Self::Crowded => "raise max_connections of the server, or start fewer processes",
            Self::TooOld => "use PostgreSQL 15 or newer",
            Self::Server => "look into the log of PostgreSQL",
            Self::Unfinished => "run the same `keydesk migrate` again: it goes on where it stopped",
        }
    }

    /// The error of this trouble with this file.
    pub(super) fn at(self, path: &Path, what: &str) -> StoreError {
        StoreError::Troubled { trouble: self, what: format!("{}: {what}", path.display()) }
    }
}
