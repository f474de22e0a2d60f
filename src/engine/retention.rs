//! Forgets the text of requests that were closed long enough ago.

use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::Engine;
use crate::store::{Forgotten, StoreError};

/// Between two looks.
const INTERVAL: SignedDuration = SignedDuration::from_hours(1);

/// When it is looked next.
#[derive(Default)]
pub(super) struct Retention(Mutex<Option<Timestamp>>);

impl Retention {
    fn is_due(&self, now: Timestamp) -> bool {
        let mut next = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = next.is_none_or(|next| next <= now);
        if is_due {
            *next = Some(now.saturating_add(INTERVAL).unwrap_or(Timestamp::MAX));
        }
        is_due
    }
}

impl Engine {
    /// Once an hour, forgets what the policy of its desk keeps no longer. A ticket that somebody
    /// changes at this moment is left for the next time.
    pub(super) async fn forget_old_texts(&self, now: Timestamp) -> Result<(), StoreError> {
        if !self.retention.is_due(now) {
            return Ok(());
        }
        for desk in self.parts.store.list_desks().await? {
            let in_force = self.parts.rulebook.rules().policies.of(&desk);
            let seconds = in_force.policy.retention.request_text.approximate_seconds();
            let span = SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX));
            let before = now.saturating_sub(span).unwrap_or(Timestamp::MIN);
            loop {
                match self.parts.store.forget_texts(desk.repository.id, before).await {
                    Ok(Forgotten { is_all: false, .. }) => {}
                    Ok(Forgotten { is_all: true, .. }) | Err(StoreError::Conflict) => break,
                    Err(other) => return Err(other),
                }
            }
        }
        Ok(())
    }
}
