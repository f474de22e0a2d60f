//! Logs: text for people, JSON for machines; what is told is set by `RUST_LOG`.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::settings::LOG_FILTER;

/// Starts logging to standard error, by a filter as `RUST_LOG` has it. A second start changes
/// nothing.
pub(super) fn start(has_json_logs: bool, filter: Option<&str>) {
    let filter = filter.and_then(|filter| EnvFilter::try_new(filter).ok());
    let filter = filter.unwrap_or_else(|| EnvFilter::new(LOG_FILTER));
    let is_colourful = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(is_colourful);
    // An error means that somebody started it before, which is as good.
    let _ = if has_json_logs { builder.json().try_init() } else { builder.try_init() };
}
