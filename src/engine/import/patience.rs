//! Calls that are made again until they are answered.

use std::time::Duration;

use super::{News, Tell};
use crate::github::CallError;

/// A call that is not answered so often never will be.
const ATTEMPTS_MAX: u32 = 6;
const FIRST_PAUSE: Duration = Duration::from_secs(2);

/// Makes a call that only reads, again after what may pass: GitHub's limits for as long as it asks,
/// silence a few times.
pub(super) async fn patiently<T>(
    tell: &Tell,
    call: impl AsyncFn() -> Result<T, CallError>,
) -> Result<T, CallError> {
    make(tell, call, ATTEMPTS_MAX).await
}

/// The same for the first call of all: who cannot be reached then is told so at once.
pub(super) async fn at_once<T>(
    tell: &Tell,
    call: impl AsyncFn() -> Result<T, CallError>,
) -> Result<T, CallError> {
    make(tell, call, 1).await
}

async fn make<T>(
    tell: &Tell,
    call: impl AsyncFn() -> Result<T, CallError>,
    attempts_max: u32,
) -> Result<T, CallError> {
    let mut attempts = 0;
    loop {
        let error = match call().await {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        let pause = match &error {
            CallError::Limited { after } => *after,
            CallError::Unreachable(_) | CallError::Unclear(_) => {
                attempts += 1;
                FIRST_PAUSE.saturating_mul(1 << attempts.min(ATTEMPTS_MAX))
            }
            CallError::Refused { .. } => return Err(error),
        };
        if attempts >= attempts_max {
            return Err(error);
        }
        tell(News::Waiting(pause));
        tokio::time::sleep(pause).await;
    }
}
