//! Every word the tables know, as numbers, so that a text is looked up once and compared cheaply.

use std::ops::Range;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

/// A word of a text: one the tables know, the longest stem of theirs it begins with, or unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WordId(u16);

impl WordId {
    /// A word no table knows.
    pub const UNKNOWN: Self = Self(0);

    /// One of 63 bits that stands for this word and some others.
    pub fn bit(self) -> u64 {
        1 << (self.0 % 63)
    }
}

/// Classes of small words, one bit each.
pub type Classes = u32;

/// What the tables say about one word or stem.
#[derive(Debug, Clone, Default)]
struct Word {
    /// Itself, and every stem it begins with: what it can be in a phrase.
    readings: SmallVec<[WordId; 4]>,
    /// One bit for each of its readings; readings may share one.
    signature: u64,
    classes: Classes,
    languages: u16,
}

impl Word {
    fn read_as(&mut self, readings: SmallVec<[WordId; 4]>) {
        self.signature = readings.iter().fold(0, |bits, reading| bits | reading.bit());
        self.readings = readings;
    }
}

/// The words of all tables.
#[derive(Debug)]
pub struct Vocabulary {
    words: Vec<Word>,
    exact: FxHashMap<Box<[u8]>, WordId>,
    /// Those of them that are short enough to be numbers: most words of a text are.
    short: FxHashMap<u64, WordId>,
    /// Sorted, so that of those a word begins with the longest comes last.
    stems: Vec<Stem>,
    /// The stems by how they begin: most unknown words begin with none.
    beginnings: FxHashMap<[u8; BEGINNING_BYTES], Range<usize>>,
}

/// No stem is shorter, in bytes.
const BEGINNING_BYTES: usize = 3;

#[derive(Debug)]
struct Stem {
    text: Box<[u8]>,
    id: WordId,
}

impl Vocabulary {
    /// A vocabulary that knows nothing yet.
    pub fn new() -> Self {
        Self {
            words: vec![Word::default()],
            exact: FxHashMap::default(),
            short: FxHashMap::default(),
            stems: Vec::new(),
            beginnings: FxHashMap::default(),
        }
    }

    /// The number of a folded word, or of a stem where it ends in `*`.
    pub fn learn(&mut self, word: &str) -> WordId {
        if let Some(&id) = self.exact.get(word.as_bytes()) {
            return id;
        }
        let number = u16::try_from(self.words.len()).expect("the tables hold few words");
        let id = WordId(number);
        self.words.push(Word::default());
        // Stems are looked up by their star until `finish` sorts them.
        self.exact.insert(word.as_bytes().into(), id);
        id
    }

    /// Puts a word into classes.
    pub fn classify(&mut self, word: &str, classes: Classes) {
        let id = self.learn(word);
        self.words[usize::from(id.0)].classes |= classes;
    }

    /// Counts a word for a language, by the language's number.
    pub fn speaks(&mut self, word: &str, language: usize) {
        let id = self.learn(word);
        self.words[usize::from(id.0)].languages |= 1 << language;
    }

    /// Works out which stems every word begins with. Nothing is learned afterwards.
    pub fn finish(&mut self) {
        self.exact.retain(|word, id| match word.strip_suffix(b"*") {
            Some(stem) => {
                self.stems.push(Stem { text: stem.into(), id: *id });
                false
            }
            None => true,
        });
        self.stems.sort_unstable_by(|one, other| one.text.cmp(&other.text));
        for (number, stem) in self.stems.iter().enumerate() {
            let beginning = *stem.text.first_chunk().expect("a stem has three letters");
            self.beginnings.entry(beginning).or_insert(number..number).end = number + 1;
        }
        for (word, &id) in &self.exact {
            let stems = self.stems_of(word).map(|stem| stem.id);
            let readings = std::iter::once(id).chain(stems).collect();
            self.words[usize::from(id.0)].read_as(readings);
        }
        self.short = self.exact.iter().filter_map(|(word, &id)| Some((packed(word)?, id))).collect();
        for stem in &self.stems {
            let readings = self.stems_of(&stem.text).map(|stem| stem.id).collect();
            self.words[usize::from(stem.id.0)].read_as(readings);
        }
    }

    /// The stems a word begins with, the longest first.
    fn stems_of(&self, word: &[u8]) -> impl Iterator<Item = &Stem> {
        let known = word.first_chunk().and_then(|first| self.beginnings.get(first));
        let stems = &self.stems[known.cloned().unwrap_or_default()];
        stems.iter().rev().filter(move |stem| word.starts_with(&stem.text))
    }

    /// The number of a folded word of a text.
    pub fn look_up(&self, word: &[u8]) -> WordId {
        let known = match packed(word) {
            Some(short) => self.short.get(&short),
            None => self.exact.get(word),
        };
        if let Some(&id) = known {
            return id;
        }
        self.stems_of(word).next().map_or(WordId::UNKNOWN, |stem| stem.id)
    }

    /// Every word a text can have, in the order of their numbers.
    pub fn words(&self) -> impl Iterator<Item = WordId> {
        let count = u16::try_from(self.words.len()).expect("the tables hold few words");
        (0..count).map(WordId)
    }

    /// What a word can be in a phrase.
    pub fn readings_of(&self, word: WordId) -> &[WordId] {
        &self.words[usize::from(word.0)].readings
    }

    /// The bits of a word's readings: where none is wanted, no reading is.
    pub fn signature_of(&self, word: WordId) -> u64 {
        self.words[usize::from(word.0)].signature
    }

    /// Whether a word is in one of the classes.
    pub fn is_in(&self, word: WordId, classes: Classes) -> bool {
        self.words[usize::from(word.0)].classes & classes != 0
    }

    /// The languages a word speaks for, one bit each.
    pub fn languages_of(&self, word: WordId) -> u16 {
        self.words[usize::from(word.0)].languages
    }
}

/// The bytes of a word as one number, if they fit into it.
fn packed(word: &[u8]) -> Option<u64> {
    let is_short = word.len() <= size_of::<u64>();
    is_short.then(|| word.iter().fold(0, |number, &byte| number << 8 | u64::from(byte)))
}

impl From<WordId> for usize {
    fn from(word: WordId) -> Self {
        usize::from(word.0)
    }
}
