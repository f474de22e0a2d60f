//! What one process does for all that share the store.

use std::time::Duration;

use jiff::Timestamp;

use super::connection::params;
use super::{Store, StoreError, micros, span_micros};

impl Store {
    /// Takes a duty, or keeps it, for so long; false if another process has it.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn take_duty(
        &self,
        name: &'static str,
        (now, span): (Timestamp, Duration),
    ) -> Result<bool, StoreError> {
        let holder = self.holder();
        self.run(move |connection| {
            let until = micros(now).saturating_add(span_micros(span));
            let taken = connection
                .last(
                    "INSERT INTO duties (name, holder, until) VALUES (?1, ?2, ?3)
                     ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
                     WHERE duties.holder = excluded.holder OR duties.until <= ?4",
                )
                .execute(params![name, holder, until, micros(now)])?;
            Ok(taken == 1)
        })
        .await
    }
}
