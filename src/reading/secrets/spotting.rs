//! Spots the words that tell of secrets, all kinds in one pass over the text.
//!
//! Each kind keeps its own table of words; [`TABLES`] names them all. Each word is filed under its
//! first three bytes, so that at nearly every place of a text one look into a small table is all.
//!
//! **How a word is written in a table.** In lower case; a text may write it in capitals. A blank
//! stands for a blank, a hyphen, an underscore or nothing. A word of up to four letters must stand
//! alone; a longer one may be part of a compound or take an ending. A last `:` must stand there
//! but is not part of the word.

use std::sync::LazyLock;

use super::{addresses, codes, documents, passwords, phones, tokens};

/// What a spotted word means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// How an API token begins.
    Token,
    /// How the link to a second factor begins.
    FactorLink,
    /// The middle of `https://`.
    Link,
    /// A password is spoken of.
    Password,
    /// A remembered password may follow.
    Guess,
    /// The key of a second factor is spoken of.
    FactorKey,
    /// Recovery codes are spoken of.
    Code,
    /// A hash or number of another kind is spoken of.
    Hash,
    /// A telephone is spoken of.
    Phone,
    /// An identity document is spoken of.
    Document,
}

const TABLES: &[(Meaning, &[&str])] = &[
    (Meaning::Token, tokens::STARTS),
    (Meaning::FactorLink, passwords::FACTOR_LINKS),
    (Meaning::Link, addresses::LINK_MARKS),
    (Meaning::Password, passwords::NAMES),
    (Meaning::Guess, passwords::GUESSES),
    (Meaning::FactorKey, passwords::FACTOR_KEYS),
    (Meaning::Code, codes::NAMES),
    (Meaning::Hash, codes::OTHER_NAMES),
    (Meaning::Phone, phones::NAMES),
    (Meaning::Document, documents::NAMES),
];

/// A word of the tables and where it stands, in bytes.
#[derive(Debug, Clone, Copy)]
pub struct Spotted {
    pub meaning: Meaning,
    pub start: usize,
    pub end: usize,
}

/// A text with its telling words and its links.
pub struct Marked<'a> {
    pub text: &'a str,
    pub words: Vec<Spotted>,
    links: Vec<(usize, usize)>,
}

impl<'a> Marked<'a> {
    /// Reads a text once and marks it.
    pub fn new(text: &'a str) -> Self {
        let mut marked = Self { text, words: Vec::with_capacity(32), links: Vec::new() };
        let index = &*INDEX;
        let mut next = 0;
        for (place, four) in text.as_bytes().windows(4).enumerate() {
            let slot = slot_of([four[0], four[1], four[2]]);
            if index.buckets[slot] != 0 && place >= next {
                if let Some(word) = index.word_at(text, place, slot) {
                    next = word.end;
                    marked.add(word);
                }
            }
        }
        marked
    }

    fn add(&mut self, word: Spotted) {
        if word.meaning != Meaning::Link {
            self.words.push(word);
        } else if !self.is_in_link(word.start) {
            let rest = &self.text[word.end..];
            let length = rest.find(ends_link).unwrap_or(rest.len());
            self.links.push((word.start, word.end + length));
        }
    }

    /// Words of one meaning, in their order.
    pub fn words_of(&self, meaning: Meaning) -> impl Iterator<Item = Spotted> {
        self.words.iter().copied().filter(move |word| word.meaning == meaning)
    }

    /// Whether any word of a meaning was spotted.
    pub fn speaks_of(&self, meaning: Meaning) -> bool {
        self.words_of(meaning).next().is_some()
    }

    /// The words that end before a place, the nearest first, as far back as so many bytes.
    pub fn words_before(&self, place: usize, bytes_max: usize) -> impl Iterator<Item = Spotted> {
        let count = self.words.partition_point(|word| word.end <= place);
        self.words[..count]
            .iter()
            .rev()
            .copied()
            .take_while(move |word| place - word.end <= bytes_max)
    }

    /// The link that a place is part of: what stands after its `://`.
    pub fn link_at(&self, place: usize) -> Option<&'a str> {
        let count = self.links.partition_point(|&(start, _)| start <= place);
        let &(start, end) = self.links[..count].last()?;
        (place < end).then(|| &self.text[start + 3..end])
    }

    /// Whether a place is part of a link.
    pub fn is_in_link(&self, place: usize) -> bool {
        self.link_at(place).is_some()
    }

    /// The links, each from after its `://`, with the place where it ends.
    pub fn links(&self) -> impl Iterator<Item = (usize, &'a str)> {
        self.links.iter().map(|&(start, end)| (start + 3, &self.text[start + 3..end]))
    }
}

fn ends_link(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, '(' | ')' | '<' | '>' | '[' | ']' | '`' | '"' | '\'')
        || is_ideographic(character)
}

/// Letters and marks of scripts that put no blanks between words.
pub fn is_ideographic(character: char) -> bool {
    character >= '\u{2E80}'
}

const SLOTS: usize = 1 << 12;

struct Entry {
    meaning: Meaning,
    word: &'static str,
    is_whole: bool,
}

struct Index {
    /// For each slot, 0 or one more than the place of its list.
    buckets: [u16; SLOTS],
    lists: Vec<Vec<Entry>>,
}

static INDEX: LazyLock<Index> = LazyLock::new(Index::new);

/// The slot of three bytes; capitals of most scripts fall to their small letters.
fn slot_of([first, second, third]: [u8; 3]) -> usize {
    let three = u32::from_le_bytes([first, second, third, 0]) | 0x0020_2020;
    (three.wrapping_mul(0x9E37_79B1) >> 20) as usize
}

impl Index {
    fn new() -> Self {
        let mut index = Self { buckets: [0; SLOTS], lists: Vec::new() };
        for &(meaning, words) in TABLES {
            for &word in words {
                for slot in slots_of(word) {
                    index.file(slot, meaning, word);
                }
            }
        }
        for list in &mut index.lists {
            // The longest word wins where several begin alike.
            list.sort_by_key(|entry| usize::MAX - entry.word.len());
        }
        index
    }

    fn file(&mut self, slot: usize, meaning: Meaning, word: &'static str) {
        if self.buckets[slot] == 0 {
            self.lists.push(Vec::new());
            self.buckets[slot] = u16::try_from(self.lists.len()).expect("a few hundred words");
        }
        let letters = word.chars().filter(|letter| letter.is_alphabetic()).count();
        let is_whole = letters <= 4 && letters > 0 && !word.starts_with(is_ideographic);
        self.lists[usize::from(self.buckets[slot]) - 1].push(Entry { meaning, word, is_whole });
    }

    fn word_at(&self, text: &str, place: usize, slot: usize) -> Option<Spotted> {
        let list = &self.lists[usize::from(self.buckets[slot]) - 1];
        let rest = text.get(place..)?;
        list.iter().find_map(|entry| {
            let end = place + length_at(rest, entry.word)?;
            let is_free = !entry.is_whole || stands_alone(text, place, end);
            is_free.then_some(Spotted { meaning: entry.meaning, start: place, end })
        })
    }
}

/// The slots under which a word is looked for: in small letters and capitals, with all its blanks.
fn slots_of(word: &str) -> Vec<usize> {
    let mut capitals = word.chars();
    let first = capitals.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    let mut slots: Vec<usize> = [word.to_owned(), word.to_uppercase(), first + capitals.as_str()]
        .iter()
        .flat_map(|spelling| [" ", "-", "_", ""].map(|blank| spelling.replace(' ', blank)))
        .filter_map(|spelling| spelling.as_bytes().first_chunk().copied().map(slot_of))
        .collect();
    slots.sort_unstable();
    slots.dedup();
    slots
}

/// The bytes of a word of the tables at the beginning of a text.
pub fn length_at(text: &str, word: &str) -> Option<usize> {
    let mut letters = text.chars();
    for wanted in word.chars() {
        if wanted == ' ' {
            let mut after = letters.clone();
            if matches!(after.next(), Some(' ' | '-' | '_')) {
                letters = after;
            }
        } else if lower(letters.next()?) != wanted {
            return None;
        }
    }
    let is_marked = word.len() > 2 && word.ends_with(':') && !word.starts_with(':');
    Some(text.len() - letters.as_str().len() - usize::from(is_marked))
}

fn lower(letter: char) -> char {
    if letter.is_ascii() {
        letter.to_ascii_lowercase()
    } else {
        match letter {
            '’' => '\'',
            _ => letter.to_lowercase().next().unwrap_or(letter),
        }
    }
}

fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let is_letter = |letter: char| letter.is_alphabetic() && !is_ideographic(letter);
    !text[..start].ends_with(is_letter) && !text[end..].starts_with(is_letter)
}

/// The first digit from a place on. Blocks without one are passed over at once.
pub fn next_digit(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let (blocks, _) = rest.as_chunks::<32>();
    let has_digit =
        |block: &&[u8; 32]| block.iter().fold(false, |any, byte| any | byte.is_ascii_digit());
    let skipped = 32 * blocks.iter().take_while(|block| !has_digit(block)).count();
    let found = rest[skipped..].iter().position(u8::is_ascii_digit)?;
    Some(from + skipped + found)
}

/// At most `bytes_max` bytes of a text before a place, cut at a character.
pub fn before(text: &str, place: usize, bytes_max: usize) -> &str {
    let mut from = place.saturating_sub(bytes_max);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    &text[from..place]
}

/// At most `bytes_max` bytes of a text from a place on, cut at a character.
pub fn after(text: &str, place: usize, bytes_max: usize) -> &str {
    crate::reading::text::first_bytes(&text[place..], bytes_max)
}

/// A word list's test: whether a text begins with one of them, in any case.
pub fn begins_with_any<'w>(text: &str, words: &[&'w str]) -> Option<(&'w str, usize)> {
    words.iter().find_map(|&word| length_at(text, word).map(|length| (word, length)))
}
