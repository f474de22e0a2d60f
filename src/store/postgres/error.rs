//! What PostgreSQL complains of, in our words.

use deadpool_postgres::PoolError;
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

use crate::store::{StoreError, Trouble};

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        let Some(state) = error.code() else {
            return lost(&error);
        };
        let trouble = match state {
            // Of two transactions that stood in each other's way this one is to begin anew. The
            // division is that of a statement that had to change a row and did not.
            &SqlState::T_R_SERIALIZATION_FAILURE
            | &SqlState::T_R_DEADLOCK_DETECTED
            | &SqlState::DIVISION_BY_ZERO => return Self::Conflict,
            &SqlState::DISK_FULL => Trouble::Full,
            &SqlState::INSUFFICIENT_PRIVILEGE
            | &SqlState::INVALID_PASSWORD
            | &SqlState::INVALID_AUTHORIZATION_SPECIFICATION
            | &SqlState::INVALID_CATALOG_NAME => Trouble::NoRights,
            &SqlState::READ_ONLY_SQL_TRANSACTION => Trouble::StandBy,
            &SqlState::TOO_MANY_CONNECTIONS => Trouble::Crowded,
            // PostgreSQL's own codes, of which there are hundreds.
            _ => Trouble::Server,
        };
        // Its detail may repeat what stands in a row.
        let message =
            error.as_db_error().map_or_else(|| error.to_string(), |told| told.message().to_owned());
        Self::Troubled { trouble, what: format!("PostgreSQL: {message}") }
    }
}

/// The connection failed, or none could be made.
fn lost(error: &Error) -> StoreError {
    let mut what = format!("PostgreSQL: {error}");
    if let Some(source) = std::error::Error::source(error) {
        what = format!("{what}: {source}");
    }
    StoreError::Troubled { trouble: Trouble::Unreachable, what }
}

/// No connection was to be had.
pub(super) fn unreachable(error: PoolError) -> StoreError {
    match error {
        PoolError::Backend(error) => error.into(),
        PoolError::Timeout(_) => StoreError::Troubled {
            trouble: Trouble::Unreachable,
            what: "PostgreSQL gives no connection in time".to_owned(),
        },
        other @ (PoolError::Closed
        | PoolError::NoRuntimeSpecified
        | PoolError::PostCreateHook(_)) => StoreError::Unavailable(other.to_string()),
    }
}

/// The server stopped answering in the middle.
pub(super) fn silent() -> StoreError {
    let what = "PostgreSQL stopped answering".to_owned();
    StoreError::Troubled { trouble: Trouble::Unreachable, what }
}
