//! The real binary, `keydesk serve`, as a process of its own against a served stand-in GitHub.
//!
//! [`desk::Desk`] is the process, [`stand_in::StandIn`] the GitHub it works for, [`wire`] what
//! webhooks are sent with.

mod desk;
pub(crate) mod stand_in;
mod wire;

mod configuration;
mod contract;
mod crowd;
mod cut;
mod digest;
mod doctor;
mod erasure;
mod examples;
mod faults;
mod hostile;
mod import;
mod killed;
mod machines;
mod messages;
mod migrate;
mod packages;
mod policies;
mod public;
mod requests;
mod secrets;
mod settings;
pub(crate) mod setup;
mod simulate;
mod staff;
mod stopping;
mod storage;
mod sweep;
mod tokens;
#[cfg(feature = "otlp")]
mod traces;
mod upgrades;
