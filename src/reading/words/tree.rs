//! All phrases of a table in one tree of words, walked along the text.
//!
//! A phrase is written as its words with single blanks; `|` gives a choice, a `*` at a word's end
//! any ending, `?` before a word makes it optional and `..` leaves room for up to three words.

use std::mem::take;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::table::pieces;
use super::vocabulary::{Vocabulary, WordId};
use super::{Break, Token, folded, stands_alone};

/// Words between two parts of a phrase written with `..`.
const GAP_WORDS_MAX: usize = 3;

/// The tree of one table's phrases; what they mean is a number to it.
#[derive(Debug)]
pub struct Tree {
    nodes: Vec<Node>,
    /// The ways from node to node.
    edges: FxHashMap<Edge, NodeId>,
    /// Where the phrases go on that begin with a word; [`ROOT`] for none.
    roots: Vec<NodeId>,
    /// For each word of a text the bits of the words that may follow where it begins a phrase, or
    /// [`ALONE`].
    begins: Vec<u64>,
    crosses: Break,
    /// The ends of the phrase that is being added, and those of its next word.
    ends: Vec<NodeId>,
    next_ends: Vec<NodeId>,
}

/// A node by its number.
type NodeId = u16;

/// A node and the word that leads on from it, as one number.
type Edge = u32;

fn edge(from: NodeId, word: WordId) -> Edge {
    u32::from(from) << 16 | u32::from(u16::from(word))
}

#[derive(Debug, Default)]
struct Node {
    meaning: Option<u8>,
    /// Where phrases go on after a gap of at most so many words.
    gaps: SmallVec<[(usize, NodeId); 1]>,
    /// The bits of the words that lead on, so that most words are refused at once.
    follows: u64,
}

const ROOT: NodeId = 0;

impl Node {
    /// What may follow, or [`ALONE`] where nothing needs to.
    fn beginning(&self) -> u64 {
        let is_alone = self.meaning.is_some() || !self.gaps.is_empty();
        self.follows | if is_alone { ALONE } else { 0 }
    }
}

/// The bit that no word has: a phrase may end here, or go on after a gap.
const ALONE: u64 = 1 << 63;

impl Tree {
    /// A bare root; phrases may run over breaks up to this one.
    pub fn new(crosses: Break) -> Self {
        Self {
            nodes: vec![Node::default()],
            edges: FxHashMap::default(),
            roots: Vec::new(),
            begins: Vec::new(),
            crosses,
            ends: Vec::new(),
            next_ends: Vec::new(),
        }
    }

    /// Makes room for so many nodes.
    pub fn reserve(&mut self, nodes: usize) {
        self.nodes.reserve(nodes);
        self.edges.reserve(nodes);
    }

    /// Adds a phrase; where two say the same, the first one's meaning counts.
    pub fn add(&mut self, vocabulary: &mut Vocabulary, phrase: &str, meaning: u8) {
        self.ends.clear();
        self.ends.push(ROOT);
        let mut gap = 0;
        for word in pieces(phrase, b' ') {
            if word == ".." {
                // Gaps in a row are one, so that no text is tried in every way to fill them.
                gap += GAP_WORDS_MAX;
                continue;
            }
            self.add_gap(take(&mut gap));
            self.add_word(vocabulary, word);
        }
        self.add_gap(gap);
        for &end in self.ends.iter().filter(|&&end| end != ROOT) {
            self.nodes[usize::from(end)].meaning.get_or_insert(meaning);
        }
    }

    fn add_gap(&mut self, words_max: usize) {
        if words_max == 0 {
            return;
        }
        for number in 0..self.ends.len() {
            self.ends[number] = self.gap_after(self.ends[number], words_max);
        }
    }

    fn add_word(&mut self, vocabulary: &mut Vocabulary, word: &str) {
        let is_optional = word.starts_with('?');
        let word = word.strip_prefix('?').unwrap_or(word);
        // Scripts without blanks are compared character by character.
        if !word.is_ascii() && word.chars().any(stands_alone) && !word.contains('|') {
            return each_alone(word, |word| {
                self.add_choice(vocabulary.learn(word));
                self.end_choices(false);
            });
        }
        for choice in pieces(word, b'|') {
            self.add_choice(vocabulary.learn(&folded(choice)));
        }
        self.end_choices(is_optional);
    }

    fn add_choice(&mut self, word: WordId) {
        for number in 0..self.ends.len() {
            let next = self.step(self.ends[number], word);
            self.next_ends.push(next);
        }
    }

    fn end_choices(&mut self, is_optional: bool) {
        if !is_optional {
            self.ends.clear();
        }
        self.ends.append(&mut self.next_ends);
    }

    fn step(&mut self, from: NodeId, word: WordId) -> NodeId {
        let next = self.next_node();
        let to = *self.edges.entry(edge(from, word)).or_insert(next);
        if to != next {
            return to;
        }
        self.nodes.push(Node::default());
        self.nodes[usize::from(from)].follows |= word.bit();
        if from == ROOT {
            let number = usize::from(word);
            self.roots.resize(self.roots.len().max(number + 1), ROOT);
            self.roots[number] = to;
        }
        to
    }

    fn gap_after(&mut self, from: NodeId, words_max: usize) -> NodeId {
        let next = self.next_node();
        let gaps = &mut self.nodes[usize::from(from)].gaps;
        if let Some(&(_, to)) = gaps.iter().find(|(words, _)| *words == words_max) {
            return to;
        }
        gaps.push((words_max, next));
        self.nodes.push(Node::default());
        next
    }

    fn next_node(&self) -> NodeId {
        NodeId::try_from(self.nodes.len()).expect("the tables are small")
    }

    /// Works out which words begin a phrase, once the vocabulary is complete.
    pub fn finish(&mut self, vocabulary: &Vocabulary) {
        let beginning = |root: NodeId| match root {
            ROOT => 0,
            root => self.nodes[usize::from(root)].beginning(),
        };
        let mut begins: Vec<u64> = self.roots.iter().map(|&root| beginning(root)).collect();
        begins.resize(vocabulary.words().len(), 0);
        for &word in vocabulary.words_with_stems() {
            let readings = vocabulary.readings_of(word).iter();
            let bits = readings.map(|&reading| beginning(self.root_of(reading)));
            begins[usize::from(word)] = bits.fold(0, |all, bits| all | bits);
        }
        self.begins = begins;
    }

    /// Whether a phrase begins with a word of a text.
    pub fn may_begin_with(&self, word: WordId) -> bool {
        self.begins[usize::from(word)] != 0
    }

    fn root_of(&self, word: WordId) -> NodeId {
        self.roots.get(usize::from(word)).copied().unwrap_or(ROOT)
    }

    /// Where the longest phrase ends that begins at a place, and its meaning. Only the look at the
    /// bits, which refuses most places, is part of the caller's loop.
    #[inline(always)]
    pub fn longest_at(
        &self,
        vocabulary: &Vocabulary,
        tokens: &[Token],
        start: usize,
    ) -> Option<Match> {
        let walk = Walk { tree: self, vocabulary, tokens };
        let begins = self.begins[usize::from(tokens[start].word.id)];
        let may_begin = begins & (walk.signature_at(start + 1) | ALONE) != 0;
        if may_begin { walk.longest_from_root(start) } else { None }
    }
}

/// Where a phrase ends, and what it means.
pub type Match = (u32, u8);

/// The walk along one text.
struct Walk<'a> {
    tree: &'a Tree,
    vocabulary: &'a Vocabulary,
    tokens: &'a [Token],
}

impl Walk<'_> {
    #[inline(never)]
    fn longest_from_root(&self, start: usize) -> Option<Match> {
        let mut longest = None;
        for &reading in self.readings_at(start) {
            let node = self.tree.root_of(reading);
            if node != ROOT {
                longest = longer(longest, self.longest(node, start + 1));
            }
        }
        longest
    }

    /// Where the longest phrase ends that goes on from a node, before the token `at`.
    fn longest(&self, node: NodeId, at: usize) -> Option<Match> {
        let (mut node, mut at) = (node, at);
        let mut longest = None;
        loop {
            let here = &self.tree.nodes[usize::from(node)];
            longest = longer(longest, here.meaning.map(|meaning| (at as u32, meaning)));
            for &(words_max, next) in &here.gaps {
                let beyond = (at..=at + words_max)
                    .take_while(|&place| place == at || self.is_joined(place - 1))
                    .find_map(|place| self.longest_of_next(next, place));
                longest = longer(longest, beyond);
            }
            if here.follows & self.signature_at(at) == 0 {
                return longest;
            }
            // Nearly every word is one word of the tables only: no need to call for each.
            let [reading] = self.readings_at(at) else {
                return longer(longest, self.longest_of_next(node, at));
            };
            let Some(&next) = self.tree.edges.get(&edge(node, *reading)) else { return longest };
            (node, at) = (next, at + 1);
        }
    }

    fn longest_of_next(&self, node: NodeId, at: usize) -> Option<Match> {
        if self.tree.nodes[usize::from(node)].follows & self.signature_at(at) == 0 {
            return None;
        }
        let mut longest = None;
        for &reading in self.readings_at(at) {
            if let Some(&next) = self.tree.edges.get(&edge(node, reading)) {
                longest = longer(longest, self.longest(next, at + 1));
            }
        }
        longest
    }

    fn readings_at(&self, at: usize) -> &[WordId] {
        self.vocabulary.readings_of(self.tokens[at].word.id)
    }

    /// The bits of the word at a place, if it is joined to the one before.
    fn signature_at(&self, place: usize) -> u64 {
        let token = self.tokens.get(place).filter(|token| token.before <= self.tree.crosses);
        token.map_or(0, |token| self.vocabulary.signature_of(token.word.id))
    }

    fn is_joined(&self, place: usize) -> bool {
        self.tokens.get(place).is_some_and(|token| token.before <= self.tree.crosses)
    }
}

fn longer(one: Option<Match>, other: Option<Match>) -> Option<Match> {
    match (one, other) {
        (Some(one), Some(other)) => Some(if other.0 > one.0 { other } else { one }),
        (one, other) => one.or(other),
    }
}

/// The characters that stand alone, and what stands joined between them.
fn each_alone(word: &str, mut take: impl FnMut(&str)) {
    let mut joined = String::new();
    for character in word.chars() {
        if stands_alone(character) && !joined.is_empty() {
            take(&joined);
            joined.clear();
        }
        super::fold_into(&mut joined, character);
        if stands_alone(character) {
            take(&joined);
            joined.clear();
        }
    }
    if !joined.is_empty() {
        take(&joined);
    }
}
