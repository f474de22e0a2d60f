//! When to try again.

use std::time::Duration;

use jiff::Timestamp;

/// A delivery whose decision fails this often is set aside.
pub(super) const DECISION_ATTEMPTS_MAX: i64 = 5;
const FIRST_PAUSE: Duration = Duration::from_secs(2);
const PAUSE_MAX: Duration = Duration::from_secs(300);

/// So long, and so often at the least, something is tried that GitHub does not answer clearly.
const TRIED_FOR: Duration = Duration::from_secs(3 * 24 * 60 * 60);
const ATTEMPTS_MIN: i64 = 10;

/// Whether something that began then was tried long and often enough.
pub(super) fn is_tried_enough((began, attempts): (Timestamp, i64), now: Timestamp) -> bool {
    attempts >= ATTEMPTS_MIN && after(began, TRIED_FOR) < now
}

/// The time of the next attempt after so many: twice as long each time, up to five minutes.
pub(super) fn next_attempt_at(now: Timestamp, attempts: i64) -> Timestamp {
    let doublings = u32::try_from(attempts.clamp(0, 16)).unwrap_or(16);
    after(now, FIRST_PAUSE.saturating_mul(1 << doublings).min(PAUSE_MAX))
}

/// `span` after `now`.
pub(super) fn after(now: Timestamp, span: Duration) -> Timestamp {
    now.checked_add(span).unwrap_or(Timestamp::MAX)
}
