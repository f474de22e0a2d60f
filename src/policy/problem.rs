//! What is wrong with a configuration file: where, what, and what now.

use std::fmt;
use std::ops::Range;

/// One mistake in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file as people know it.
    pub file: String,
    /// Line, from 1; 0 where no place is known.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub cure: Option<String>,
}

impl Problem {
    /// A problem at a span of bytes of `text`.
    pub fn at(
        file: &str,
        (text, span): (&str, Option<Range<usize>>),
        what: impl Into<String>,
    ) -> Self {
        let (line, column) = span.map_or((0, 0), |span| place(text, span.start));
        Self { file: file.to_owned(), line, column, what: what.into(), cure: None }
    }

    /// With what to do about it.
    #[must_use]
    pub fn with_cure(self, cure: Option<String>) -> Self {
        Self { cure, ..self }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.file)?;
        if self.line > 0 {
            write!(formatter, ":{}:{}", self.line, self.column)?;
        }
        write!(formatter, ": {}", self.what)?;
        match &self.cure {
            Some(cure) => write!(formatter, "\nhelp: {cure}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Problem {}

fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// "did you mean" the nearest of `names`, if one is near enough to be a slip.
pub fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let letters_max = (word.chars().count() / 3).max(2);
    names
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(word, name), name))
        .filter(|(distance, _)| *distance <= letters_max)
        .min()
        .map(|(_, name)| format!("did you mean `{name}`?"))
}
