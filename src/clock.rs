//! The time, as everything else is handed it. The only place that reads the machine's clock.

use std::sync::Arc;

use jiff::Timestamp;

/// Tells the time. The demo and the tests hand over clocks that can be moved.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The machine's own clock.
#[expect(clippy::disallowed_methods, reason = "this is the one place that reads it")]
pub fn system() -> Clock {
    Arc::new(Timestamp::now)
}
