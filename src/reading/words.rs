//! Words and phrases: how a text becomes tokens, and how the tables beside this file are looked up.
//!
//! The tables are for people to read and extend: [`topics`] says what is spoken of, [`states`] what
//! is said about it, [`screens`] what PyPI's own pages and mails say, [`matters`] what else a
//! request may be about, [`talk`] what comments say. A phrase is written as its words with single
//! blanks; `|` gives a choice, a `*` at a word's end any ending, `?` before a word makes it
//! optional and `..` leaves room for up to three words. Case, accents and apostrophes do not
//! count; Chinese, Japanese and Korean are compared character by character.

pub mod matters;
pub mod screens;
pub mod states;
pub mod talk;
pub mod topics;

use std::collections::HashMap;

/// Words between two parts of a phrase written with `..`.
const GAP_WORDS_MAX: usize = 3;

/// What stands before a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Break {
    /// Nothing but a blank.
    Nothing,
    /// A comma or bracket.
    Clause,
    /// A colon, after which a value may follow.
    Colon,
    /// The end of a sentence or of a line.
    Sentence,
}

/// One word, folded, and where it stands.
#[derive(Debug, Clone)]
pub struct Token {
    /// The word in lower case without accents and apostrophes.
    pub word: String,
    /// What stands before it.
    pub before: Break,
}

/// The words of a text in order.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut reader = TokenReader {
        found: Vec::with_capacity(text.len() / 5),
        word: String::new(),
        before: Break::Sentence,
    };
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let next_is_word = characters.peek().is_some_and(|next| next.is_alphanumeric());
        reader.take(character, next_is_word);
    }
    reader.finish_word();
    reader.found
}

struct TokenReader {
    found: Vec<Token>,
    word: String,
    before: Break,
}

impl TokenReader {
    fn take(&mut self, character: char, next_is_word: bool) {
        match character {
            '\'' | '’' | '‘' | '´' | '`' if !self.word.is_empty() && next_is_word => {}
            // "e-mail" is one word, "2-factor" two.
            '-' | '‑' if self.word == "e" && next_is_word => {}
            _ if stands_alone(character) => {
                self.finish_word();
                self.word.push(character);
                self.finish_word();
            }
            _ if character.is_alphanumeric() => fold_into(&mut self.word, character),
            '@' => {
                self.finish_word();
                self.word.push('@');
            }
            _ => {
                self.finish_word();
                self.before = self.before.max(break_of(character, next_is_word));
            }
        }
    }

    fn finish_word(&mut self) {
        if self.word.is_empty() {
            return;
        }
        let word = std::mem::take(&mut self.word);
        self.found.push(Token { word, before: self.before });
        self.before = Break::Nothing;
    }
}

fn break_of(character: char, next_is_word: bool) -> Break {
    match character {
        '.' | '!' | '?' if next_is_word => Break::Nothing,
        '.' | '!' | '?' | '\n' | '。' | '！' | '？' | '…' => Break::Sentence,
        '-' if !next_is_word => Break::Clause,
        ':' | '：' => Break::Colon,
        ',' | ';' | '(' | ')' | '，' | '、' | '；' | '（' | '）' | '–' | '—' => {
            Break::Clause
        }
        _ => Break::Nothing,
    }
}

/// Scripts without blanks between words.
fn stands_alone(character: char) -> bool {
    matches!(character, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}')
}

fn fold_into(word: &mut String, character: char) {
    if character.is_ascii() {
        word.push(character.to_ascii_lowercase());
        return;
    }
    for lower in character.to_lowercase() {
        match lower {
            'á' | 'à' | 'â' | 'ã' | 'ä' | 'å' | 'ā' => word.push('a'),
            'é' | 'è' | 'ê' | 'ë' | 'ē' | 'ę' => word.push('e'),
            'í' | 'ì' | 'î' | 'ï' | 'ı' => word.push('i'),
            'ó' | 'ò' | 'ô' | 'õ' | 'ö' | 'ø' => word.push('o'),
            'ú' | 'ù' | 'û' | 'ü' => word.push('u'),
            'ç' | 'ć' | 'č' => word.push('c'),
            'ñ' | 'ń' => word.push('n'),
            'ş' | 'ś' | 'š' => word.push('s'),
            'ğ' => word.push('g'),
            'ß' => word.push_str("ss"),
            'ё' => word.push('е'),
            '\u{0300}'..='\u{036F}' => {}
            other => word.push(other),
        }
    }
}

/// A phrase found in a text.
#[derive(Debug, Clone, Copy)]
pub struct Found<M> {
    /// What it means.
    pub meaning: M,
    /// Its first token.
    pub start: usize,
    /// The token after its last.
    pub end: usize,
}

/// One line of a table: a meaning and the phrases for it, with commas between.
pub type Entry<M> = (M, &'static str);

/// A table made ready for looking up.
pub struct Table<M> {
    phrases: Vec<(M, Vec<Part>)>,
    by_word: HashMap<String, Vec<usize>>,
    by_prefix: HashMap<String, Vec<usize>>,
    crosses: Break,
}

struct Part {
    choices: Vec<String>,
    is_optional: bool,
    is_gap: bool,
}

/// Length of the key under which phrases that begin with `word*` are filed.
const PREFIX_CHARACTERS: usize = 3;

impl<M: Copy> Table<M> {
    /// Makes a table ready.
    pub fn new(entries: &[&[Entry<M>]]) -> Self {
        let mut table = Self {
            phrases: Vec::new(),
            by_word: HashMap::new(),
            by_prefix: HashMap::new(),
            crosses: Break::Nothing,
        };
        for (meaning, phrases) in entries.iter().flat_map(|entries| entries.iter()) {
            for phrase in phrases.split(',').map(str::trim) {
                table.add(*meaning, phrase);
            }
        }
        table
    }

    /// The same table with phrases that may run over commas and line ends.
    pub fn over_sentences(mut self) -> Self {
        self.crosses = Break::Sentence;
        self
    }

    fn add(&mut self, meaning: M, phrase: &str) {
        let parts: Vec<Part> = phrase.split_whitespace().flat_map(parts_of).collect();
        let number = self.phrases.len();
        for choice in parts.first().map(|part| part.choices.as_slice()).unwrap_or_default() {
            let (map, key) = match choice.strip_suffix('*') {
                Some(stem) => (&mut self.by_prefix, stem.chars().take(PREFIX_CHARACTERS).collect()),
                None => (&mut self.by_word, choice.clone()),
            };
            map.entry(key).or_default().push(number);
        }
        self.phrases.push((meaning, parts));
    }

    /// Every phrase of the table in the text, the longest at each place, none overlapping.
    pub fn find(&self, tokens: &[Token]) -> Vec<Found<M>> {
        let mut found = Vec::new();
        let mut start = 0;
        while start < tokens.len() {
            match self.longest_at(tokens, start) {
                Some(one) => {
                    start = one.end.max(start + 1);
                    found.push(one);
                }
                None => start += 1,
            }
        }
        found
    }

    /// Whether any phrase of the table is in the text.
    pub fn is_in(&self, tokens: &[Token]) -> bool {
        (0..tokens.len()).any(|start| self.longest_at(tokens, start).is_some())
    }

    fn longest_at(&self, tokens: &[Token], start: usize) -> Option<Found<M>> {
        let word = tokens[start].word.as_str();
        let exact = self.by_word.get(word).map(Vec::as_slice).unwrap_or_default();
        let prefix_end =
            word.char_indices().nth(PREFIX_CHARACTERS).map_or(word.len(), |(at, _)| at);
        let stems = self.by_prefix.get(&word[..prefix_end]).map(Vec::as_slice).unwrap_or_default();
        let matching = Matching { tokens, start, crosses: self.crosses };
        let mut best: Option<Found<M>> = None;
        for &number in exact.iter().chain(stems) {
            let (meaning, parts) = &self.phrases[number];
            if let Some(end) = matching.end(parts, start)
                && best.as_ref().is_none_or(|best| end > best.end)
            {
                best = Some(Found { meaning: *meaning, start, end });
            }
        }
        best
    }
}

fn parts_of(word: &str) -> Vec<Part> {
    if word == ".." {
        return vec![Part { choices: Vec::new(), is_optional: true, is_gap: true }];
    }
    let is_optional = word.starts_with('?');
    let word = word.trim_start_matches('?');
    if word.chars().any(stands_alone) && !word.contains('|') {
        return tokens(word)
            .into_iter()
            .map(|token| Part { choices: vec![token.word], is_optional: false, is_gap: false })
            .collect();
    }
    let choices = word.split('|').map(folded).collect();
    vec![Part { choices, is_optional, is_gap: false }]
}

fn folded(word: &str) -> String {
    let mut folded = String::new();
    for character in word.chars().filter(|&character| character != '\'') {
        fold_into(&mut folded, character);
    }
    folded
}

/// One try to match a phrase from a place on.
struct Matching<'a> {
    tokens: &'a [Token],
    start: usize,
    crosses: Break,
}

impl Matching<'_> {
    /// The token after the phrase's last, if the phrase stands at `at`.
    fn end(&self, parts: &[Part], at: usize) -> Option<usize> {
        let Some((part, rest)) = parts.split_first() else {
            return Some(at);
        };
        if part.is_gap {
            return (0..=GAP_WORDS_MAX)
                .take_while(|&skipped| (at..at + skipped).all(|place| self.is_joined(place)))
                .find_map(|skipped| self.end(rest, at + skipped));
        }
        let fits = self.is_joined(at)
            && part.choices.iter().any(|choice| match choice.strip_suffix('*') {
                Some(stem) => self.tokens[at].word.starts_with(stem),
                None => self.tokens[at].word == *choice,
            });
        let taken = if fits { self.end(rest, at + 1) } else { None };
        if taken.is_none() && part.is_optional {
            return self.end(rest, at);
        }
        taken
    }

    fn is_joined(&self, place: usize) -> bool {
        self.tokens
            .get(place)
            .is_some_and(|token| place == self.start || token.before <= self.crosses)
    }
}
