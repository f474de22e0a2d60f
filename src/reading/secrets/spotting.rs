//! Spots the words that tell of secrets, all kinds in one pass over the text.
//!
//! Each kind keeps its own table of words; [`TABLES`] names them all. Each word is filed under its
//! first bytes, so that at nearly every place of a text one bit is all that is looked at.
//!
//! **How a word is written in a table.** In lower case; a text may write it in capitals. A blank
//! stands for a blank, a hyphen, an underscore or nothing. A word of up to four letters must stand
//! alone; a longer one may be part of a compound or take an ending. A last `:` must stand there
//! but is not part of the word.

use super::index::INDEX;
use super::near::is_ideographic;
use super::{addresses, codes, documents, factors, familiar, passwords, phones, tokens};
use crate::reading::span::Span;

/// What a spotted word means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// How an API token begins.
    Token,
    /// How the link to a second factor begins.
    FactorLink,
    /// The middle of `https://`.
    Link,
    /// A password is spoken of.
    Password,
    /// A remembered password may follow.
    Guess,
    /// The key of a second factor is spoken of.
    FactorKey,
    /// Recovery codes are spoken of.
    Code,
    /// A hash or number of another kind is spoken of.
    Hash,
    /// A telephone is spoken of.
    Phone,
    /// An identity document is spoken of.
    Document,
}

/// The table of each meaning.
pub const TABLES: &[(Meaning, &[&str])] = &[
    (Meaning::Token, tokens::STARTS),
    (Meaning::FactorLink, factors::LINKS),
    (Meaning::Link, addresses::LINK_MARKS),
    (Meaning::Password, passwords::NAMES),
    (Meaning::Guess, passwords::GUESSES),
    (Meaning::FactorKey, factors::KEYS),
    (Meaning::Code, codes::NAMES),
    (Meaning::Hash, codes::OTHER_NAMES),
    (Meaning::Phone, phones::NAMES),
    (Meaning::Document, documents::NAMES),
];

/// A word of the tables and where it stands, in bytes.
#[derive(Debug, Clone, Copy)]
pub struct Spotted {
    pub meaning: Meaning,
    pub start: usize,
    pub end: usize,
}

/// A text with its telling words and its links.
pub struct Marked<'a> {
    pub text: &'a str,
    pub words: Vec<Spotted>,
    links: Vec<(usize, usize)>,
}

impl<'a> Marked<'a> {
    /// Reads a text once and marks it; boxes of the form are lines of it in order.
    pub fn new(text: &'a str, boxes: &[Span]) -> Self {
        let mut marked = Self { text, words: Vec::with_capacity(16), links: Vec::new() };
        let mut from = 0;
        for span in boxes {
            let (start, end) = (span.start as usize, span.end as usize);
            if let Some(words) = familiar::words_of(&text[start..end], start) {
                marked.look_through(from, start);
                marked.words.extend(words);
                from = end;
            }
        }
        marked.look_through(from, text.len());
        marked
    }

    /// Marks what begins between two places, the second of which begins a line.
    fn look_through(&mut self, from: usize, to: usize) {
        let (index, bytes) = (&*INDEX, &self.text.as_bytes()[..to]);
        let mut from = from;
        while let Some(place) = index.next_beginning(bytes, from) {
            from = place + 1;
            if let Some(word) = index.word_at(self.text, place) {
                from = word.end;
                self.add(word);
            }
        }
    }

    fn add(&mut self, word: Spotted) {
        if word.meaning != Meaning::Link {
            self.words.push(word);
        } else if !self.is_in_link(word.start) {
            let rest = &self.text[word.end..];
            let length = rest.find(ends_link).unwrap_or(rest.len());
            self.links.push((word.start, word.end + length));
        }
    }

    /// Words of one meaning, in their order.
    pub fn words_of(&self, meaning: Meaning) -> impl Iterator<Item = Spotted> {
        self.words.iter().copied().filter(move |word| word.meaning == meaning)
    }

    /// Whether any word of a meaning was spotted.
    pub fn speaks_of(&self, meaning: Meaning) -> bool {
        self.words_of(meaning).next().is_some()
    }

    /// The words that end before a place, the nearest first, as far back as so many bytes.
    pub fn words_before(&self, place: usize, bytes_max: usize) -> impl Iterator<Item = Spotted> {
        let count = self.words.partition_point(|word| word.end <= place);
        self.words[..count]
            .iter()
            .rev()
            .copied()
            .take_while(move |word| place - word.end <= bytes_max)
    }

    /// The link that a place is part of: what stands after its `://`.
    pub fn link_at(&self, place: usize) -> Option<&'a str> {
        let count = self.links.partition_point(|&(start, _)| start <= place);
        let &(start, end) = self.links[..count].last()?;
        (place < end).then(|| &self.text[start + 3..end])
    }

    /// Whether a place is part of a link.
    pub fn is_in_link(&self, place: usize) -> bool {
        self.link_at(place).is_some()
    }

    /// The links, each from after its `://`, with the place where it ends.
    pub fn links(&self) -> impl Iterator<Item = (usize, &'a str)> {
        self.links.iter().map(|&(start, end)| (start + 3, &self.text[start + 3..end]))
    }
}

fn ends_link(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, '(' | ')' | '<' | '>' | '[' | ']' | '`' | '"' | '\'')
        || is_ideographic(character)
}
