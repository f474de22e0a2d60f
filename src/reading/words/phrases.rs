//! The phrases of one table, each with its meaning, and how they are found in a text.

use smallvec::SmallVec;

use super::tree::Tree;
use super::vocabulary::{Tables, Vocabulary};
use super::{Break, Token};

/// A phrase found in a text, by the numbers of its tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found<M> {
    /// What it means.
    pub meaning: M,
    /// Its first token.
    pub start: usize,
    /// The token after its last.
    pub end: usize,
}

/// Phrases found in a text, in order; a clause seldom has more than four.
pub type Finds<M> = SmallVec<[Found<M>; 4]>;

/// So many bytes of a table make a node of its tree, more or less.
const BYTES_PER_NODE: usize = 4;

/// The phrases of one table.
#[derive(Debug)]
pub struct Phrases<M> {
    tree: Tree,
    /// What the tree's numbers mean.
    meanings: Vec<M>,
    /// By this the vocabulary knows the words that begin a phrase.
    bit: Tables,
}

impl<M: Copy + PartialEq> Phrases<M> {
    /// An empty table, by its number; its phrases may run over breaks up to this one.
    pub fn new(number: u8, crosses: Break) -> Self {
        Self { tree: Tree::new(crosses), meanings: Vec::new(), bit: 1 << number }
    }

    /// Makes room for the phrases of a table of so many bytes.
    pub fn reserve(&mut self, bytes: usize) {
        self.tree.reserve(bytes / BYTES_PER_NODE);
    }

    /// Adds a phrase; where two say the same, the first one's meaning counts.
    pub fn add(&mut self, vocabulary: &mut Vocabulary, phrase: &str, meaning: M) {
        let number = self.meanings.iter().position(|&known| known == meaning);
        let number = number.unwrap_or_else(|| {
            self.meanings.push(meaning);
            self.meanings.len() - 1
        });
        let number = u8::try_from(number).expect("a table has few sections");
        self.tree.add(vocabulary, phrase, number);
    }

    /// Makes the table ready, once the vocabulary is complete.
    pub fn finish(&mut self, vocabulary: &mut Vocabulary) {
        self.tree.finish(vocabulary);
        for word in vocabulary.words().filter(|&word| self.tree.may_begin_with(word)) {
            vocabulary.note_beginning(word, self.bit);
        }
    }

    /// Every phrase in the text, the longest at each place, none overlapping.
    pub fn find(&self, vocabulary: &Vocabulary, tokens: &[Token]) -> Finds<M> {
        let mut found = Finds::new();
        self.find_into(&mut found, vocabulary, tokens);
        found
    }

    /// Adds every phrase in the text, likewise, without moving what was found.
    #[inline]
    pub fn find_into(&self, found: &mut Finds<M>, vocabulary: &Vocabulary, tokens: &[Token]) {
        let mut start = 0;
        let begins = |token: &Token| token.word.begins(self.bit);
        while let Some(skipped) = tokens[start..].iter().position(begins) {
            let place = start + skipped;
            start = place + 1;
            if let Some(longest) = self.longest_at(vocabulary, tokens, place) {
                start = longest.end;
                found.push(longest);
            }
        }
    }

    /// The longest phrase at every place of the text, whether or not they overlap.
    pub fn find_overlapping(&self, vocabulary: &Vocabulary, tokens: &[Token]) -> Finds<M> {
        (0..tokens.len()).filter_map(|start| self.longest_at(vocabulary, tokens, start)).collect()
    }

    #[inline(always)]
    fn longest_at(
        &self,
        vocabulary: &Vocabulary,
        tokens: &[Token],
        start: usize,
    ) -> Option<Found<M>> {
        let (end, meaning) = self.tree.longest_at(vocabulary, tokens, start)?;
        Some(Found { meaning: self.meanings[usize::from(meaning)], start, end: end as usize })
    }
}
