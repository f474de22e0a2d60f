//! Every word the tables know, as numbers, so that a text is looked up once and compared cheaply.

use rustc_hash::{FxHashMap, FxHashSet};

/// A word of a text: one the tables know, the longest stem of theirs it begins with, or unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WordId(u16);

impl WordId {
    /// A word no table knows.
    pub const UNKNOWN: Self = Self(0);
}

/// Classes of small words, one bit each.
pub type Classes = u32;

/// What the tables say about one word or stem.
#[derive(Debug, Clone, Default)]
struct Word {
    /// Itself, and every stem it begins with: what it can be in a phrase.
    readings: Vec<WordId>,
    classes: Classes,
    languages: u16,
}

/// The words of all tables.
#[derive(Debug)]
pub struct Vocabulary {
    words: Vec<Word>,
    exact: FxHashMap<String, WordId>,
    /// Sorted, so that the longest stem of a word is found by looking just before it.
    stems: Vec<Stem>,
    /// How stems begin: most unknown words begin with none.
    beginnings: FxHashSet<[u8; BEGINNING_BYTES]>,
}

/// No stem is shorter, in bytes.
const BEGINNING_BYTES: usize = 3;

#[derive(Debug)]
struct Stem {
    text: String,
    id: WordId,
    /// The longest other stem this one begins with.
    shorter: Option<usize>,
}

impl Vocabulary {
    /// A vocabulary that knows nothing yet.
    pub fn new() -> Self {
        Self {
            words: vec![Word::default()],
            exact: FxHashMap::default(),
            stems: Vec::new(),
            beginnings: FxHashSet::default(),
        }
    }

    /// The number of a folded word, or of a stem where it ends in `*`.
    pub fn learn(&mut self, word: &str) -> WordId {
        if let Some(&id) = self.exact.get(word) {
            return id;
        }
        let number = u16::try_from(self.words.len()).expect("the tables hold few words");
        let id = WordId(number);
        self.words.push(Word::default());
        // Stems are looked up by their star until `finish` sorts them.
        self.exact.insert(word.to_owned(), id);
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
        let mut stems: Vec<(String, WordId)> = Vec::new();
        self.exact.retain(|word, id| match word.strip_suffix('*') {
            Some(stem) => {
                stems.push((stem.to_owned(), *id));
                false
            }
            None => true,
        });
        stems.sort();
        for (text, id) in stems {
            let shorter = self.longest_stem_number(&text);
            let beginning = text.as_bytes().first_chunk().expect("a stem has three letters");
            self.beginnings.insert(*beginning);
            self.stems.push(Stem { text, id, shorter });
        }
        let known: Vec<(String, WordId)> =
            self.exact.iter().map(|(word, id)| (word.clone(), *id)).collect();
        for (word, id) in known {
            let stem = self.longest_stem_number(&word);
            self.words[usize::from(id.0)].readings = self.readings(Some(id), stem);
        }
        for number in 0..self.stems.len() {
            let id = self.stems[number].id;
            self.words[usize::from(id.0)].readings = self.readings(None, Some(number));
        }
    }

    fn readings(&self, exact: Option<WordId>, stem: Option<usize>) -> Vec<WordId> {
        let stems = std::iter::successors(stem, |&number| self.stems[number].shorter);
        exact.into_iter().chain(stems.map(|number| self.stems[number].id)).collect()
    }

    fn longest_stem_number(&self, word: &str) -> Option<usize> {
        if !self.beginnings.contains(word.as_bytes().first_chunk()?) {
            return None;
        }
        let after = self.stems.partition_point(|stem| stem.text.as_str() <= word);
        let nearest = after.checked_sub(1)?;
        std::iter::successors(Some(nearest), |&number| self.stems[number].shorter)
            .find(|&number| word.starts_with(self.stems[number].text.as_str()))
    }

    /// The number of a folded word of a text.
    pub fn look_up(&self, word: &str) -> WordId {
        if let Some(&id) = self.exact.get(word) {
            return id;
        }
        self.longest_stem_number(word).map_or(WordId::UNKNOWN, |number| self.stems[number].id)
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

    /// Whether a word is in one of the classes.
    pub fn is_in(&self, word: WordId, classes: Classes) -> bool {
        self.words[usize::from(word.0)].classes & classes != 0
    }

    /// The languages a word speaks for, one bit each.
    pub fn languages_of(&self, word: WordId) -> u16 {
        self.words[usize::from(word.0)].languages
    }
}

impl From<WordId> for usize {
    fn from(word: WordId) -> Self {
        usize::from(word.0)
    }
}
