//! Where a command waits for the store and for GitHub.

use std::pin::{Pin, pin};

use super::Failure;

/// Does what a command does, with a thread for each core.
///
/// # Errors
/// Those of the future, or that this machine gives no threads.
pub(super) fn wait_for<T>(future: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(error, "this machine gives no threads"))?;
    // Behind a pointer, or the runtime would be compiled once for each command.
    let future: Pin<&mut dyn Future<Output = Result<T, Failure>>> = pin!(future);
    runtime.block_on(future)
}
