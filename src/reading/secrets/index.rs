//! Where in the tables a piece of text may be found: the words by their first bytes.

use std::sync::LazyLock;

use smallvec::SmallVec;

use super::near::{is_ideographic, length_at};
use super::spotting::{Meaning, Spotted, TABLES};

/// Marks for the first four bytes of a word; many more than words, so that few places of a text are
/// looked at in vain.
const MARKS: usize = 1 << 16;

/// Lists for the first three bytes of a word.
const LISTS: usize = 1 << 12;

/// One spelling of a word's beginning.
struct Entry {
    meaning: Meaning,
    word: &'static str,
    is_whole: bool,
    /// Whether it is small letters of ASCII and nothing else, so that only capitals are like it.
    is_plain: bool,
    /// Its first eight bytes, folded, and which of their bits count where it is shorter.
    beginning: u64,
    mask: u64,
}

/// The words by their beginnings.
pub struct Index {
    /// Which four bytes a word may begin with; each mark is a byte, which is quicker than a bit.
    marks: Box<[bool; MARKS]>,
    /// Where each list begins among the entries, and at last where the last one ends.
    lists: Vec<u16>,
    /// The words by list, in each the longest first.
    entries: Vec<Entry>,
}

pub static INDEX: LazyLock<Index> = LazyLock::new(Index::new);

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

fn mark_of(four: u32) -> usize {
    (scattered(four) >> 16) as usize
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
                    is_plain: word.bytes().all(|byte| byte.is_ascii_lowercase()),
                    beginning,
                    mask,
                }));
            }
        }
        entries.sort_by_key(|entry| (list_of(entry.beginning), usize::MAX - entry.word.len()));
        let mut marks = Box::new([false; MARKS]);
        entries.iter().flat_map(Entry::fours).for_each(|four| marks[mark_of(four)] = true);
        let mut lists = vec![0; LISTS + 1];
        for entry in &entries {
            lists[list_of(entry.beginning) + 1] += 1;
        }
        for list in 0..LISTS {
            lists[list + 1] += lists[list];
        }
        Self { marks, lists, entries }
    }

    /// The next place where a word may begin. Five places are looked at in one go.
    pub fn next_beginning(&self, bytes: &[u8], from: usize) -> Option<usize> {
        let may_begin = |four: u64| self.marks[mark_of(four as u32)];
        let mut place = from;
        while let Some(eight) = bytes.get(place..)?.first_chunk() {
            let eight = u64::from_le_bytes(*eight) | FOLD;
            let any = may_begin(eight)
                | may_begin(eight >> 8)
                | may_begin(eight >> 16)
                | may_begin(eight >> 24)
                | may_begin(eight >> 32);
            if any {
                let skipped = (0..4).find(|skipped| may_begin(eight >> (8 * skipped)));
                return Some(place + skipped.unwrap_or(4));
            }
            place += 5;
        }
        let may_begin =
            |four: &[u8; 4]| self.marks[mark_of(u32::from_le_bytes(*four) | FOLD as u32)];
        Some(place + bytes[place..].array_windows().position(may_begin)?)
    }

    /// The longest word that begins at a place.
    pub fn word_at(&self, text: &str, place: usize) -> Option<Spotted> {
        let eight = folded_at(text.as_bytes(), place);
        let list = list_of(eight);
        let list = usize::from(self.lists[list])..usize::from(self.lists[list + 1]);
        let begins = |entry: &&Entry| (eight ^ entry.beginning) & entry.mask == 0;
        self.entries[list].iter().filter(begins).find_map(|entry| {
            let length = match entry.is_plain {
                true => entry.goes_on_in(text, place).then_some(entry.word.len())?,
                false => length_at(text.get(place..)?, entry.word)?,
            };
            let end = place + length;
            let is_free = !entry.is_whole || stands_alone(text, place, end);
            is_free.then_some(Spotted { meaning: entry.meaning, start: place, end })
        })
    }
}

impl Entry {
    /// Whether a plain word goes on in a text behind its first eight letters, which are known to fit.
    fn goes_on_in(&self, text: &str, place: usize) -> bool {
        let bytes = &text.as_bytes()[place..];
        let (word, known) = (self.word.as_bytes(), size_of::<u64>());
        word.len() <= known
            || bytes
                .get(known..word.len())
                .is_some_and(|got| got.eq_ignore_ascii_case(&word[known..]))
    }

    /// The first four bytes that a text can have where this word begins.
    fn fours(&self) -> impl Iterator<Item = u32> {
        let three = self.beginning as u32 & 0x00FF_FFFF;
        let fourth = (self.beginning >> 24) as u8;
        let fourths = if self.mask >> 24 != 0 { fourth..=fourth } else { 0..=u8::MAX };
        // After three letters comes no other letter, unless the word ends in a sign; a byte of
        // 0xE0 or more may begin a sign such as the wide colon.
        let takes_all = self.mask >> 24 != 0 || !self.word.ends_with(char::is_alphanumeric);
        fourths
            .filter(move |next| {
                takes_all || !next.is_ascii_alphabetic() && !(0x80..0xE0).contains(next)
            })
            .map(move |next| three | (u32::from(next) << 24) | FOLD as u32)
    }
}

/// Whether a word is so short that it must stand alone.
fn is_short(word: &str) -> bool {
    let letters = word.chars().filter(|letter| letter.is_alphabetic()).count();
    (1..=4).contains(&letters) && !word.starts_with(is_ideographic)
}

/// The beginnings under which a word is looked for: small letters, capitals, all its blanks.
fn beginnings_of(word: &str) -> SmallVec<[(u64, u64); 4]> {
    let mut beginnings = SmallVec::new();
    let mut note = |spelling: &str| {
        // The straight apostrophe has a curly brother, so beginnings stop before it.
        let length = spelling.bytes().position(|byte| byte == b'\'').unwrap_or(spelling.len());
        let mask = u64::MAX >> (64 - 8 * length.min(8));
        let beginning = (folded_at(&spelling.as_bytes()[..length], 0), mask);
        if !beginnings.contains(&beginning) {
            beginnings.push(beginning);
        }
    };
    let mut note_blanks = |spelling: &str| {
        note(spelling);
        // Behind the first eight bytes nothing is looked at.
        if spelling.bytes().take(size_of::<u64>()).any(|byte| byte == b' ') {
            ["-", "_", ""].iter().for_each(|blank| note(&spelling.replace(' ', blank)));
        }
    };
    note_blanks(word);
    // In ASCII folding does away with capitals.
    if !word.is_ascii() {
        let mut rest = word.chars();
        let first: String = rest.next().into_iter().flat_map(char::to_uppercase).collect();
        note_blanks(&word.to_uppercase());
        note_blanks(&(first + rest.as_str()));
    }
    beginnings
}

/// No letter stands before the word, nor after it unless it ends in a sign.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let is_letter = |letter: char| letter.is_alphabetic() && !is_ideographic(letter);
    let ends_in_sign = !text[..end].ends_with(char::is_alphabetic);
    !text[..start].ends_with(is_letter) && (ends_in_sign || !text[end..].starts_with(is_letter))
}
