//! The stand-in's clock: it stands still for tests, flows for the demo, and can be moved by hand.
//!
//! Start reading at [`Clock`]. This is the one place of the sandbox that looks at the real time.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

/// A function that tells the time, as the bot takes it.
pub type TellTime = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Whether the clock moves by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Only [`Clock::move_by`] moves it.
    Still,
    /// It runs on with the real time.
    Flowing,
}

/// A clock that everybody around one sandbox shares; a clone is the same clock.
#[derive(Clone, Debug)]
pub struct Clock {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    offset: Mutex<Offset>,
    jumps: watch::Sender<u64>,
}

#[derive(Clone, Copy, Debug)]
struct Offset {
    base: Timestamp,
    since: Option<Instant>,
}

impl Clock {
    /// A clock that shows `start` now.
    #[must_use]
    pub fn starting_at(start: Timestamp, flow: Flow) -> Self {
        let since = match flow {
            Flow::Still => None,
            Flow::Flowing => Some(Instant::now()),
        };
        let offset = Mutex::new(Offset { base: start, since });
        Self { inner: Arc::new(Inner { offset, jumps: watch::Sender::new(0) }) }
    }

    /// The time shown.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let offset = *self.inner.offset.lock().unwrap_or_else(PoisonError::into_inner);
        let elapsed = offset.since.map_or(SignedDuration::ZERO, |since| {
            SignedDuration::try_from(since.elapsed()).unwrap_or(SignedDuration::MAX)
        });
        offset.base.saturating_add(elapsed).unwrap_or(Timestamp::MAX)
    }

    /// Moves the clock and tells everybody who listens to [`Clock::jumps`].
    pub fn move_by(&self, by: SignedDuration) {
        {
            let mut offset = self.inner.offset.lock().unwrap_or_else(PoisonError::into_inner);
            offset.base = offset.base.saturating_add(by).unwrap_or(Timestamp::MAX);
        }
        self.inner.jumps.send_modify(|count| *count += 1);
    }

    /// Changes whenever the clock was moved; the value counts the moves.
    #[must_use]
    pub fn jumps(&self) -> watch::Receiver<u64> {
        self.inner.jumps.subscribe()
    }

    /// The clock as a plain function.
    #[must_use]
    pub fn as_function(&self) -> TellTime {
        let clock = self.clone();
        Arc::new(move || clock.now())
    }
}
