//! Takes prose apart into words, each at its place, and knows which of them its writer wrote.
//!
//! Fenced code, quoted lines, sentences in quotation marks, struck-out text, pictures and link
//! targets are not the writer's own words: a quoted mail is never taken for a statement. Addresses,
//! links and mentions become marks.

use super::form::LineKind;
use super::scan::Scanner;
use super::span::{Source, Span};
use super::words::{Break, LEXICON, Token};

/// Whose words they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// The writer's.
    Own,
    /// A reason of the form's menu, chosen by the writer.
    Chosen,
    /// In quotation marks.
    Quotation,
    /// Fenced code, quoted lines, struck-out text and what else is left out.
    Foreign,
}

/// The words of one text.
#[derive(Debug, Default)]
pub struct Prose {
    /// All of them in order, with whose they are.
    pub words: Vec<(Token, Layer)>,
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
    pub fn words_of(&self, layer: Layer) -> Vec<Token> {
        let of_layer = self.words.iter().filter(|(_, of)| *of == layer).map(|(token, _)| *token);
        of_layer.filter(|token| !LEXICON.is_mark(token)).collect()
    }

    /// Where the links stand.
    pub fn links(&self) -> Vec<Span> {
        let links = self.words.iter().filter(|(token, _)| token.word == LEXICON.marks.link);
        links.map(|(token, _)| token.span).collect()
    }

    /// All words in order, quoted ones too.
    pub fn all(&self) -> Vec<Token> {
        self.words.iter().map(|(token, _)| *token).collect()
    }

    /// The writer's own words; remarks in brackets come last, so that they cut no sentence in two.
    pub fn own(&self) -> Vec<Token> {
        let mut own = Vec::with_capacity(self.words.len());
        let mut from = 0;
        for &(start, end) in &self.asides {
            self.add_own(from..start, &mut own);
            from = end;
        }
        self.add_own(from..self.words.len(), &mut own);
        for &(start, end) in &self.asides {
            let first = own.len();
            self.add_own(start..end, &mut own);
            if let Some(token) = own.get_mut(first) {
                token.before = Break::Sentence;
            }
        }
        own
    }

    fn add_own(&self, range: std::ops::Range<usize>, own: &mut Vec<Token>) {
        let words = self.words[range].iter();
        own.extend(words.filter(|(_, layer)| is_own(*layer)).map(|(token, _)| *token));
    }

    /// Replaces the words of PyPI's own messages by a mark.
    pub fn mask(&mut self, start: usize, end: usize) {
        for (token, _) in &mut self.words[start..end] {
            token.word = LEXICON.marks.screen;
        }
    }

    /// The stretch from one word to another.
    pub fn span(&self, start: usize, end: usize) -> Span {
        self.words[start].0.span.to(self.words[end - 1].0.span)
    }
}

fn is_own(layer: Layer) -> bool {
    matches!(layer, Layer::Own | Layer::Chosen)
}
