//! The stand-in GitHub, spoken to over HTTP as the bot does.

mod access;
mod answers;
mod calls;
mod changes;
mod lists;
mod misfortunes;
mod served;
