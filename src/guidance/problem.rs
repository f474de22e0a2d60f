//! What can be wrong with a text: where, what, and the cure.

use std::fmt;

use minijinja::{Error, ErrorKind};

/// A mistake in a template, told to whoever wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateProblem {
    /// Name of the file.
    pub file: String,
    /// Line in it, from 1, where it is known.
    pub line: Option<usize>,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub cure: String,
}

impl TemplateProblem {
    /// A problem of the whole file.
    pub(super) fn of_file(file: &str, what: impl Into<String>, cure: &str) -> Self {
        Self { file: file.to_owned(), line: None, what: what.into(), cure: cure.to_owned() }
    }

    /// What the template engine found; a mistake in an included file is told of that file.
    pub(super) fn from_error(file: &str, error: &Error) -> Self {
        let root = root_of(error);
        Self {
            file: root.name().or(error.name()).unwrap_or(file).to_owned(),
            line: root.line().or(error.line()),
            what: say(root),
            cure: cure(root).to_owned(),
        }
    }
}

impl fmt::Display for TemplateProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(formatter, ":{line}")?;
        }
        write!(formatter, ": {}\nhelp: {}", self.what, self.cure)
    }
}

/// A text that could not be rendered. It names places and no facts, so it may be logged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the text {file} could not be rendered: {problem}")]
pub struct RenderError {
    /// The file that was asked for.
    pub file: String,
    /// What is wrong with it or with a part of it.
    pub problem: TemplateProblem,
}

impl RenderError {
    pub(super) fn new(file: &str, error: &Error) -> Self {
        Self { file: file.to_owned(), problem: TemplateProblem::from_error(file, error) }
    }
}

/// The innermost error of the template engine: an include wraps what went wrong inside.
fn root_of(error: &Error) -> &Error {
    let mut root = error;
    while let Some(inner) = std::error::Error::source(root).and_then(|source| source.downcast_ref()) {
        root = inner;
    }
    root
}

fn say(error: &Error) -> String {
    match error.detail() {
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    }
}

/// The engine has more kinds than a writer of texts can meet; the rest share one cure.
fn cure(error: &Error) -> &'static str {
    match error.kind() {
        ErrorKind::SyntaxError => "correct this line: `{{ fact }}` shows a fact, `{% if … %}` chooses",
        ErrorKind::UndefinedError => "use a fact that exists; the list is in src/triage/text.rs",
        ErrorKind::TemplateNotFound => "add this file or correct its name where it is used",
        ErrorKind::UnknownFilter | ErrorKind::UnknownFunction | ErrorKind::UnknownTest => {
            "ours are mention, policy_mention, web_address, code, with_links and part()"
        }
        ErrorKind::OutOfFuel => "make it shorter: it takes more steps than a comment can need",
        _ => "correct this line, or remove the file to get the built-in text",
    }
}
