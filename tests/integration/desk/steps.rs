//! The bot stopped in the middle of its work, after so many steps.

use std::future::Future;
use std::pin::pin;
use std::task::Poll;

use keydesk::sandbox::state::OutgoingEvent;

use super::Desk;

impl Desk {
    /// Lets the bot work for so many steps, then drops it in the middle. True if it was done.
    pub(crate) fn work_steps(&self, step_count: usize) -> bool {
        self.runtime.block_on(polled(self.work(), step_count))
    }

    /// One webhook is taken, decided on, and what follows is done, by calls that find something to do.
    /// Says how often the database's server was waited for.
    pub(crate) fn round_trips_of(&self, event: &OutgoingEvent) -> u64 {
        let counted = || self.store.round_trips().expect("a server");
        let before = counted();
        self.runtime.block_on(async {
            self.take_in(event).await;
            assert!(self.engine.handle_next().await.expect("a store"));
            assert!(self.engine.perform_next().await.expect("a store"));
        });
        counted() - before
    }
}

/// Polls a future so often, then drops it. True if it ended.
pub(super) async fn polled(future: impl Future, count: usize) -> bool {
    let mut future = pin!(future);
    for _ in 0..count {
        let step = std::future::poll_fn(|context| Poll::Ready(future.as_mut().poll(context)));
        if step.await.is_ready() {
            return true;
        }
    }
    false
}
