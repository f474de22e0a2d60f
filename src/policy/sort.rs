//! The sorts of text a policy holds: how one is judged, and what of that can be said to an editor.

use super::problem::Wrong;
use super::value::{self, Check};

/// A sort of text.
#[derive(Clone, Copy)]
pub(crate) struct Sort {
    check: Check,
    look: Look,
}

/// What a JSON Schema can say of a sort of text. It never refuses what the check lets pass; the
/// check may be stricter.
#[derive(Clone, Copy)]
pub(crate) enum Look {
    /// Anything.
    Free,
    /// One line of at most so many characters.
    Line(usize),
    /// The same, or nothing at all.
    LineOrNothing(usize),
    /// What the whole text matches, in the common part of all dialects.
    Pattern(&'static str),
    /// The same, but none of these words.
    PatternBut(&'static str, &'static [&'static str]),
    /// One of these words.
    Words(&'static [&'static str]),
    /// A duration.
    Span,
    /// A duration, or `never`.
    SpanOrNever,
}

impl Sort {
    /// A sort of which an editor is told nothing.
    pub(crate) const fn free(check: Check) -> Self {
        Self { check, look: Look::Free }
    }

    /// A sort of which an editor is told this.
    pub(crate) const fn new(check: Check, look: Look) -> Self {
        Self { check, look }
    }

    /// Judges one text.
    pub(crate) fn check(self, text: &str) -> Result<(), Wrong> {
        (self.check)(text)
    }

    /// What an editor can be told.
    pub(crate) fn look(self) -> Look {
        self.look
    }
}

/// One line for people.
pub(crate) const LINE: Sort = Sort::new(value::line, Look::Line(value::LINE_CHARACTERS_MAX));

/// One line for people, or nothing for "not any more".
pub(crate) const LINE_OR_NOTHING: Sort =
    Sort::new(value::line_or_none, Look::LineOrNothing(value::LINE_CHARACTERS_MAX));

/// The name of a label on GitHub.
pub(crate) const LABEL: Sort = Sort::new(value::label, Look::Line(value::LABEL_CHARACTERS_MAX));

/// A label, or nothing for "no label".
pub(crate) const LABEL_OR_NOTHING: Sort =
    Sort::new(value::label_or_none, Look::LineOrNothing(value::LABEL_CHARACTERS_MAX));

/// What GitHub shows beside a label.
pub(crate) const LABEL_DESCRIPTION: Sort =
    Sort::new(value::label_description, Look::Line(value::DESCRIPTION_CHARACTERS_MAX));

/// Six hexadecimal digits.
pub(crate) const COLOR: Sort = Sort::new(value::color, Look::Pattern("^[0-9A-Fa-f]{6}$"));

/// A duration.
pub(crate) const SPAN: Sort = Sort::new(value::span, Look::Span);

/// A duration, or `never`.
pub(crate) const SPAN_OR_NEVER: Sort = Sort::new(value::span_or_never, Look::SpanOrNever);

/// A date.
pub(crate) const DATE: Sort =
    Sort::new(value::date, Look::Pattern("^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"));

/// A time zone. Which there are the machine knows; its spelling may differ in case.
pub(crate) const TIMEZONE: Sort =
    Sort::new(value::timezone, Look::Pattern("^[A-Za-z][A-Za-z0-9_+/-]*$"));

/// A role that may command.
pub(crate) const ROLE: Sort = Sort::new(value::role, Look::Words(value::ROLES));

/// `@login`.
pub(crate) const LOGIN: Sort =
    Sort::new(value::login, Look::Pattern("^@[A-Za-z0-9_][A-Za-z0-9_-]{0,38}$"));

/// `@login` or `@organisation/team`.
pub(crate) const MENTION: Sort = Sort::new(
    value::mention,
    Look::Pattern("^@[A-Za-z0-9_][A-Za-z0-9_-]{0,38}(/[A-Za-z0-9._-]+)?$"),
);

/// `rota` or `@login`.
pub(crate) const ASSIGNEE: Sort =
    Sort::new(value::assignee, Look::Pattern("^(rota|@[A-Za-z0-9_][A-Za-z0-9_-]{0,38})$"));

/// The name of a chat.
pub(crate) const CHAT: Sort = Sort::new(value::chat, Look::Pattern("^[a-z][a-z0-9_]{0,49}$"));

/// The name of a slash-command.
pub(crate) const COMMAND: Sort = Sort::new(value::command, Look::Pattern(COMMAND_PATTERN));

/// The name of a command that is text and settings only.
pub(crate) const REPLY_COMMAND: Sort =
    Sort::new(value::reply_command, Look::PatternBut(COMMAND_PATTERN, value::COMMANDS_WITH_CODE));

/// The name of a template.
pub(crate) const TEMPLATE: Sort =
    Sort::new(value::template, Look::Pattern("^[a-z][a-z0-9_-]{0,49}$"));

/// The name of a reply's argument.
pub(crate) const ARGUMENT: Sort = Sort::new(value::argument, Look::Pattern("^[a-z][a-z_]{0,49}$"));

const COMMAND_PATTERN: &str = "^[a-z][a-z-]{0,49}$";
