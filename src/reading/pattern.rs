//! Patterns of words, signs and a name, written as rows of parts: nothing to compile at start, and
//! in time that grows with the text alone, since no part reaches further than it says.

use smallvec::SmallVec;

/// What a pattern is made of. Case never counts.
#[derive(Debug, Clone, Copy)]
pub enum Part {
    /// One of these words or signs, the first that lets the rest fit. In a word `_` stands for a
    /// blank, an underscore, a hyphen or nothing; a last `*` for any ending.
    One(&'static [&'static str]),
    /// The same, or nothing.
    Maybe(&'static [&'static str]),
    /// A letter, digit or underscore of ASCII stands on one side of this place only.
    Edge,
    /// Between the beginning of a line and the pattern stands nothing but blanks and stars.
    LineBegins,
    /// So many characters of a kind, as many as there are.
    Many(Kind, usize, usize),
    /// At most so many characters of a kind, as few as will do.
    Few(Kind, usize),
    /// One of these rows.
    Either(&'static [&'static [Part]]),
    /// A row, at most so many times.
    Times(&'static [Part], usize),
    /// A name of PyPI, which is kept.
    Name,
    /// Characters of a kind to the end of the text.
    Rest(Kind),
}

/// Whether a character is of a kind.
pub type Kind = fn(char) -> bool;

/// Names that one pattern has at most.
const NAMES_MAX: usize = 2;

/// Bytes of the longest name worth keeping, so that whatever is longer is seen to be none.
const NAME_BYTES_MAX: usize = 100;

/// Places of a text at which several patterns are tried; nobody writes half as many labels.
const PLACES_MAX: usize = 1000;

/// Letters of the longest ending.
const ENDING_LETTERS_MAX: usize = 20;

/// A row of parts.
#[derive(Debug)]
pub struct Pattern {
    parts: &'static [Part],
    begins: Beginnings,
}

/// Which two bytes a pattern can begin with: by the lower five bits of the first, one bit for those
/// of the second. Capitals have the same lower bits as small letters, in Latin and, from а to п, in
/// Cyrillic.
type Beginnings = [u32; 32];

/// Where a pattern fits.
#[derive(Debug, Clone, Copy)]
pub struct Fit<'t> {
    /// Its names; a missing one is empty.
    pub names: [&'t str; NAMES_MAX],
    /// What follows it.
    pub rest: &'t str,
}

/// Several patterns that are looked for in one go, the first before the others.
#[derive(Debug)]
pub struct Patterns {
    all: &'static [&'static Pattern],
    begins: Beginnings,
}

impl Patterns {
    /// The patterns in their order.
    pub const fn new(all: &'static [&'static Pattern]) -> Self {
        let mut begins = [0; 32];
        let mut number = 0;
        while number < all.len() {
            begins = beginnings_of(all[number].parts, begins);
            number += 1;
        }
        Self { all, begins }
    }

    /// What is taken of the first fit of the first pattern that fits in one of the texts.
    pub fn find_in<'t, T>(
        &self,
        texts: impl Iterator<Item = &'t str>,
        take: impl Fn(Fit<'t>) -> Option<T>,
    ) -> Option<T> {
        let texts: SmallVec<[_; 2]> = texts.map(|text| (text, self.places_in(text))).collect();
        self.all.iter().find_map(|pattern| {
            texts.iter().find_map(|(text, places)| {
                let mut from = 0;
                places.iter().find_map(|&place| {
                    let two = text.as_bytes()[place..].first_chunk()?;
                    let may_fit = place >= from && is_beginning(&pattern.begins, two);
                    let fit = may_fit.then(|| pattern.fit_at(text, place))??;
                    from = text.len() - fit.rest.len();
                    take(fit)
                })
            })
        })
    }

    /// Where any of the patterns may begin.
    fn places_in(&self, text: &str) -> SmallVec<[usize; 32]> {
        let mut places = SmallVec::new();
        let mut from = 0;
        while places.len() < PLACES_MAX
            && let Some(place) = next_beginning(&self.begins, text, from)
        {
            places.push(place);
            from = place + 1;
        }
        places
    }
}

/// The next place from which on a pattern may fit.
fn next_beginning(begins: &Beginnings, text: &str, from: usize) -> Option<usize> {
    let begins = |two: &[u8; 2]| is_beginning(begins, two);
    let mut place = from;
    loop {
        place += text.as_bytes().get(place..)?.array_windows().position(begins)?;
        if text.is_char_boundary(place) {
            return Some(place);
        }
        place += 1;
    }
}

fn is_beginning(begins: &Beginnings, two: &[u8; 2]) -> bool {
    begins[usize::from(two[0] & 31)] >> (two[1] & 31) & 1 == 1
}

impl Pattern {
    /// The pattern of a row.
    pub const fn new(parts: &'static [Part]) -> Self {
        Self { parts, begins: beginnings_of(parts, [0; 32]) }
    }

    /// Where it fits at the beginning of a text.
    pub fn fit_start<'t>(&self, text: &'t str) -> Option<Fit<'t>> {
        self.fit_at(text, 0)
    }

    /// Where it fits first.
    pub fn find<'t>(&self, text: &'t str) -> Option<Fit<'t>> {
        self.find_from(text, 0)
    }

    /// Every place where it fits, one after the other.
    pub fn find_all<'t>(&self, text: &'t str) -> impl Iterator<Item = Fit<'t>> {
        let mut from = 0;
        std::iter::from_fn(move || {
            let fit = self.find_from(text, from)?;
            from = text.len() - fit.rest.len();
            Some(fit)
        })
    }

    fn find_from<'t>(&self, text: &'t str, from: usize) -> Option<Fit<'t>> {
        let mut from = from;
        while let Some(place) = next_beginning(&self.begins, text, from) {
            if let Some(fit) = self.fit_at(text, place) {
                return Some(fit);
            }
            from = place + 1;
        }
        None
    }

    fn fit_at<'t>(&self, text: &'t str, start: usize) -> Option<Fit<'t>> {
        let mut walk = Walk { text, start, names: [""; NAMES_MAX], count: 0 };
        let end = walk.fit(&Row { parts: self.parts, then: None }, start)?;
        Some(Fit { names: walk.names, rest: &text[end..] })
    }
}

/// Parts that are still to come, and what comes after them.
struct Row<'r> {
    parts: &'r [Part],
    then: Option<&'r Row<'r>>,
}

/// One try at one place.
struct Walk<'t> {
    text: &'t str,
    start: usize,
    names: [&'t str; NAMES_MAX],
    count: usize,
}

impl Walk<'_> {
    /// Where the row ends if it fits from a place on.
    fn fit(&mut self, row: &Row<'_>, at: usize) -> Option<usize> {
        let Some((part, parts)) = row.parts.split_first() else {
            return row.then.map_or(Some(at), |then| self.fit(then, at));
        };
        let rest = &Row { parts, then: row.then };
        match *part {
            Part::One(words) => self.fit_word(words, rest, at),
            Part::Maybe(words) => self.fit_word(words, rest, at).or_else(|| self.fit(rest, at)),
            Part::Either(rows) => {
                rows.iter().find_map(|&parts| self.fit(&Row { parts, then: Some(rest) }, at))
            }
            Part::Times(_, 0) => self.fit(rest, at),
            Part::Times(parts, max) => {
                let again = &Row { parts: &[Part::Times(parts, max - 1)], then: Some(rest) };
                let once_more = self.fit(&Row { parts, then: Some(again) }, at);
                once_more.or_else(|| self.fit(rest, at))
            }
            Part::Many(kind, min, max) => self.fit_many((kind, min, max), rest, at),
            Part::Few(kind, max) => self.fit_few((kind, max), rest, at),
            Part::Name => self.fit_name(rest, at),
            Part::Edge if self.is_edge(at) => self.fit(rest, at),
            Part::LineBegins if self.begins_line() => self.fit(rest, at),
            Part::Rest(kind) if self.text[at..].chars().all(kind) => {
                self.fit(rest, self.text.len())
            }
            Part::Edge | Part::LineBegins | Part::Rest(_) => None,
        }
    }

    fn fit_word(&mut self, words: &[&str], rest: &Row<'_>, at: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let (first, second) = (bytes.get(at), bytes.get(at + 1));
        let is_alike = |wanted: Option<&u8>, got: Option<&u8>| match (wanted, got) {
            (Some(wanted), Some(got)) => (wanted ^ got) & 31 == 0,
            _ => true,
        };
        let may_be = |word: &&&str| {
            let word = word.as_bytes();
            is_alike(word.first(), first) && is_alike(word.get(1), second)
        };
        words.iter().filter(may_be).find_map(|word| {
            let length = word_length(&self.text[at..], word)?;
            self.fit(rest, at + length)
        })
    }

    fn fit_many(
        &mut self,
        (kind, min, max): (Kind, usize, usize),
        rest: &Row<'_>,
        at: usize,
    ) -> Option<usize> {
        let text = self.text;
        let count = text[at..].chars().take(max).take_while(|&it| kind(it)).count();
        let mut end = at + first_characters(&text[at..], count).len();
        for left in (min..=count).rev() {
            if let Some(fit) = self.fit(rest, end) {
                return Some(fit);
            }
            if left > min {
                end -= text[at..end].chars().next_back().map_or(0, char::len_utf8);
            }
        }
        None
    }

    fn fit_few(&mut self, (kind, max): (Kind, usize), rest: &Row<'_>, at: usize) -> Option<usize> {
        let text = self.text;
        let mut place = at;
        for next in text[at..].chars().map(Some).chain([None]).take(max + 1) {
            if let Some(fit) = self.fit(rest, place) {
                return Some(fit);
            }
            place += next.filter(|&it| kind(it))?.len_utf8();
        }
        None
    }

    fn fit_name(&mut self, rest: &Row<'_>, at: usize) -> Option<usize> {
        let name = self.text[at..].bytes().take(NAME_BYTES_MAX).take_while(|&it| is_of_name(it));
        let longest = name.count();
        if longest == 0 || !self.text.as_bytes()[at].is_ascii_alphanumeric() {
            return None;
        }
        let number = self.count;
        self.count += 1;
        for length in (1..=longest).rev() {
            self.names[number] = &self.text[at..at + length];
            if let Some(fit) = self.fit(rest, at + length) {
                return Some(fit);
            }
        }
        self.count = number;
        None
    }

    fn is_edge(&self, at: usize) -> bool {
        let is_of_word = |byte: Option<&u8>| {
            byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        };
        let bytes = self.text.as_bytes();
        is_of_word(bytes[..at].last()) != is_of_word(bytes.get(at))
    }

    fn begins_line(&self) -> bool {
        let before = self.text[..self.start].trim_end_matches([' ', '\t', '*']);
        before.is_empty() || before.ends_with('\n')
    }
}

/// Whether a byte may stand in a name.
pub fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-')
}

fn first_characters(text: &str, count: usize) -> &str {
    text.char_indices().nth(count).map_or(text, |(end, _)| &text[..end])
}

/// How long a word of a pattern is at the beginning of a text.
fn word_length(text: &str, word: &str) -> Option<usize> {
    let mut rest = text.chars();
    for wanted in word.chars() {
        let mut after = rest.clone();
        let next = after.next();
        match wanted {
            '_' if !matches!(next, Some(' ' | '_' | '-')) => {}
            '*' if word.len() > 1 => {
                let letters = rest.as_str().chars().take(ENDING_LETTERS_MAX);
                let ending: usize =
                    letters.take_while(|it| it.is_alphabetic()).map(char::len_utf8).sum();
                return Some(text.len() - rest.as_str().len() + ending);
            }
            _ if wanted == '_' || next.is_some_and(|next| is_same(next, wanted)) => rest = after,
            _ => return None,
        }
    }
    Some(text.len() - rest.as_str().len())
}

fn is_same(letter: char, wanted: char) -> bool {
    letter.to_ascii_lowercase() == wanted
        || !letter.is_ascii() && letter.to_lowercase().next() == Some(wanted)
}

/// How a row can begin.
const fn beginnings_of(parts: &[Part], mut begins: Beginnings) -> Beginnings {
    match parts {
        [Part::One(words), ..] => add_words(words, begins),
        [Part::Maybe(words), rest @ ..] => beginnings_of(rest, add_words(words, begins)),
        [Part::Edge | Part::LineBegins, rest @ ..] => beginnings_of(rest, begins),
        [Part::Either(rows), ..] => {
            let mut number = 0;
            while number < rows.len() {
                begins = beginnings_of(rows[number], begins);
                number += 1;
            }
            begins
        }
        _ => [u32::MAX; 32],
    }
}

const fn add_words(words: &[&str], mut begins: Beginnings) -> Beginnings {
    let mut number = 0;
    while number < words.len() {
        let word = words[number].as_bytes();
        begins[(word[0] & 31) as usize] |=
            if word.len() > 1 { 1 << (word[1] & 31) } else { u32::MAX };
        number += 1;
    }
    begins
}
