//! What can be weighed of a text, as numbers: a word, two neighbouring words, or what the rules found.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

/// One thing that can be weighed: the same name gives the same number, on every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Feature(u64);

/// The first characters of the names of what the rules found.
const SIGNS: [char; 4] = ['@', '#', '!', '>'];

impl Feature {
    /// The feature of a name as the tables of weights write it: `word`, `word word`, or a sign and
    /// what the rules found: `@topic=state`, `#matter`, `!screen`, `>field=value`.
    pub fn named(name: &str) -> Self {
        let Some(sign) = name.chars().next().filter(|sign| SIGNS.contains(sign)) else {
            let mut words = name.split(' ').map(Self::word);
            let first = words.next().unwrap_or(Self::word(""));
            return words.fold(first, Self::before);
        };
        let (what, value) = name[sign.len_utf8()..].split_once('=').unwrap_or((&name[1..], ""));
        Self::found(sign, what, value)
    }

    /// What the rules found.
    pub fn found(sign: char, what: &str, value: &str) -> Self {
        let mut buffer = [0; 4];
        Self::word(sign.encode_utf8(&mut buffer)).before(Self::word(what)).before(Self::word(value))
    }

    /// A single folded word.
    pub fn word(word: &str) -> Self {
        let mut hasher = FxHasher::default();
        word.hash(&mut hasher);
        Self(hasher.finish())
    }

    /// This one with the next.
    pub fn before(self, next: Self) -> Self {
        Self(self.0.rotate_left(23).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ next.0)
    }
}
