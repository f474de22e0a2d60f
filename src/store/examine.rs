//! Looks at a database without changing it: what a doctor may do beside a process that serves.

use super::{Address, StoreError, postgres, sqlite};

/// What a database looks like from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    /// What it is: a file, or a server.
    pub name: String,
    /// The number of its last migration; none where there is no database yet.
    pub version: Option<u32>,
    /// The number of the last migration this version of keydesk knows.
    pub newest: u32,
    /// Whether a newer keydesk made of it what this one must not touch.
    pub is_too_new: bool,
    /// Its size.
    pub bytes: u64,
    /// The room left on its disk, where that can be told.
    pub bytes_free: Option<u64>,
}

impl Examined {
    /// Whether this version can read it as it is.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.version.is_some_and(|version| version >= self.newest) && !self.is_too_new
    }
}

impl Address {
    /// Looks at what is there. Nothing is created, migrated or kept open; that it can be written is
    /// tried by a transaction without content.
    ///
    /// # Errors
    /// Where it is damaged, cannot be written, or does not answer.
    pub async fn examine(&self) -> Result<Examined, StoreError> {
        match self {
            Self::File(path) => sqlite::examine(path),
            Self::Server(server) => postgres::Postgres::examine(server).await,
        }
    }
}
