//! Lets a part of some work be done.

use std::future::Future;
use std::pin::pin;
use std::task::Poll;

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
