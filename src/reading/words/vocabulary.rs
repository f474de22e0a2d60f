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

/// Tables of phrases, one bit each.
pub type Tables = u8;

/// What a word or stem can be in a phrase.
#[derive(Debug, Clone, Default)]
struct Readings {
    /// Itself, and every stem it begins with.
    words: SmallVec<[WordId; 4]>,
    /// One bit for each of them; several may share one.
    signature: u64,
}

impl Readings {
    fn of(words: SmallVec<[WordId; 4]>) -> Self {
        let signature = words.iter().fold(0, |bits, word| bits | word.bit());
        Self { words, signature }
    }
}

/// The words of all tables.
#[derive(Debug)]
pub struct Vocabulary {
    readings: Vec<Readings>,
    /// What is asked of every word of a text stands in columns of its own, which stay in the
    /// nearest cache.
    classes: Vec<Classes>,
    languages: Vec<u16>,
    begins: Vec<Tables>,
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
            readings: vec![Readings::default()],
            classes: vec![0],
            languages: vec![0],
            begins: Vec::new(),
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
        let number = u16::try_from(self.readings.len()).expect("the tables hold few words");
        let id = WordId(number);
        self.readings.push(Readings::default());
        self.classes.push(0);
        self.languages.push(0);
        // Stems are looked up by their star until `finish` sorts them.
        self.exact.insert(word.as_bytes().into(), id);
        id
    }

    /// Puts a word into classes.
    pub fn classify(&mut self, word: &str, classes: Classes) {
        let id = self.learn(word);
        self.classes[usize::from(id)] |= classes;
    }

    /// Counts a word for a language, by the language's number.
    pub fn speaks(&mut self, word: &str, language: usize) {
        let id = self.learn(word);
        self.languages[usize::from(id)] |= 1 << language;
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
            self.readings[usize::from(id)] = Readings::of(readings);
        }
        self.short =
            self.exact.iter().filter_map(|(word, &id)| Some((packed(word)?, id))).collect();
        for stem in &self.stems {
            let readings = self.stems_of(&stem.text).map(|stem| stem.id).collect();
            self.readings[usize::from(stem.id)] = Readings::of(readings);
        }
        self.begins = vec![0; self.readings.len()];
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
    pub fn words(&self) -> impl Iterator<Item = WordId> + use<> {
        let count = u16::try_from(self.readings.len()).expect("the tables hold few words");
        (0..count).map(WordId)
    }

    /// What a word can be in a phrase.
    pub fn readings_of(&self, word: WordId) -> &[WordId] {
        &self.readings[usize::from(word)].words
    }

    /// The bits of a word's readings: where none is wanted, no reading is.
    pub fn signature_of(&self, word: WordId) -> u64 {
        self.readings[usize::from(word)].signature
    }

    /// Notes that phrases of a table begin with a word.
    pub fn note_beginning(&mut self, word: WordId, tables: Tables) {
        self.begins[usize::from(word)] |= tables;
    }

    /// Whether phrases of one of the tables begin with a word; most words begin none.
    pub fn begins(&self, word: WordId, tables: Tables) -> bool {
        self.begins[usize::from(word)] & tables != 0
    }

    /// Whether a word is in one of the classes.
    pub fn is_in(&self, word: WordId, classes: Classes) -> bool {
        self.classes[usize::from(word)] & classes != 0
    }

    /// The languages a word speaks for, one bit each.
    pub fn languages_of(&self, word: WordId) -> u16 {
        self.languages[usize::from(word)]
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
