//! What is wrong with a configuration: where, what, and what now.

use std::fmt;
use std::fmt::Write as _;

use super::layer::Layer;

/// What is wrong in a file, where, and what would cure it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file's name as people see it.
    pub file: String,
    /// Counted from 1; 0 where there is no place, as in the environment.
    pub line: usize,
    /// In characters, counted from 1.
    pub column: usize,
    /// What is wrong, as a sentence without a full stop.
    pub what: String,
    /// What to do about it.
    pub cure: Option<String>,
}

impl Problem {
    /// What is wrong with a whole file, or with something that is no file.
    pub(crate) fn of(name: &str, wrong: Wrong) -> Self {
        Self { file: name.to_owned(), line: 0, column: 0, what: wrong.what, cure: wrong.cure }
    }

    /// What is wrong at a byte of a layer.
    pub(crate) fn at(layer: &Layer, offset: usize, wrong: Wrong) -> Self {
        let before = layer.text.get(..offset).unwrap_or(&layer.text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            file: layer.name.clone(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            what: wrong.what,
            cure: wrong.cure,
        }
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

/// What is wrong with a value, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// One sentence without a full stop.
    pub(crate) what: String,
    /// What to do.
    pub(crate) cure: Option<String>,
}

impl Wrong {
    /// What is wrong where no cure is known.
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), cure: None }
    }

    /// The same with a cure.
    pub(crate) fn with_cure(mut self, cure: impl Into<String>) -> Self {
        self.cure = Some(cure.into());
        self
    }
}

/// A word that is none of those known, with the nearest of them or, if none is near, all.
pub(crate) fn unknown<'a>(
    kind: &str,
    word: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Wrong {
    let wrong = Wrong::new(format!("unknown {kind} {}", quote(word)));
    match nearest(word, known.clone()) {
        Some(near) => wrong.with_cure(format!("did you mean `{near}`?")),
        None => {
            let all = known.map(|word| format!("`{word}`")).collect::<Vec<_>>();
            if all.is_empty() {
                wrong
            } else {
                wrong.with_cure(format!("known: {}", all.join(", ")))
            }
        }
    }
}

/// The word most like this one, if any is like it at all.
pub(crate) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    // Comparing costs the product of the lengths, and nothing this long is a slip of the hand.
    const BYTES_MAX: usize = 200;
    if word.len() > BYTES_MAX {
        return None;
    }
    let plain = |word: &str| word.to_lowercase().replace('-', "_");
    let word = plain(word);
    let slips = |near: &&str| {
        let near = plain(near);
        let is_shortened = |long: &str, short: &str| short.len() >= 3 && long.starts_with(short);
        let distance = strsim::osa_distance(&word, &near);
        let is_near = distance <= (near.chars().count() / 3).max(1);
        let is_like = is_near || is_shortened(&near, &word) || is_shortened(&word, &near);
        is_like.then_some(distance)
    };
    let like = known.filter_map(|near| Some((slips(&near)?, near)));
    like.min_by_key(|(distance, _)| *distance).map(|(_, near)| near)
}

/// A value as a message may show it: one short line, and no address, which may hold a secret.
pub(crate) fn quote(text: &str) -> String {
    const SHOWN_MAX: usize = 60;
    if text.contains("://") {
        return "this address".to_owned();
    }
    let mut shown = String::from("`");
    for character in text.chars().take(SHOWN_MAX) {
        if character.is_control() || character == '`' {
            // Writing to a string cannot fail.
            let _ = write!(shown, "{}", character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    if text.chars().count() > SHOWN_MAX {
        shown.push('…');
    }
    shown.push('`');
    shown
}
