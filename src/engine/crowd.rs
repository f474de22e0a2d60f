//! Who sends waits for an answer, and what was kept does not run away: while many deliveries are being
//! taken in, deciding leaves them the processor and the writer, for a moment each time.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// So many deliveries taken in at the same time are a crowd.
const CROWD_LENGTH: usize = 4;
/// It counts as one for so long after it was last seen: between two writes to the disk nobody waits.
const LINGERS: Duration = Duration::from_millis(50);
/// A decision is held back for no longer than this, however long the crowd stays.
const HELD_BACK_MAX: Duration = Duration::from_secs(1);

/// The deliveries that are being taken in.
#[derive(Default)]
pub(super) struct Crowd {
    length: AtomicUsize,
    seen_at: Mutex<Option<Instant>>,
}

/// One of them, until it is dropped.
pub(super) struct Waiting<'a>(&'a Crowd);

impl Crowd {
    /// Counts one more.
    pub(super) fn join(&self) -> Waiting<'_> {
        if self.length.fetch_add(1, Ordering::Relaxed) + 1 >= CROWD_LENGTH {
            *self.seen_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        }
        Waiting(self)
    }

    /// Returns when there is no crowd, or it has taken too long.
    pub(super) async fn let_pass(&self) {
        let began = Instant::now();
        while self.is_here() && began.elapsed() < HELD_BACK_MAX {
            tokio::time::sleep(LINGERS).await;
        }
    }

    fn is_here(&self) -> bool {
        let seen_at = *self.seen_at.lock().unwrap_or_else(PoisonError::into_inner);
        seen_at.is_some_and(|seen_at| seen_at.elapsed() < LINGERS)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.length.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn held_back(crowd: &Crowd) -> Duration {
        let began = Instant::now();
        crowd.let_pass().await;
        began.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn a_few_hold_nobody_back_and_a_crowd_only_for_a_while() {
        let crowd = Crowd::default();
        let few: Vec<_> = (1..CROWD_LENGTH).map(|_| crowd.join()).collect();
        assert_eq!(held_back(&crowd).await, Duration::ZERO);
        let last = crowd.join();
        assert_eq!(held_back(&crowd).await, LINGERS);
        drop((few, last));
        for _ in 0..CROWD_LENGTH {
            drop(crowd.join());
        }
        assert_eq!(held_back(&crowd).await, Duration::ZERO, "one after the other");
    }

    #[tokio::test(start_paused = true)]
    async fn a_crowd_that_stays_lets_a_decision_through_each_second() {
        let crowd = std::sync::Arc::new(Crowd::default());
        let coming = crowd.clone();
        let arrivals = tokio::spawn(async move {
            loop {
                let _all: Vec<_> = (0..CROWD_LENGTH).map(|_| coming.join()).collect();
                tokio::time::sleep(LINGERS / 2).await;
            }
        });
        tokio::task::yield_now().await;
        assert_eq!(held_back(&crowd).await, HELD_BACK_MAX);
        arrivals.abort();
    }
}
