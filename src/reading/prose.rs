//! Takes prose apart into words, each at its place, and knows which of them its writer wrote.
//!
//! Fenced code, quoted lines, sentences in quotation marks, struck-out text, pictures and link
//! targets are not the writer's own words: a quoted mail is never taken for a statement. Addresses,
//! links and mentions become marks.

use std::borrow::Cow;
use std::ops::Range;

use super::form::LineKind;
use super::scan::Scanner;
use super::span::{Source, Span};
use super::words::{Break, LEXICON, Layer, Token};

/// The words of one text.
#[derive(Debug, Default)]
pub struct Prose {
    /// All of them in order, quoted ones too.
    pub words: Vec<Token>,
    /// Remarks in brackets, by the numbers of their first word and the word after their last.
    pub asides: Vec<(usize, usize)>,
    /// Whether the writer asks something.
    pub asks: bool,
}

impl Prose {
    /// The prose of some pieces of a source, one after the other, without the lines the form brought.
    pub fn of(source: &Source, pieces: &[&str], kind_of_line: impl Fn(&str) -> LineKind) -> Self {
        let mut scanner = Scanner::new(source);
        for piece in pieces {
            scanner.take(piece, &kind_of_line);
        }
        scanner.finish()
    }

    /// The words of one layer, marks left out.
    pub fn words_of(&self, layer: Layer) -> impl Iterator<Item = &Token> {
        self.words.iter().filter(move |word| word.layer == layer && !word.is_mark())
    }

    /// Where the links stand.
    pub fn links(&self) -> Vec<Span> {
        let link = LEXICON.marks.link;
        let links = self.words.iter().filter(|word| word.word == link);
        links.map(|word| word.span).collect()
    }

    /// The writer's own words; remarks in brackets come last, so that they cut no sentence in two.
    pub fn own(&self) -> Cow<'_, [Token]> {
        if self.asides.is_empty() && self.words.iter().all(|word| word.layer.is_own()) {
            return Cow::Borrowed(&self.words);
        }
        let own_of = |range: Range<usize>| {
            self.words[range].iter().filter(|word| word.layer.is_own()).copied()
        };
        let mut own = Vec::with_capacity(self.words.len());
        let mut from = 0;
        for &(start, end) in &self.asides {
            own.extend(own_of(from..start));
            from = end;
        }
        own.extend(own_of(from..self.words.len()));
        for &(start, end) in &self.asides {
            let first = own.len();
            own.extend(own_of(start..end));
            if let Some(word) = own.get_mut(first) {
                word.before = Break::Sentence;
            }
        }
        Cow::Owned(own)
    }

    /// Replaces the words of PyPI's own messages by a mark.
    pub fn mask(&mut self, start: usize, end: usize) {
        for word in &mut self.words[start..end] {
            word.word = LEXICON.marks.screen;
        }
    }

    /// The stretch from one word to another.
    pub fn span(&self, start: usize, end: usize) -> Span {
        self.words[start].span.to(self.words[end - 1].span)
    }
}
