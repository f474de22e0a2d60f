//! Requests that only ask, kept within GitHub's limits by the store, which all processes share.

use std::time::Duration;

use async_trait::async_trait;

use crate::clock::Clock;
use crate::github::CallError;
use crate::github::pace::Pace;
use crate::github::transport::REQUEST_TIMEOUT;
use crate::store::{Limits, Store};

/// No room for reading a request of a person is waited for longer than this; then it is put off.
const PATIENCE: Duration = Duration::from_secs(2);

/// The limits as the store counts them.
pub struct StorePace {
    /// Where requests are counted.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// What GitHub allows.
    pub limits: Limits,
}

#[async_trait]
impl Pace for StorePace {
    async fn before_read(&self, installation: u64) -> Result<(), CallError> {
        let mut patience = PATIENCE;
        loop {
            let when = ((self.clock)(), REQUEST_TIMEOUT);
            let admitted = self.store.admit_read(installation, when, self.limits).await;
            let admitted = admitted.map_err(|error| CallError::Unreachable(error.to_string()))?;
            let Err(wait) = admitted else { return Ok(()) };
            let pause = wait.until.duration_since(when.0);
            let pause = Duration::try_from(pause).unwrap_or_default();
            if pause > patience {
                return Err(CallError::Limited { after: pause });
            }
            patience -= pause;
            tokio::time::sleep(pause.max(Duration::from_millis(10))).await;
        }
    }
}
