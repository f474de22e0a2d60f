//! The words of requests whose time here is over.

use jiff::Timestamp;

use super::connection::params;
use super::{Store, StoreError, micros, sql_id};
use crate::triage::{RepositoryId, Ticket};

/// As many tickets share a transaction.
const BATCH_LENGTH: usize = 100;

/// Requests of repository `?1` that were over before `?2` and whose text is still there.
const FIND: &str = "
    SELECT issue, version, state FROM tickets
    WHERE repository = ?1 AND is_open = 0 AND has_text = 1 AND coalesce(closed_at, turn_since) <= ?2
    ORDER BY coalesce(closed_at, turn_since) LIMIT 100";

impl Store {
    /// Forgets title and text of the requests of a desk that were over before `before`, and says of
    /// how many; there may be more if it is as many as fit into a transaction.
    ///
    /// # Errors
    /// Where the store does not answer or a row cannot be read.
    pub async fn forget_texts(
        &self,
        repository: RepositoryId,
        before: Timestamp,
    ) -> Result<Forgotten, StoreError> {
        self.run(move |connection| {
            let found = connection.prepare(FIND).all(
                params![sql_id(repository.0), micros(before)],
                |row| {
                    let state: String = row.get(2)?;
                    Ok((row.get::<i64>(0)?, row.get::<i64>(1)?, state))
                },
            )?;
            for (issue, version, state) in &found {
                let mut ticket: Ticket = serde_json::from_str(state)?;
                ticket.forget_text();
                let state = serde_json::to_string(&ticket)?;
                connection
                    .prepare(
                        "UPDATE tickets SET state = ?3, has_text = 0, version = version + 1
                         WHERE issue = ?1 AND version = ?2",
                    )
                    .send_for_one(params![*issue, *version, state])?;
            }
            Ok(Forgotten { count: found.len(), is_all: found.len() < BATCH_LENGTH })
        })
        .await
    }
}

/// What was forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forgotten {
    /// The texts of so many requests.
    pub count: usize,
    /// Whether none is left.
    pub is_all: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_over_is_found_without_reading_all_that_ever_was() {
        let plan = Store::in_memory().expect("a store").plan::<2>(FIND).await;
        assert!(plan.contains("tickets_with_text") && !plan.contains("ORDER BY"), "{plan}");
    }
}
