//! How long people waited, measured on the tickets themselves.

use rusqlite::params;

use super::{Store, StoreError, sql_id};
use crate::triage::{RepositoryId, WaitingTimes};

/// Over how many answered requests a waiting time is measured.
const WINDOW: u32 = 60;

/// Fewer than this tell nothing.
const COUNT_MIN: usize = 10;

const MICROS_PER_DAY: i64 = 86_400_000_000;

impl Store {
    /// How long the last requests of this repository waited for the first answer of a human; none
    /// while too few were answered.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn waiting_times(
        &self,
        repository: RepositoryId,
    ) -> Result<Option<WaitingTimes>, StoreError> {
        self.run(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT answered_at - opened_at FROM tickets
                 WHERE repository = ?1 AND answered_at IS NOT NULL
                 ORDER BY answered_at DESC LIMIT ?2",
            )?;
            let mut waits: Vec<i64> = statement
                .query_map(params![sql_id(repository.0), WINDOW], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            waits.sort_unstable();
            Ok((waits.len() >= COUNT_MIN).then(|| WaitingTimes {
                count: u32::try_from(waits.len()).unwrap_or(u32::MAX),
                half_days: days_of(&waits, 50),
                most_days: days_of(&waits, 90),
            }))
        })
        .await
    }
}

/// Whole days within which so many in a hundred of the sorted waits ended, rounded up.
fn days_of(waits: &[i64], in_hundred: usize) -> u32 {
    let rank = (waits.len() * in_hundred).div_ceil(100).max(1);
    let wait = waits[rank - 1].max(1);
    u32::try_from((wait + MICROS_PER_DAY - 1) / MICROS_PER_DAY).unwrap_or(u32::MAX)
}
