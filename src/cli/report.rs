//! How a command prints what it has to say, and how it ends when it does not end well.

use std::fmt::Display;
use std::process::ExitCode;

use clap::ValueEnum;

/// How a command prints what it has to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// What went wrong (`error: …`) and what to do now (`help: …`).
#[derive(Debug)]
pub struct Failure {
    errors: Vec<String>,
    help: Option<String>,
}

impl Failure {
    /// A failure with its cure.
    pub fn new(error: impl Display, help: impl Into<String>) -> Self {
        Self { errors: vec![error.to_string()], help: Some(help.into()) }
    }

    /// Several problems, each of which brings its own cure.
    pub fn of(problems: impl IntoIterator<Item = impl Display>) -> Self {
        Self {
            errors: problems.into_iter().map(|problem| problem.to_string()).collect(),
            help: None,
        }
    }

    /// Prints it to standard error.
    pub fn print(&self) -> ExitCode {
        for error in &self.errors {
            eprintln!("error: {error}");
        }
        if let Some(help) = &self.help {
            eprintln!("help: {help}");
        }
        ExitCode::FAILURE
    }
}
