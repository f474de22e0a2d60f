//! What can be wrong with a text: where, what, and the cure.

use std::fmt;

use minijinja::{Error, ErrorKind};

/// Names less alike than this are no help.
const LIKENESS_MIN: f64 = 0.8;

/// A mistake in a template, told to whoever wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateProblem {
    /// Name of the file.
    pub file: String,
    /// Line in it, from 1, where it is known.
    pub line: Option<usize>,
    /// Column in that line, from 1, where it is known.
    pub column: Option<usize>,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub cure: String,
}

impl TemplateProblem {
    /// A problem of the whole file.
    pub(super) fn of_file(file: &str, what: impl Into<String>, cure: &str) -> Self {
        let (what, cure) = (what.into(), cure.to_owned());
        Self { file: file.to_owned(), line: None, column: None, what, cure }
    }

    /// What the template engine found; a mistake in an included file is told of that file.
    pub(super) fn from_error(file: &str, error: &Error) -> Self {
        let root = root_of(error);
        let source = root.template_source().unwrap_or_default();
        let range = root.range();
        let wrong = range.clone().and_then(|range| source.get(range)).unwrap_or_default();
        Self {
            file: root.name().or(error.name()).unwrap_or(file).to_owned(),
            line: root.line().or(error.line()),
            column: range.and_then(|range| column_of(source, range.start)),
            what: say(root, wrong),
            cure: nearest_fact(root, wrong).unwrap_or_else(|| cure(root).to_owned()),
        }
    }
}

impl fmt::Display for TemplateProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.file)?;
        for number in [self.line, self.column].into_iter().flatten() {
            write!(formatter, ":{number}")?;
        }
        write!(formatter, ": {}\nhelp: {}", self.what, self.cure)
    }
}

fn column_of(source: &str, start: usize) -> Option<usize> {
    let before = source.get(..start)?;
    Some(before.chars().rev().take_while(|character| *character != '\n').count() + 1)
}

/// The fact that was probably meant, where none was met.
fn nearest_fact(error: &Error, wrong: &str) -> Option<String> {
    if error.kind() != ErrorKind::UndefinedError {
        return None;
    }
    let names = super::samples::fact_names();
    let best = nearest(wrong, names.iter().map(String::as_str))?;
    Some(format!("did you mean `{best}`?"))
}

/// The name most like the wrong one, if any is like it.
pub(super) fn nearest<'a>(wrong: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let rated = names.map(|name| (strsim::jaro_winkler(wrong, name), name));
    let best = rated.max_by(|one, other| one.0.total_cmp(&other.0))?;
    (best.0 >= LIKENESS_MIN && best.1 != wrong).then_some(best.1)
}

/// A text that could not be rendered. It names places and no facts, so it may be logged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the text {file} could not be rendered: {problem}")]
pub struct RenderError {
    /// The file that was asked for.
    pub file: String,
    /// What is wrong with it or with a part of it.
    pub problem: Box<TemplateProblem>,
}

impl RenderError {
    pub(super) fn new(file: &str, error: &Error) -> Self {
        Self { file: file.to_owned(), problem: Box::new(TemplateProblem::from_error(file, error)) }
    }
}

/// The innermost error of the template engine: an include wraps what went wrong inside.
fn root_of(error: &Error) -> &Error {
    let mut root = error;
    while let Some(inner) = std::error::Error::source(root).and_then(|source| source.downcast_ref())
    {
        root = inner;
    }
    root
}

fn say(error: &Error, wrong: &str) -> String {
    if error.kind() == ErrorKind::OutOfFuel {
        return "takes more steps than a comment can need".to_owned();
    }
    match error.detail() {
        Some(detail) => format!("{}: {detail}", error.kind()),
        None if wrong.is_empty() => error.kind().to_string(),
        None => format!("{} `{wrong}`", error.kind()),
    }
}

/// The engine has more kinds than a writer of texts can meet; the rest share one cure.
fn cure(error: &Error) -> &'static str {
    match error.kind() {
        ErrorKind::SyntaxError => {
            "correct this line: `{{ fact }}` shows a fact, `{% if … %}` chooses"
        }
        ErrorKind::UndefinedError => {
            "use a fact that exists; src/triage/text.rs and src/guidance/context.rs list them"
        }
        ErrorKind::TemplateNotFound => "add this file or correct its name where it is used",
        ErrorKind::UnknownFilter | ErrorKind::UnknownFunction | ErrorKind::UnknownTest => {
            "ours are mention, policy_mention, web_address, issue_number, code, with_links and part()"
        }
        ErrorKind::OutOfFuel => "make it shorter, or its loops",
        _ => "correct this line, or remove the file to get the built-in text",
    }
}
