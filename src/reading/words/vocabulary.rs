//! Every word the tables know, as numbers, so that a text is looked up once and compared cheaply.

use std::mem::take;
use std::ops::Range;

use rustc_hash::{FxBuildHasher, FxHashMap};
use smallvec::SmallVec;

use super::short::{packed, unpacked};

/// A word of a text: one the tables know, the longest stem of theirs it begins with, or unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WordId(u16);

impl WordId {
    /// One of 63 bits that stands for this word and some others.
    pub fn bit(self) -> u64 {
        1 << (self.0 % 63)
    }
}

/// Classes of small words, one bit each.
pub type Classes = u32;

/// Tables of phrases, one bit each.
pub type Tables = u8;

/// What is asked of every word of a text.
#[derive(Debug, Clone, Copy)]
pub struct Word {
    /// Its number.
    pub id: WordId,
    /// The languages it speaks for, one bit each.
    pub languages: u16,
    classes: Classes,
    begins: Tables,
}

impl Word {
    /// A word no table knows.
    pub const UNKNOWN: Self = Self { id: WordId(0), languages: 0, classes: 0, begins: 0 };

    /// Whether phrases of one of the tables begin with it; most words begin none.
    pub fn begins(self, tables: Tables) -> bool {
        self.begins & tables != 0
    }

    /// Whether it is in one of the classes.
    pub fn is_in(self, classes: Classes) -> bool {
        self.classes & classes != 0
    }
}

impl PartialEq for Word {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

/// The words of all tables.
#[derive(Debug, Default)]
pub struct Vocabulary {
    words: Vec<Word>,
    /// The bits of each word's readings.
    signatures: Vec<u64>,
    /// Where each word's readings stand among all of them.
    places: Vec<Range<u16>>,
    readings: Vec<WordId>,
    /// Stems, and words that begin with one.
    with_stems: Vec<WordId>,
    /// Words that are short enough to be numbers: most are.
    short: FxHashMap<u64, WordId>,
    long: FxHashMap<Box<[u8]>, WordId>,
    /// At last sorted, so that of those a word begins with the longest comes last.
    stems: Vec<Stem>,
    /// The stems by how they begin: most unknown words begin with none.
    beginnings: FxHashMap<u32, Range<usize>>,
}

/// How many words and stems the tables have, or a little more.
const WORDS_USUAL_MAX: usize = 4096;

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
        let mut vocabulary = Self {
            words: Vec::with_capacity(WORDS_USUAL_MAX),
            short: FxHashMap::with_capacity_and_hasher(WORDS_USUAL_MAX, FxBuildHasher),
            ..Self::default()
        };
        vocabulary.words.push(Word::UNKNOWN);
        vocabulary
    }

    /// The number of a folded word, or of a stem where it ends in `*`.
    pub fn learn(&mut self, word: &str) -> WordId {
        let next = WordId(u16::try_from(self.words.len()).expect("the tables hold few words"));
        let known = if let Some(stem) = word.strip_suffix('*') {
            self.learn_stem(stem.as_bytes(), next)
        } else if let Some(short) = packed(word.as_bytes()) {
            *self.short.entry(short).or_insert(next)
        } else if let Some(&known) = self.long.get(word.as_bytes()) {
            known
        } else {
            self.long.insert(word.as_bytes().into(), next);
            next
        };
        if known == next {
            self.words.push(Word { id: next, ..Word::UNKNOWN });
        }
        known
    }

    fn learn_stem(&mut self, text: &[u8], next: WordId) -> WordId {
        let known = self.stems.iter().find(|stem| *stem.text == *text);
        if let Some(known) = known {
            return known.id;
        }
        self.stems.push(Stem { text: text.into(), id: next });
        next
    }

    /// Puts a word into classes.
    pub fn classify(&mut self, word: &str, classes: Classes) {
        let id = self.learn(word);
        self.words[usize::from(id)].classes |= classes;
    }

    /// Counts a word for a language, by the language's number.
    pub fn speaks(&mut self, word: &str, language: usize) {
        let id = self.learn(word);
        self.words[usize::from(id)].languages |= 1 << language;
    }

    /// Works out which stems every word begins with. Nothing is learned afterwards.
    pub fn finish(&mut self) {
        self.stems.sort_unstable_by(|one, other| one.text.cmp(&other.text));
        for (number, stem) in self.stems.iter().enumerate() {
            let beginning = beginning_of(&stem.text).expect("a stem has three letters");
            self.beginnings.entry(beginning).or_insert(number..number).end = number + 1;
        }
        let count = self.words.len();
        self.signatures = vec![0; count];
        self.places = vec![0..0; count];
        self.readings.reserve(count + count / 4);
        let (short, long) = (take(&mut self.short), take(&mut self.long));
        for (&number, &word) in &short {
            let (bytes, length) = unpacked(number);
            self.note_readings(word, Some(word), &bytes[..length]);
        }
        for (text, &word) in &long {
            self.note_readings(word, Some(word), text);
        }
        (self.short, self.long) = (short, long);
        for number in 0..self.stems.len() {
            let Stem { text, id } = &self.stems[number];
            // A stem begins with itself.
            let (word, text) = (*id, text.clone());
            self.note_readings(word, None, &text);
        }
    }

    /// Notes what a word or stem can be in a phrase: itself, and every stem it begins with.
    fn note_readings(&mut self, word: WordId, itself: Option<WordId>, text: &[u8]) {
        let start = self.readings.len();
        let mut readings: SmallVec<[WordId; 4]> = itself.into_iter().collect();
        readings.extend(self.stems_of(text).map(|stem| stem.id));
        if readings.len() > 1 || itself.is_none() {
            self.with_stems.push(word);
        }
        self.signatures[usize::from(word)] = readings.iter().fold(0, |bits, it| bits | it.bit());
        self.readings.extend_from_slice(&readings);
        let place = |at: usize| u16::try_from(at).expect("the tables hold few words");
        self.places[usize::from(word)] = place(start)..place(self.readings.len());
    }

    /// The stems a word begins with, the longest first.
    fn stems_of(&self, word: &[u8]) -> impl Iterator<Item = &Stem> {
        let known = beginning_of(word).and_then(|beginning| self.beginnings.get(&beginning));
        let stems = &self.stems[known.cloned().unwrap_or_default()];
        stems.iter().rev().filter(move |stem| word.starts_with(&stem.text))
    }

    /// What is known of a folded word of a text.
    pub fn look_up(&self, word: &[u8]) -> Word {
        match packed(word) {
            Some(short) => self.look_up_short(short),
            None => match self.long.get(word) {
                Some(&id) => self.words[usize::from(id)],
                None => self.by_stem(word),
            },
        }
    }

    /// What is known of a folded word whose bytes are packed into a number.
    #[inline]
    pub fn look_up_short(&self, short: u64) -> Word {
        match self.short.get(&short) {
            Some(&id) => self.words[usize::from(id)],
            None => {
                let (bytes, length) = unpacked(short);
                self.by_stem(&bytes[..length])
            }
        }
    }

    /// What is known of a word by the longest stem it begins with.
    #[inline(never)]
    fn by_stem(&self, word: &[u8]) -> Word {
        let stem = self.stems_of(word).next();
        stem.map_or(Word::UNKNOWN, |stem| self.words[usize::from(stem.id)])
    }

    /// Every word a text can have, in the order of their numbers.
    pub fn words(&self) -> impl ExactSizeIterator<Item = WordId> + use<> {
        let count = u16::try_from(self.words.len()).expect("the tables hold few words");
        (0..count).map(WordId)
    }

    /// Stems, and words that begin with one.
    pub fn words_with_stems(&self) -> &[WordId] {
        &self.with_stems
    }

    /// What a word can be in a phrase.
    pub fn readings_of(&self, word: WordId) -> &[WordId] {
        let place = &self.places[usize::from(word)];
        &self.readings[usize::from(place.start)..usize::from(place.end)]
    }

    /// The bits of a word's readings: where none is wanted, no reading is.
    pub fn signature_of(&self, word: WordId) -> u64 {
        self.signatures[usize::from(word)]
    }

    /// Notes that phrases of a table begin with a word.
    pub fn note_beginning(&mut self, word: WordId, tables: Tables) {
        self.words[usize::from(word)].begins |= tables;
    }
}

/// The first bytes of a word, by which its stems are found.
fn beginning_of(word: &[u8]) -> Option<u32> {
    let [one, two, three] = *word.first_chunk::<BEGINNING_BYTES>()?;
    Some(u32::from_be_bytes([0, one, two, three]))
}

impl From<WordId> for u16 {
    fn from(word: WordId) -> Self {
        word.0
    }
}

impl From<WordId> for usize {
    fn from(word: WordId) -> Self {
        usize::from(word.0)
    }
}
