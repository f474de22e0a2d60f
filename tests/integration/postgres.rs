//! PostgreSQL as the store: what holds for the file holds for the server too, and what only
//! a server can do to us.
//!
//! [`server::Server`] is a throwaway cluster; all stories are played on one by `stories/told.rs`.

mod examined;
mod migrations;
mod moving;
mod round_trips;
pub(crate) mod server;
