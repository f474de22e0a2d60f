//! A table made ready: all its phrases in one tree of words, walked along the text.
//!
//! A phrase is written as its words with single blanks; `|` gives a choice, a `*` at a word's end
//! any ending, `?` before a word makes it optional and `..` leaves room for up to three words.

use std::ops::Range;

use rustc_hash::FxHashMap;
use smallvec::{SmallVec, smallvec};

use super::vocabulary::{Tables, Vocabulary, WordId};
use super::{Break, Token, folded, stands_alone};

/// Words between two parts of a phrase written with `..`.
const GAP_WORDS_MAX: usize = 3;

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

/// The phrases of one table.
#[derive(Debug)]
pub struct Phrases<M> {
    nodes: Vec<Node<M>>,
    /// Edges by the node they leave and their word, while phrases are added.
    growing: FxHashMap<(u32, WordId), u32>,
    /// All edges once the table is finished: those of one node together, by word.
    edges: Vec<Edge>,
    /// Where the phrases go on that begin with a word; 0 for none.
    roots: Vec<u32>,
    /// For each word of a text the bits of the words that may follow where it begins a phrase, or
    /// [`ALONE`].
    begins: Vec<u64>,
    /// By this the vocabulary knows the words that begin a phrase.
    bit: Tables,
    crosses: Break,
}

#[derive(Debug)]
struct Node<M> {
    meaning: Option<M>,
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

impl<M> Node<M> {
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

impl<M: Copy> Phrases<M> {
    /// An empty table, by its number, whose phrases stay inside a clause.
    pub fn new(number: u8) -> Self {
        Self {
            nodes: vec![Node::new()],
            growing: FxHashMap::default(),
            edges: Vec::new(),
            roots: Vec::new(),
            begins: Vec::new(),
            bit: 1 << number,
            crosses: Break::Nothing,
        }
    }

    /// The same table with phrases that may run over commas and line ends.
    pub fn over_sentences(mut self) -> Self {
        self.crosses = Break::Sentence;
        self
    }

    /// Adds a phrase; where two say the same, the first one's meaning counts.
    pub fn add(&mut self, vocabulary: &mut Vocabulary, phrase: &str, meaning: M) {
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

    /// Lays the edges in order and notes which words begin a phrase, once the vocabulary is complete.
    pub fn finish(&mut self, vocabulary: &mut Vocabulary) {
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
        for (word, _) in vocabulary.words().zip(&self.begins).filter(|(_, begins)| **begins != 0) {
            vocabulary.note_beginning(word, self.bit);
        }
    }

    fn after(&self, node: &Node<M>, word: WordId) -> Option<u32> {
        let edges = &self.edges[node.edges.start as usize..node.edges.end as usize];
        let found = edges.binary_search_by_key(&word, |edge| edge.word).ok()?;
        Some(edges[found].to)
    }

    fn root_of(&self, word: WordId) -> u32 {
        self.roots.get(usize::from(word)).copied().unwrap_or(ROOT)
    }

    /// Every phrase in the text, the longest at each place, none overlapping.
    pub fn find(&self, vocabulary: &Vocabulary, tokens: &[Token]) -> Finds<M> {
        let mut found = Finds::new();
        let mut start = 0;
        let begins = |token: &Token| vocabulary.begins(token.word, self.bit);
        while let Some(skipped) = tokens[start..].iter().position(begins) {
            let place = start + skipped;
            start = place + 1;
            if let Some(longest) = self.longest_at(vocabulary, tokens, place) {
                start = longest.end;
                found.push(longest);
            }
        }
        found
    }

    /// The longest phrase at every place of the text, whether or not they overlap.
    pub fn find_overlapping(&self, vocabulary: &Vocabulary, tokens: &[Token]) -> Finds<M> {
        (0..tokens.len()).filter_map(|start| self.longest_at(vocabulary, tokens, start)).collect()
    }

    fn longest_at(
        &self,
        vocabulary: &Vocabulary,
        tokens: &[Token],
        start: usize,
    ) -> Option<Found<M>> {
        let walk = Walk { phrases: self, vocabulary, tokens };
        let begins = self.begins[usize::from(tokens[start].word)];
        if begins & (walk.signature_at(start + 1) | ALONE) == 0 {
            return None;
        }
        let mut longest: Option<(usize, M)> = None;
        for &reading in vocabulary.readings_of(tokens[start].word) {
            let node = self.root_of(reading);
            if node != ROOT {
                longest = longer(longest, walk.longest(node, start + 1));
            }
        }
        longest.map(|(end, meaning)| Found { meaning, start, end })
    }
}

/// The walk along one text.
struct Walk<'a, M> {
    phrases: &'a Phrases<M>,
    vocabulary: &'a Vocabulary,
    tokens: &'a [Token],
}

impl<M: Copy> Walk<'_, M> {
    /// Where the longest phrase ends that goes on from a node, before the token `at`.
    fn longest(&self, node: u32, at: usize) -> Option<(usize, M)> {
        let node = &self.phrases.nodes[node as usize];
        let mut longest = node.meaning.map(|meaning| (at, meaning));
        for &(words_max, next) in &node.gaps {
            let next = &self.phrases.nodes[next as usize];
            let beyond = (at..=at + words_max)
                .take_while(|&place| place == at || self.is_joined(place - 1))
                .find_map(|place| self.longest_of_next(next, place));
            longest = longer(longest, beyond);
        }
        longer(longest, self.longest_of_next(node, at))
    }

    #[inline]
    fn longest_of_next(&self, node: &Node<M>, at: usize) -> Option<(usize, M)> {
        if node.follows & self.signature_at(at) == 0 {
            return None;
        }
        let mut longest = None;
        for &reading in self.vocabulary.readings_of(self.tokens[at].word) {
            if let Some(next) = self.phrases.after(node, reading) {
                longest = longer(longest, self.longest(next, at + 1));
            }
        }
        longest
    }

    /// The bits of the word at a place, if it is joined to the one before.
    fn signature_at(&self, place: usize) -> u64 {
        let token = self.tokens.get(place).filter(|token| token.before <= self.phrases.crosses);
        token.map_or(0, |token| self.vocabulary.signature_of(token.word))
    }

    fn is_joined(&self, place: usize) -> bool {
        self.tokens.get(place).is_some_and(|token| token.before <= self.phrases.crosses)
    }
}

fn longer<M>(one: Option<(usize, M)>, other: Option<(usize, M)>) -> Option<(usize, M)> {
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
