//! How a command prints what it has to say, and how it ends when it does not end well.

use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::ValueEnum;
use clap::error::ErrorKind;

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

    /// Each thing that went wrong, with what to do about it.
    pub fn told(&self) -> Vec<(String, Option<String>)> {
        let told = |error: &String| match error.split_once("\nhelp: ") {
            Some((error, help)) => (error.to_owned(), Some(help.to_owned())),
            None => (error.clone(), self.help.clone()),
        };
        self.errors.iter().map(told).collect()
    }

    /// The same as lines: what, and `help:` with the cure.
    pub fn lines(&self) -> Vec<String> {
        let line = |(what, help): (String, Option<String>)| match help {
            Some(help) => format!("{what}\nhelp: {help}"),
            None => what,
        };
        self.told().into_iter().map(line).collect()
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

/// Prints why the command line was not understood, or the help that was asked for.
pub(super) fn print_wrong_use(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() || error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        // Nothing more can be done where not even this can be written.
        let _ = error.print();
    } else {
        let text = error.render().to_string();
        let text = text.replace("\n  tip: ", "\nhelp: ");
        let more = "For more information, try '--help'.";
        eprint!("{}", text.replace(more, "help: `--help` in its place tells what is possible"));
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// Writes a text to standard output.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    print_bytes(text.as_bytes())
}

/// Writes bytes to standard output. That nobody reads on is no failure.
pub(super) fn print_bytes(bytes: &[u8]) -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    match output.write_all(bytes).and_then(|()| output.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            let what = format!("the answer could not be written: {error}");
            Err(Failure::new(what, "look at the place it is written to"))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}
