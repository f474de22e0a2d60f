//! A write is sent soon after leave was given for it, or not at all. A process that was frozen in
//! between must not send what another process has done since.

use std::cell::Cell;
use std::future::Future;
use std::time::{Duration, Instant};

/// GitHub ends a request after 10 s, and 15 s after the leave somebody else may look for what it did.
const WITHIN: Duration = Duration::from_secs(5);

tokio::task_local! {
    static SEND_BY: Cell<Option<Instant>>;
}

/// Runs an action whose writes must keep [`given_at`]'s time.
pub async fn kept<Output>(action: impl Future<Output = Output>) -> Output {
    SEND_BY.scope(Cell::new(None), action).await
}

/// Leave for the next write was asked for then.
pub fn given_at(asked: Instant) {
    // Outside an action nothing is kept.
    let _ = SEND_BY.try_with(|by| by.set(Some(asked + WITHIN)));
}

/// Whether it is too late to send.
pub(super) fn is_over() -> bool {
    SEND_BY.try_with(Cell::get).ok().flatten().is_some_and(|by| Instant::now() > by)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn leave_ends_and_is_given_anew() {
        let long_ago = Instant::now().checked_sub(2 * WITHIN).expect("a machine that is up");
        kept(async {
            assert!(!is_over(), "no leave was asked for");
            given_at(long_ago);
            assert!(is_over());
            given_at(Instant::now());
            assert!(!is_over());
        })
        .await;
        given_at(long_ago);
        assert!(!is_over(), "what is no action keeps no time");
    }
}
