//! All phrases of a table in one tree of words, walked along the text.
//!
//! A phrase is written as its words with single blanks; `|` gives a choice, a `*` at a word's end
//! any ending, `?` before a word makes it optional and `..` leaves room for up to three words.

use std::ops::Range;

use rustc_hash::FxHashMap;
use smallvec::{SmallVec, smallvec};

use super::vocabulary::{Vocabulary, WordId};
use super::{Break, Token, folded, stands_alone};

/// Words between two parts of a phrase written with `..`.
const GAP_WORDS_MAX: usize = 3;

/// The tree of one table's phrases; what they mean is a number to it.
#[derive(Debug)]
pub struct Tree {
    nodes: Vec<Node>,
    /// Edges by the node they leave and their word, while phrases are added.
    growing: FxHashMap<(u32, WordId), u32>,
    /// All edges once the table is finished: those of one node together, by word.
    edges: Vec<Edge>,
    /// Where the phrases go on that begin with a word; 0 for none.
    roots: Vec<u32>,
    /// For each word of a text the bits of the words that may follow where it begins a phrase, or
    /// [`ALONE`].
    begins: Vec<u64>,
    crosses: Break,
}

#[derive(Debug)]
struct Node {
    meaning: Option<u8>,
    /// Where phrases go on after a gap of at most so many words.
    gaps: SmallVec<[(usize, u32); 1]>,
    /// Its edges among all of them.
    edges: Range<u32>,
    /// The bits of the words its edges have, so that most words are refused at once.
    follows: u64,
}

/// The way from a node on, by one word.
#[derive(Debug, Clone, Copy)]
struct Edge {
    word: WordId,
    to: u32,
}

const ROOT: u32 = 0;

impl Node {
    fn new() -> Self {
        Self { meaning: None, gaps: SmallVec::new(), edges: 0..0, follows: 0 }
    }

    /// What may follow, or [`ALONE`] where nothing needs to.
    fn beginning(&self) -> u64 {
        let is_alone = self.meaning.is_some() || !self.gaps.is_empty();
        self.follows | if is_alone { ALONE } else { 0 }
    }
}

/// The bit that no word has: a phrase may end here, or go on after a gap.
const ALONE: u64 = 1 << 63;

/// One place of a phrase.
enum Part {
    Words { choices: SmallVec<[WordId; 4]>, is_optional: bool },
    Gap { words_max: usize },
}

impl Tree {
    /// A bare root; phrases may run over breaks up to this one.
    pub fn new(crosses: Break) -> Self {
        Self {
            nodes: vec![Node::new()],
            growing: FxHashMap::default(),
            edges: Vec::new(),
            roots: Vec::new(),
            begins: Vec::new(),
            crosses,
        }
    }

    /// Adds a phrase; where two say the same, the first one's meaning counts.
    pub fn add(&mut self, vocabulary: &mut Vocabulary, phrase: &str, meaning: u8) {
        let mut ends: SmallVec<[u32; 8]> = smallvec![ROOT];
        for part in parts_of(vocabulary, phrase) {
            match part {
                Part::Gap { words_max } => {
                    ends = ends.into_iter().map(|end| self.gap_after(end, words_max)).collect();
                }
                Part::Words { choices, is_optional } => {
                    let mut next = if is_optional { ends.clone() } else { SmallVec::new() };
                    for &end in &ends {
                        next.extend(choices.iter().map(|&choice| self.step(end, choice)));
                    }
                    ends = next;
                }
            }
        }
        for end in ends.into_iter().filter(|&end| end != ROOT) {
            self.nodes[end as usize].meaning.get_or_insert(meaning);
        }
    }

    fn step(&mut self, from: u32, word: WordId) -> u32 {
        if let Some(&to) = self.growing.get(&(from, word)) {
            return to;
        }
        let to = self.new_node();
        self.growing.insert((from, word), to);
        if from == ROOT {
            let number = usize::from(word);
            self.roots.resize(self.roots.len().max(number + 1), ROOT);
            self.roots[number] = to;
        }
        to
    }

    fn gap_after(&mut self, from: u32, words_max: usize) -> u32 {
        let known = self.nodes[from as usize].gaps.iter().find(|(words, _)| *words == words_max);
        if let Some(&(_, to)) = known {
            return to;
        }
        let to = self.new_node();
        self.nodes[from as usize].gaps.push((words_max, to));
        to
    }

    fn new_node(&mut self) -> u32 {
        self.nodes.push(Node::new());
        u32::try_from(self.nodes.len() - 1).expect("the tables are small")
    }

    /// Lays the edges in order and works out which words begin a phrase, once the vocabulary is
    /// complete.
    pub fn finish(&mut self, vocabulary: &Vocabulary) {
        let mut edges: Vec<_> = std::mem::take(&mut self.growing).into_iter().collect();
        edges.sort_unstable();
        for ((from, word), to) in edges {
            let end = u32::try_from(self.edges.len() + 1).expect("the tables are small");
            let node = &mut self.nodes[from as usize];
            let start = if node.edges.is_empty() { end - 1 } else { node.edges.start };
            node.edges = start..end;
            node.follows |= word.bit();
            self.edges.push(Edge { word, to });
        }
        let begins = |word| {
            let roots = vocabulary.readings_of(word).iter().map(|&reading| self.root_of(reading));
            let roots = roots.filter(|&root| root != ROOT);
            roots.fold(0, |bits, root| bits | self.nodes[root as usize].beginning())
        };
        self.begins = vocabulary.words().map(begins).collect();
    }

    /// Whether a phrase begins with a word of a text.
    pub fn may_begin_with(&self, word: WordId) -> bool {
        self.begins[usize::from(word)] != 0
    }

    fn after(&self, node: &Node, word: WordId) -> Option<u32> {
        let edges = &self.edges[node.edges.start as usize..node.edges.end as usize];
        let found = edges.binary_search_by_key(&word, |edge| edge.word).ok()?;
        Some(edges[found].to)
    }

    fn root_of(&self, word: WordId) -> u32 {
        self.roots.get(usize::from(word)).copied().unwrap_or(ROOT)
    }

    /// Where the longest phrase ends that begins at a place, and its meaning.
    #[inline]
    pub fn longest_at(
        &self,
        vocabulary: &Vocabulary,
        tokens: &[Token],
        start: usize,
    ) -> Option<Match> {
        let walk = Walk { tree: self, vocabulary, tokens };
        let begins = self.begins[usize::from(tokens[start].word)];
        let may_begin = begins & (walk.signature_at(start + 1) | ALONE) != 0;
        if may_begin { walk.longest_from_root(start) } else { None }
    }
}

/// Where a phrase ends, and what it means.
pub type Match = (usize, u8);

/// The walk along one text.
struct Walk<'a> {
    tree: &'a Tree,
    vocabulary: &'a Vocabulary,
    tokens: &'a [Token],
}

impl Walk<'_> {
    fn longest_from_root(&self, start: usize) -> Option<Match> {
        let mut longest = None;
        for &reading in self.vocabulary.readings_of(self.tokens[start].word) {
            let node = self.tree.root_of(reading);
            if node != ROOT {
                longest = longer(longest, self.longest(node, start + 1));
            }
        }
        longest
    }

    /// Where the longest phrase ends that goes on from a node, before the token `at`.
    fn longest(&self, node: u32, at: usize) -> Option<Match> {
        let node = &self.tree.nodes[node as usize];
        let mut longest = node.meaning.map(|meaning| (at, meaning));
        for &(words_max, next) in &node.gaps {
            let next = &self.tree.nodes[next as usize];
            let beyond = (at..=at + words_max)
                .take_while(|&place| place == at || self.is_joined(place - 1))
                .find_map(|place| self.longest_of_next(next, place));
            longest = longer(longest, beyond);
        }
        longer(longest, self.longest_of_next(node, at))
    }

    #[inline]
    fn longest_of_next(&self, node: &Node, at: usize) -> Option<Match> {
        if node.follows & self.signature_at(at) == 0 {
            return None;
        }
        let mut longest = None;
        for &reading in self.vocabulary.readings_of(self.tokens[at].word) {
            if let Some(next) = self.tree.after(node, reading) {
                longest = longer(longest, self.longest(next, at + 1));
            }
        }
        longest
    }

    /// The bits of the word at a place, if it is joined to the one before.
    fn signature_at(&self, place: usize) -> u64 {
        let token = self.tokens.get(place).filter(|token| token.before <= self.tree.crosses);
        token.map_or(0, |token| self.vocabulary.signature_of(token.word))
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

fn parts_of(vocabulary: &mut Vocabulary, phrase: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    for word in phrase.split(' ') {
        match (word, parts.last_mut()) {
            // Gaps in a row are one, so that no text is tried in every way to fill them.
            ("..", Some(Part::Gap { words_max })) => *words_max += GAP_WORDS_MAX,
            ("..", _) => parts.push(Part::Gap { words_max: GAP_WORDS_MAX }),
            _ => add_word(vocabulary, word, &mut parts),
        }
    }
    parts
}

fn add_word(vocabulary: &mut Vocabulary, word: &str, parts: &mut Vec<Part>) {
    let is_optional = word.starts_with('?');
    let word = word.trim_start_matches('?');
    // Scripts without blanks are compared character by character.
    if word.chars().any(stands_alone) && !word.contains('|') {
        let alone = alone_and_joined(word).into_iter().map(|word| vocabulary.learn(&word));
        parts.extend(alone.map(|id| Part::Words { choices: smallvec![id], is_optional: false }));
        return;
    }
    let choices = word.split('|').map(|choice| vocabulary.learn(&folded(choice))).collect();
    parts.push(Part::Words { choices, is_optional });
}

/// The characters that stand alone, and what stands joined between them.
fn alone_and_joined(word: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut is_joined = false;
    for character in word.chars() {
        if stands_alone(character) || !is_joined {
            words.push(String::new());
        }
        is_joined = !stands_alone(character);
        if let Some(last) = words.last_mut() {
            super::fold_into(last, character);
        }
    }
    words
}
