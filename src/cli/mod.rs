//! The command line: one file a command.

mod check;
mod configuration;
mod database;
mod demo;
mod digest;
mod doctor;
mod erase;
mod explain;
mod forms;
mod import;
mod issue_line;
mod logging;
mod migrate;
mod pages;
mod parse;
mod progress;
mod reload;
mod replay;
mod report;
mod retry;
mod runtime;
mod schema;
mod serve;
mod setup;
mod shell;
mod simulate;
mod sources;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

pub use report::{Failure, Format};

/// The desk people come to when they are locked out.
#[derive(Parser)]
#[command(
    name = "keydesk",
    version,
    about,
    arg_required_else_help = true,
    disable_help_subcommand = true
)]
#[command(
    after_help = "Start with `keydesk demo`: the whole desk on this machine, with no account anywhere."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the bot: receiver, workers and clock
    Serve(serve::Serve),
    /// Run the bot with a stand-in GitHub in one process, everything in memory
    Demo(demo::Demo),
    /// Read a request or a comment and print what it says as JSON
    Parse(parse::Parse),
    /// Check configuration and texts
    Check(check::Check),
    /// Take an existing tracker's history in; writes nothing to GitHub
    Import(import::Import),
    /// Forget a person or a ticket
    Erase(erase::Erase),
    /// Move everything from one database to another
    Migrate(migrate::Migrate),
    /// Show a ticket's history with the reason of each decision
    Explain(explain::Explain),
    /// Handle a delivery again
    Replay(replay::Replay),
    /// Try again what was given up or set aside of a ticket
    Retry(retry::Retry),
    /// Show what a repository's digest would tell now
    Digest(digest::Digest),
    /// Play a tracker's past and show what the bot would have done
    Simulate(simulate::Simulate),
    /// Hold the texts' sources against a checkout of Warehouse
    Sources(sources::Sources),
    /// Look for what keeps the bot from working, and say the cure of each fault
    Doctor(doctor::Doctor),
    /// Print the JSON Schema of a configuration file
    Schema(schema::Schema),
    /// Print what a shell needs to complete the command line
    Completions(shell::Completions),
    /// Print a page for `man`
    Man(shell::Man),
}

/// The commands and their options, for whoever tells of them.
pub fn definition() -> clap::Command {
    Arguments::command()
}

/// Runs the command line; the exit code is 0 for done, 1 for failed, 2 for wrong use.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return report::print_wrong_use(&error),
    };
    let result = match arguments.command {
        Command::Serve(serve) => serve.run(),
        Command::Demo(demo) => demo.run(),
        Command::Parse(parse) => parse.run(),
        Command::Check(check) => check.run(),
        Command::Import(import) => import.run(),
        Command::Erase(erase) => erase.run(),
        Command::Migrate(migrate) => migrate.run(),
        Command::Explain(explain) => explain.run(),
        Command::Replay(replay) => replay.run(),
        Command::Retry(retry) => retry.run(),
        Command::Digest(digest) => digest.run(),
        Command::Simulate(simulate) => simulate.run(),
        Command::Sources(sources) => sources.run(),
        Command::Doctor(doctor) => doctor.run(),
        Command::Schema(schema) => schema.run(),
        Command::Completions(completions) => completions.run(definition()),
        Command::Man(man) => man.run(definition()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.print(),
    }
}
