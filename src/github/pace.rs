//! Whether a request may be made now: GitHub counts those that only ask too.

use async_trait::async_trait;

use super::CallError;

/// Asked before each request that only asks. Those that change something are asked for where they
/// are decided on, together with the note that an attempt begins.
#[async_trait]
pub trait Pace: Send + Sync {
    /// Returns when the request may be made; `installation` is 0 in token mode.
    ///
    /// # Errors
    /// [`CallError::Limited`] where there is no room for a while; nothing was sent.
    async fn before_read(&self, installation: u64) -> Result<(), CallError>;
}

/// No limit: for a server of one's own, and tests.
pub struct Unpaced;

#[async_trait]
impl Pace for Unpaced {
    async fn before_read(&self, _installation: u64) -> Result<(), CallError> {
        Ok(())
    }
}
