//! The staff pages as a browser sees them: the real router over HTTP, the bot at work behind it,
//! and the stand-in GitHub to sign in at.
//!
//! [`desk::Desk`] is all of that, [`browser::Browser`] somebody with cookies.

mod browser;
pub(crate) mod desk;

mod access;
mod api;
mod buttons;
mod charts;
mod forged;
mod operations;
mod queue;
mod sessions;
mod shown;
mod sign_in;
mod tokens;
