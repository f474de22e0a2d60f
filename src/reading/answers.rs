//! Reads answers in a word to the questions of the card: "codes: yes, mailbox no", in any of the
//! languages of `words/answers.txt`.
//!
//! Only short clauses count: a thing, and yes or no. What is told at length is read as prose.

use std::sync::LazyLock;

use super::words::table::{self, Meaning};
use super::{Answers, Known, RecoveryCodes, Site};

/// A clause with more words tells a story, and does not answer in a word.
const CLAUSE_WORDS_MAX: usize = 7;

/// The same for scripts that write without spaces.
const CLAUSE_CHARACTERS_MAX: usize = 60;

/// Clauses that are looked at; whoever answers in a word has few.
const CLAUSES_MAX: usize = 60;

/// A longer text is a story, or worse.
const TEXT_BYTES_MAX: usize = 8 * 1024;

/// What a phrase of the table stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Codes,
    Mailbox,
    Session,
    Site,
    Yes,
    No,
}

impl Meaning for Part {
    fn of_section(section: &str) -> Option<Self> {
        Some(match section {
            "codes" => Self::Codes,
            "mailbox" => Self::Mailbox,
            "session" => Self::Session,
            "site" => Self::Site,
            "yes" => Self::Yes,
            "no" => Self::No,
            _ => return None,
        })
    }
}

/// The phrases with their meanings, longest first, so that "recovery codes" wins over "code".
static PHRASES: LazyLock<Vec<(String, Part)>> = LazyLock::new(|| {
    let mut phrases = Vec::new();
    let table = include_str!("words/answers.txt");
    table::read_entries(table, |entry| phrases.push((entry.phrase.to_owned(), entry.meaning)))
        .expect("a test reads the table");
    phrases.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len()));
    phrases
});

/// What the short clauses of a text answer.
pub fn find_answers(text: &str) -> Answers {
    let mut answers = Answers::default();
    if text.len() > TEXT_BYTES_MAX {
        return answers;
    }
    let text = text.to_lowercase().replace('’', "'");
    let lines = text.lines().filter(|line| !line.trim_start().starts_with(['>', '/']));
    let parts =
        lines.flat_map(|line| line.split([',', ';', '、', '，', '；', '。', '!', '！', '|']));
    let clauses = parts.flat_map(sentences).map(str::trim).filter(|clause| !clause.is_empty());
    for clause in clauses.take(CLAUSES_MAX) {
        hear(clause, &mut answers);
    }
    answers
}

/// Splits at full stops that end a sentence, not at those within `pypi.org`, and at "and", "but".
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split(". ").flat_map(|part| part.split(" and ")).flat_map(|part| part.split(" but "))
}

fn hear(clause: &str, answers: &mut Answers) {
    let clause = clause.trim_start_matches(['-', '*', '•', ' ']).trim_end_matches('.');
    let is_short = clause.split_whitespace().count() <= CLAUSE_WORDS_MAX
        && clause.chars().count() <= CLAUSE_CHARACTERS_MAX;
    if !is_short || clause.ends_with(['?', '？']) {
        return;
    }
    if let Some(site) = site_of(clause) {
        answers.site = Some(site);
        return;
    }
    let thing = first(clause, |part| !matches!(part, Part::Yes | Part::No | Part::Site));
    let said = first(clause, |part| part == Part::No).or(first(clause, |part| part == Part::Yes));
    let (Some(thing), Some(said)) = (thing, said) else { return };
    let is_yes = said == Part::Yes;
    let known = if is_yes { Known::Yes } else { Known::No };
    match thing {
        Part::Codes => {
            let codes = if is_yes { RecoveryCodes::Has } else { RecoveryCodes::Lost };
            answers.recovery_codes = Some(codes);
        }
        Part::Mailbox => answers.email_access = Some(known),
        Part::Session => answers.session = Some(known),
        Part::Site | Part::Yes | Part::No => {}
    }
}

/// "site: pypi", "test.pypi.org", "TestPyPI": nothing but the site's name, and what it answers.
fn site_of(clause: &str) -> Option<Site> {
    let label = first(clause, |part| part == Part::Site);
    let name = match label {
        Some(_) => clause.rsplit([':', '：', '=', ' ']).next()?,
        None => clause,
    };
    match name.trim().trim_end_matches('/').trim_start_matches("https://") {
        "test.pypi.org" | "testpypi" | "test pypi" => Some(Site::Testpypi),
        "pypi.org" | "pypi" => Some(Site::Pypi),
        _ => None,
    }
}

/// The meaning of the longest phrase of the clause whose meaning is wanted.
fn first(clause: &str, wanted: impl Fn(Part) -> bool) -> Option<Part> {
    let mut meant = PHRASES.iter().filter(|(_, part)| wanted(*part));
    meant.find(|(phrase, _)| holds(clause, phrase)).map(|(_, part)| *part)
}

/// Whether a phrase stands in a text as words of its own; scripts without spaces have no such
/// borders.
pub(super) fn holds(text: &str, phrase: &str) -> bool {
    let has_borders = !phrase.chars().any(is_unspaced);
    text.match_indices(phrase).any(|(start, _)| {
        let before = text[..start].chars().next_back();
        let after = text[start + phrase.len()..].chars().next();
        !has_borders
            || !(before.is_some_and(char::is_alphanumeric) || after.is_some_and(continues_word))
    })
}

fn continues_word(character: char) -> bool {
    character.is_alphanumeric() && !is_unspaced(character)
}

/// Chinese characters, kana and Hangul.
fn is_unspaced(character: char) -> bool {
    matches!(character, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}
