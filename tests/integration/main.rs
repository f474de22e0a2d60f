//! Everything that is tested from outside the modules, in one binary.

mod browser;
mod chaos;
mod commands;
mod crashes;
mod credentials;
mod desk;
mod digest;
mod guidance;
mod history;
mod import;
mod migrations;
mod observability;
mod pages;
mod policy;
mod postgres;
mod process;
mod reading;
mod retention;
mod rows;
mod sandbox;
mod simulate;
mod simulation;
mod store;
mod stories;
mod sweep;
mod waits;
