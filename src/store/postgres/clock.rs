//! The server's clock. The machines that share a database need not agree on the time: what is due
//! and how long a claim lasts is told by one clock.

use std::sync::{PoisonError, RwLock};
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use tokio_postgres::Client;

use crate::store::StoreError;

/// The time, as the server told it last and this machine's steady clock counted since.
#[derive(Default)]
pub(super) struct ServerClock {
    told: RwLock<Option<(Instant, Timestamp)>>,
}

impl ServerClock {
    /// Asks the server, and takes its answer for the time halfway between question and answer.
    pub(super) async fn set(&self, client: &Client) -> Result<(), StoreError> {
        let asked = Instant::now();
        let row = client
            .query_one(
                "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)",
                &[],
            )
            .await?;
        let halfway = asked + asked.elapsed() / 2;
        let told = crate::store::timestamp(row.try_get(0)?);
        *self.told.write().unwrap_or_else(PoisonError::into_inner) = Some((halfway, told));
        Ok(())
    }

    /// The server's time.
    pub(super) fn now(&self) -> Timestamp {
        let told = *self.told.read().unwrap_or_else(PoisonError::into_inner);
        let Some((at, told)) = told else { return Timestamp::UNIX_EPOCH };
        let since = SignedDuration::try_from(at.elapsed()).unwrap_or(SignedDuration::MAX);
        told.checked_add(since).unwrap_or(Timestamp::MAX)
    }
}
