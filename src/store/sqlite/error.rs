//! What SQLite complains of, in our words.

use rusqlite::{Error, ErrorCode};

use crate::store::{StoreError, Trouble};

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        Self::Troubled { trouble: trouble_of(&error), what: error.to_string() }
    }
}

/// What cure an error of SQLite has.
pub(super) fn trouble_of(error: &Error) -> Trouble {
    let Some(code) = error.sqlite_error_code() else { return Trouble::Other };
    match code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Trouble::Busy,
        ErrorCode::DiskFull => Trouble::Full,
        ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt => Trouble::Damaged,
        ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied => {
            Trouble::NotWritable
        }
        // SQLite's own codes, of which later versions may have more.
        _ => Trouble::Other,
    }
}
