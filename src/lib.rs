//! Keydesk: the desk people come to when they are locked out.
//!
//! A bot that watches a GitHub issue tracker, reads account-recovery requests, answers each at
//! once with guidance that is true for that person, keeps track of whose turn it is and since
//! when, escalates what waits too long, and obeys maintainers' slash-commands.
//!
//! `docs/ARCHITECTURE.md` is the map: the rooms, the one way through them, and where a change goes.

pub mod cli;
pub mod clock;
pub mod engine;
pub mod github;
pub mod guidance;
pub mod markdown;
pub mod metrics;
pub mod policy;
pub mod reading;
pub mod sandbox;
pub mod settings;
pub mod store;
pub mod trace;
pub mod triage;
pub mod web;
