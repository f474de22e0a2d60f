//! Finds the account's name in what stands under its heading, or else in the prose.
//!
//! PyPI's names begin and end with a letter or digit and hold only letters, digits, `.`, `_` and
//! `-`; so every mark around a name is decoration, whatever it is.

mod patterns;

use std::sync::LazyLock;

use memchr::memmem;
use rustc_hash::FxHashSet;

use super::form::Answer;
use super::pattern::{Pattern, is_of_name};
use super::span::{Source, Span, first_bytes};
use super::words::folded;
use patterns::{
    FIELD_LABEL, GUESSED, IN_BRACKETS, LABELS, LEADING, LIST_MARK, MARKED, PROFILE, TWO,
};

/// What was found for the account's name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NameReading {
    /// The one name that is meant.
    pub name: Option<String>,
    /// Other names that may be meant.
    pub candidates: Vec<String>,
    /// Whether the prose says the name outright, so that it is not forgotten.
    pub is_stated: bool,
    /// Whether the field says that the name is not known.
    pub is_unknown_to_writer: bool,
    /// Why a person should look, in a plain sentence.
    pub doubt: Option<&'static str>,
    /// How it was found, in a plain sentence.
    pub rule: &'static str,
    /// Where it stands.
    pub at: Option<Span>,
}

/// Bytes of one piece of prose in which a name is looked for.
const PROSE_BYTES_MAX: usize = 12 * 1024;

/// Bytes of one line of the field; no name stands behind so many.
const LINE_BYTES_MAX: usize = 1024;

/// Letters of the longest name taken for one.
const NAME_LETTERS_MAX: usize = 60;

/// Words that stand in the field without being a name.
static PLACEHOLDERS: LazyLock<FxHashSet<&str>> = LazyLock::new(|| {
    "
    username user user-name user_name yourusername your_username your-username redacted removed hidden
    n/a na n.a none null nil unknown idk token __token__ no_response xxx xxxx x email mail name pypi
    anonymous deleted pypi_username pypi-username tbd test-username undefined dont-know forgot forgotten
    inconnu bilmiyorum desconocido desconhecido unbekannt sconosciuto
    user_name_here username_here your_user_name your_name same private no yes not lost placeholder resolved solved done closed fixed project_name"
        .split_whitespace()
        .collect()
});

/// Words that never are the name after "username is" or the like.
static PLAIN_WORDS: LazyLock<FxHashSet<&str>> = LazyLock::new(|| {
    "
    the a an my is was not and or to for of in on at it that this lost forgotten unknown gone same also
    still but which what here there with by as has have been be can cannot could would will should now
    correct fine known mine ours password email mail address account username user name above below
    wrong invalid valid working something then already taken so its it's too if i we you no yes from
    recovery codes code pypi github login page reset issue support admin owner settings security tied
    nicht mir mehr unbekannt weg vergessen leider der die das ein eine mein meine pas perdu le la les un
    une mon ma mais el mi esta muy olvidado perdido desconocido el los las ja nao meu minha il lo
    associated field linked because since please hello hi slipped out just only exactly probably maybe
    perhaps likely either both missing deleted different another required request recover suspended
    locked"
        .split_whitespace()
        .collect()
});

/// Reads the name out of its field, and out of the prose where the field has none.
pub fn read_name(source: &Source, field: Option<&Answer<'_>>, prose: &[&str]) -> NameReading {
    let blocks = field.map_or(&[][..], |field| &field.blocks);
    let from_field = blocks.iter().map(|block| in_field(block)).find(|found| found.name.is_some());
    if let Some(found) = from_field {
        return NameReading { rule: "it stands under its heading", ..found }.placed(source, blocks);
    }
    if blocks.iter().any(|block| says_unknown(block)) {
        return NameReading { is_unknown_to_writer: true, ..NameReading::default() };
    }
    let is_filled = blocks.iter().any(|block| has_letters(block));
    let stated = after_label(prose);
    let is_stated = stated.is_some();
    let linked = || if field.is_none() { after_link(prose) } else { None };
    let Some(name) = stated.or_else(linked) else {
        let remark = is_filled.then_some("the field holds a sentence and no name");
        return NameReading { doubt: remark, ..NameReading::default() };
    };
    let found = NameReading {
        name: Some(name),
        doubt: field.map(|_| "the name was found in the text and not in its field"),
        is_stated,
        rule: "the text names it",
        ..NameReading::default()
    };
    found.placed(source, prose)
}

impl NameReading {
    /// The same with the place of the name in the pieces it was found in.
    fn placed(self, source: &Source, pieces: &[&str]) -> Self {
        let name = self.name.as_deref().unwrap_or_default();
        let found = pieces.iter().find_map(|piece| {
            let start = memmem::find(piece.as_bytes(), name.as_bytes())?;
            Some(source.span_of(&piece[start..start + name.len()]))
        });
        Self { at: found, ..self }
    }
}

/// The name in a page or text that shows a PyPI profile link.
pub fn in_profile_link(text: &str) -> Option<String> {
    PROFILE.find(text).and_then(|link| clean_name(link.names[0]))
}

/// Most people write the name and nothing else.
fn only_name(field: &str) -> Option<String> {
    let word = field.trim_matches(|mark: char| mark.is_whitespace() || "`'\"*".contains(mark));
    if word.bytes().all(is_of_name) { clean_name(word) } else { None }
}

fn in_field(field: &str) -> NameReading {
    if let Some(name) = only_name(field) {
        return NameReading { name: Some(name), ..NameReading::default() };
    }
    let mut names: Vec<String> = Vec::new();
    let mut doubt = None;
    for line in field.lines().filter(|line| has_letters(line)).take(6) {
        if line.trim_start().starts_with('#') {
            break;
        }
        let (found, remark) = in_line(first_bytes(line, LINE_BYTES_MAX));
        doubt = doubt.or(remark);
        for name in found {
            if !names.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
                names.push(name);
            }
        }
    }
    let mut reading = NameReading { name: names.first().cloned(), doubt, ..NameReading::default() };
    if names.len() > 1 {
        reading.doubt = Some("several names stand in the field");
        reading.candidates = names;
    }
    reading
}

fn has_letters(line: &str) -> bool {
    line.chars().any(char::is_alphanumeric)
}

/// The names in one line of the field, and a remark where it is not plainly one name.
fn in_line(line: &str) -> (Vec<String>, Option<&'static str>) {
    if let Some(name) = in_profile_link(line) {
        return (vec![name], None);
    }
    let line = without(&LIST_MARK, line);
    let line = without(&FIELD_LABEL, line.trim());
    let without_remark = without_brackets(line);
    let text = if has_letters(&without_remark) { &without_remark } else { line };
    let words: Vec<&str> = text.split_whitespace().filter(|word| has_letters(word)).collect();
    match words.as_slice() {
        [] => (Vec::new(), None),
        [word] => (clean_name(word).into_iter().collect(), None),
        [first, second] if joins(first, second) => (
            clean_name(&format!("{first}{second}")).into_iter().collect(),
            Some("there is a blank inside the name"),
        ),
        _ => match in_sentence(text, &words) {
            (names, remark) if names.is_empty() => (in_brackets(line), remark),
            found => found,
        },
    }
}

/// A line without what a pattern finds at its beginning.
fn without<'t>(pattern: &Pattern, line: &'t str) -> &'t str {
    pattern.fit_start(line).map_or(line, |fit| fit.rest)
}

/// A name in brackets behind words that are none.
fn in_brackets(line: &str) -> Vec<String> {
    let names = IN_BRACKETS.find_all(line).filter_map(|fit| clean_name(fit.names[0]));
    names.filter(|name| !PLAIN_WORDS.contains(name.to_lowercase().as_str())).collect()
}

fn in_sentence(text: &str, words: &[&str]) -> (Vec<String>, Option<&'static str>) {
    if let Some(two) = TWO.fit_start(text) {
        return (two.names.into_iter().filter_map(clean_name).collect(), None);
    }
    let remark = Some("the name stands inside a sentence");
    if let Some(name) = LEADING
        .fit_start(text)
        .or_else(|| GUESSED.find(text))
        .and_then(|fit| clean_name(fit.names[0]))
        && !PLAIN_WORDS.contains(name.to_lowercase().as_str())
    {
        return (vec![name], remark);
    }
    if let Some(name) = MARKED.find_all(text).find_map(|fit| clean_name(fit.names[0])) {
        return (vec![name], remark);
    }
    if let Some(name) = after_label(&[text]) {
        return (vec![name], remark);
    }
    // One name beside an address or a link.
    let mut rest = words.iter().filter(|word| !word.contains('@') && !word.contains("://"));
    match (rest.next(), rest.next()) {
        (Some(only), None) => (clean_name(only).into_iter().collect(), remark),
        _ => (Vec::new(), Some("the field holds a sentence and no name")),
    }
}

/// "griffin _works": the mark at the blank shows that both halves are one name.
fn joins(first: &str, second: &str) -> bool {
    let marks = ['_', '-', '.'];
    first.ends_with(marks) && first.len() > 1 || second.starts_with(marks) && second.len() > 1
}

/// Takes remarks in round or square brackets out, unless the brackets are all there is.
fn without_brackets(line: &str) -> String {
    let mut kept = String::with_capacity(line.len());
    let mut depth = 0_usize;
    for character in line.chars() {
        match character {
            '(' | '（' => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            _ if depth == 0 => kept.push(character),
            _ => {}
        }
    }
    kept
}

/// A name without its decoration, if that leaves one.
fn clean_name(word: &str) -> Option<String> {
    if word.contains('@')
        && word.trim_start_matches(|mark: char| !mark.is_alphanumeric()).contains('@')
    {
        return None;
    }
    // A search for several letters is worth it only where a link may be.
    let word = if word.contains('/') { word.rsplit("/user/").next() } else { None }.unwrap_or(word);
    let name = word.trim_matches(|mark: char| !mark.is_ascii_alphanumeric());
    let is_name = (1..=NAME_LETTERS_MAX).contains(&name.len())
        && name.bytes().all(is_of_name)
        && !PLACEHOLDERS.contains(&*folded(name));
    is_name.then(|| name.to_owned())
}

/// The field says in words that the name is not known.
fn says_unknown(field: &str) -> bool {
    let field = field.to_lowercase();
    [
        "know",
        "recall",
        "remember",
        "forg",
        "no idea",
        "not sure",
        "unsure",
        "忘",
        "не помню",
        "забыл",
        "olvid",
        "esquec",
        "oubli",
        "vergessen",
    ]
    .iter()
    .any(|word| field.contains(word))
}

/// The first bytes of some pieces of prose.
fn beginnings<'a>(pieces: &'a [&'a str]) -> impl Iterator<Item = &'a str> {
    pieces.iter().map(|piece| first_bytes(piece, PROSE_BYTES_MAX))
}

fn after_label(pieces: &[&str]) -> Option<String> {
    LABELS.find_in(beginnings(pieces), |fit| {
        let is_address = fit.rest.starts_with(['@', '%']);
        let name = clean_name(fit.names[0]).filter(|_| !is_address)?;
        (!PLAIN_WORDS.contains(name.to_lowercase().as_str())).then_some(name)
    })
}

fn after_link(pieces: &[&str]) -> Option<String> {
    beginnings(pieces).find_map(in_profile_link)
}

/// The name a comment states: "my user name is ada".
pub fn named_in(text: &str) -> Option<String> {
    after_label(&[text])
}
