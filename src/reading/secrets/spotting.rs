//! Spots the words that tell of secrets, all kinds in one pass over the text.
//!
//! Each kind keeps its own table of words; [`TABLES`] names them all. Each word is filed under its
//! first bytes, so that at nearly every place of a text one bit is all that is looked at.
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
        let mut marked = Self { text, words: Vec::with_capacity(16), links: Vec::new() };
        let index = &*INDEX;
        let mut next = 0;
        for (place, four) in text.as_bytes().windows(4).enumerate() {
            let four = u32::from_le_bytes([four[0], four[1], four[2], four[3]]) | FOLD as u32;
            if index.may_begin(four)
                && place >= next
                && let Some(word) = index.word_at(text, place)
            {
                next = word.end;
                marked.add(word);
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

/// Bits for the first four bytes of a word; many more than words, so that few places of a text are
/// looked at in vain.
const BITS: usize = 1 << 17;

/// Lists for the first three bytes of a word.
const LISTS: usize = 1 << 12;

/// One spelling of a word's beginning.
struct Entry {
    meaning: Meaning,
    word: &'static str,
    is_whole: bool,
    /// Its first eight bytes, folded, and which of their bits count where it is shorter.
    beginning: u64,
    mask: u64,
}

/// The words by their beginnings.
struct Index {
    /// Which four bytes a word may begin with.
    bits: Box<[u64; BITS / 64]>,
    /// Where each list begins among the entries, and at last where the last one ends.
    lists: Vec<u16>,
    /// The words by list, in each the longest first.
    entries: Vec<Entry>,
}

static INDEX: LazyLock<Index> = LazyLock::new(Index::new);

/// The bit by which capitals differ from small letters, in most scripts.
const FOLD: u64 = 0x2020_2020_2020_2020;

/// The eight bytes from a place on, folded, with zeros after the end.
fn folded_at(bytes: &[u8], place: usize) -> u64 {
    let rest = &bytes[place..];
    let mut padded = [0; 8];
    match rest.first_chunk() {
        Some(eight) => padded = *eight,
        None => padded[..rest.len()].copy_from_slice(rest),
    }
    u64::from_le_bytes(padded) | FOLD
}

fn scattered(number: u32) -> u32 {
    number.wrapping_mul(0x9E37_79B1)
}

fn bit_of(four: u32) -> usize {
    (scattered(four) >> 15) as usize
}

fn list_of(eight: u64) -> usize {
    (scattered((eight as u32) << 8) >> 20) as usize
}

impl Index {
    fn new() -> Self {
        let mut entries: Vec<Entry> = Vec::new();
        for &(meaning, words) in TABLES {
            for &word in words {
                let is_whole = is_short(word);
                let spellings = beginnings_of(word).into_iter();
                entries.extend(spellings.map(|(beginning, mask)| Entry {
                    meaning,
                    word,
                    is_whole,
                    beginning,
                    mask,
                }));
            }
        }
        entries.sort_by_key(|entry| (list_of(entry.beginning), usize::MAX - entry.word.len()));
        let mut bits = Box::new([0; BITS / 64]);
        for four in entries.iter().flat_map(Entry::fours) {
            bits[bit_of(four) / 64] |= 1 << (bit_of(four) % 64);
        }
        let begin = |list| entries.partition_point(|entry| list_of(entry.beginning) < list);
        let lists = (0..=LISTS)
            .map(|list| u16::try_from(begin(list)).expect("a thousand words at most"))
            .collect();
        Self { bits, lists, entries }
    }

    /// Whether a word may begin with these bytes.
    fn may_begin(&self, four: u32) -> bool {
        let bit = bit_of(four);
        self.bits[bit / 64] >> (bit % 64) & 1 == 1
    }

    fn word_at(&self, text: &str, place: usize) -> Option<Spotted> {
        let eight = folded_at(text.as_bytes(), place);
        let list = list_of(eight);
        let list = usize::from(self.lists[list])..usize::from(self.lists[list + 1]);
        let begins = |entry: &&Entry| (eight ^ entry.beginning) & entry.mask == 0;
        self.entries[list].iter().filter(begins).find_map(|entry| {
            let end = place + length_at(text.get(place..)?, entry.word)?;
            let is_free = !entry.is_whole || stands_alone(text, place, end);
            is_free.then_some(Spotted { meaning: entry.meaning, start: place, end })
        })
    }
}

impl Entry {
    /// The first four bytes that a text can have where this word begins.
    fn fours(&self) -> Vec<u32> {
        let four = self.beginning as u32;
        if self.mask >> 24 != 0 {
            return vec![four];
        }
        // After three letters comes no letter, unless the word ends in a sign.
        let ends_in_sign = !self.word.ends_with(char::is_alphanumeric);
        (0..=u8::MAX)
            .filter(|next| ends_in_sign || !next.is_ascii_alphabetic())
            .map(|next| four & 0x00FF_FFFF | (u32::from(next) << 24) | FOLD as u32)
            .collect()
    }
}

/// Whether a word is so short that it must stand alone.
fn is_short(word: &str) -> bool {
    let letters = word.chars().filter(|letter| letter.is_alphabetic()).count();
    (1..=4).contains(&letters) && !word.starts_with(is_ideographic)
}

/// The beginnings under which a word is looked for: small letters, capitals, all its blanks.
fn beginnings_of(word: &str) -> Vec<(u64, u64)> {
    let mut rest = word.chars();
    let first: String = rest.next().into_iter().flat_map(char::to_uppercase).collect();
    let spellings = [word.to_owned(), word.to_uppercase(), first + rest.as_str()];
    let mut beginnings: Vec<(u64, u64)> = spellings
        .iter()
        .flat_map(|spelling| [" ", "-", "_", ""].map(|blank| spelling.replace(' ', blank)))
        .map(|spelling| {
            // The straight apostrophe has a curly brother, so beginnings stop before it.
            let plain = spelling.split('\'').next().unwrap_or_default().as_bytes();
            let mask = u64::MAX >> (64 - 8 * plain.len().min(8));
            (folded_at(plain, 0), mask)
        })
        .collect();
    beginnings.sort_unstable();
    beginnings.dedup();
    beginnings
}

/// The bytes of a word of the tables at the beginning of a text.
pub fn length_at(text: &str, word: &str) -> Option<usize> {
    let plain = plain_length(text, word)?;
    let mut letters = text[plain..].chars();
    for wanted in word[plain..].chars() {
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

/// How far the two agree in plain letters; `None` where such a letter differs.
fn plain_length(text: &str, word: &str) -> Option<usize> {
    let is_plain =
        |(got, wanted): &(&u8, &u8)| got.is_ascii() && wanted.is_ascii() && **wanted != b' ';
    let mut length = 0;
    for (got, wanted) in text.as_bytes().iter().zip(word.as_bytes()).take_while(is_plain) {
        if got.to_ascii_lowercase() != *wanted {
            return None;
        }
        length += 1;
    }
    Some(length)
}

fn lower(letter: char) -> char {
    if letter.is_ascii() {
        letter.to_ascii_lowercase()
    } else if is_ideographic(letter) {
        letter
    } else {
        match letter {
            '’' => '\'',
            _ => letter.to_lowercase().next().unwrap_or(letter),
        }
    }
}

/// No letter stands before the word, nor after it unless it ends in a sign.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let is_letter = |letter: char| letter.is_alphabetic() && !is_ideographic(letter);
    let ends_in_sign = !text[..end].ends_with(char::is_alphabetic);
    !text[..start].ends_with(is_letter) && (ends_in_sign || !text[end..].starts_with(is_letter))
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
    crate::reading::span::first_bytes(&text[place..], bytes_max)
}

/// A word list's test: whether a text begins with one of them, in any case.
pub fn begins_with_any<'w>(text: &str, words: &[&'w str]) -> Option<(&'w str, usize)> {
    words.iter().find_map(|&word| length_at(text, word).map(|length| (word, length)))
}
