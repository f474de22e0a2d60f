//! Everything that is tested from outside the modules, in one binary.

mod chaos;
mod commands;
mod crashes;
mod desk;
mod digest;
mod guidance;
mod history;
mod import;
mod policy;
mod process;
mod reading;
mod sandbox;
mod simulate;
mod simulation;
mod stories;
mod sweep;
mod waits;
