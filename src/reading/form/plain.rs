//! Compares short texts by their letters and digits alone, without allocating.

/// Bytes that are compared; two texts that agree so far are taken for the same.
pub(super) const COMPARED_BYTES_MAX: usize = 240;

/// What an ASCII byte is for the comparison.
const BLANK: u8 = b' ';
const NOTHING: u8 = 0;

static ASCII: [u8; 128] = ascii();

const fn ascii() -> [u8; 128] {
    let mut table = [BLANK; 128];
    let mut byte: u8 = 0;
    while byte < 128 {
        if byte.is_ascii_alphanumeric() {
            table[byte as usize] = byte.to_ascii_lowercase();
        }
        byte += 1;
    }
    table[b'\'' as usize] = NOTHING;
    table
}

/// The beginning of a text in lower-case letters and digits with single blanks between.
#[derive(Clone, Copy)]
pub(super) struct Plain {
    bytes: [u8; COMPARED_BYTES_MAX],
    length: usize,
    length_max: usize,
}

impl Plain {
    /// The plain words of a text.
    pub(super) fn of(text: &str) -> Self {
        Self::beginning_of(text, COMPARED_BYTES_MAX)
    }

    /// The first plain words of a text, one byte more than `longest` at most: where that is the
    /// longest text known, a longer one is none of them.
    pub(super) fn beginning_of(text: &str, longest: usize) -> Self {
        let mut plain = Self::empty(longest);
        plain.extend(text);
        plain
    }

    fn empty(longest: usize) -> Self {
        let length_max = COMPARED_BYTES_MAX.min(longest.saturating_add(1));
        Self { bytes: [0; COMPARED_BYTES_MAX], length: 0, length_max }
    }

    /// The plain words of a sentence in Markdown: a link counts by its text, not by its target.
    pub(super) fn of_sentence(sentence: &str, longest: usize) -> Self {
        let mut plain = Self::empty(longest);
        let mut rest = sentence;
        while let Some((before, after)) = rest.split_once(']') {
            plain.extend(before);
            plain.blank();
            if plain.is_full() {
                return plain;
            }
            rest = match after.strip_prefix('(') {
                Some(target) => target.split_once(')').map_or("", |(_, after)| after),
                None => after,
            };
        }
        plain.extend(rest);
        plain
    }

    /// Goes on with another piece of the text.
    pub(super) fn extend(&mut self, text: &str) {
        let mut rest = text;
        while !self.is_full() {
            rest = self.extend_ascii(rest);
            let Some(character) = rest.chars().next() else { return };
            rest = &rest[character.len_utf8()..];
            self.add(character);
        }
    }

    /// Takes in ASCII as far as it goes; the rest begins with another character, or is of no more
    /// interest.
    fn extend_ascii<'a>(&mut self, text: &'a str) -> &'a str {
        let mut length = self.length;
        let mut is_after_blank = length == 0 || self.bytes[length - 1] == BLANK;
        let mut taken = 0;
        let room = &mut self.bytes[..self.length_max];
        for &byte in text.as_bytes() {
            let Some(&plain) = ASCII.get(usize::from(byte)) else { break };
            taken += 1;
            if plain == NOTHING || (plain == BLANK && is_after_blank) {
                continue;
            }
            let Some(place) = room.get_mut(length) else { break };
            *place = plain;
            length += 1;
            is_after_blank = plain == BLANK;
        }
        self.length = length;
        &text[taken..]
    }

    fn add(&mut self, character: char) {
        if character.is_alphanumeric() {
            for lower in character.to_lowercase() {
                let mut encoded = [0; 4];
                lower.encode_utf8(&mut encoded).bytes().for_each(|byte| self.push(byte));
            }
        } else if !matches!(character, '’' | '\u{200b}' | '\u{feff}' | '\u{fe0f}') {
            self.blank();
        }
    }

    /// Whether more text would change nothing.
    pub(super) fn is_full(&self) -> bool {
        self.length >= self.length_max
    }

    /// What is compared.
    pub(super) fn as_bytes(&self) -> &[u8] {
        let bytes = &self.bytes[..self.length];
        bytes.strip_suffix(b" ").unwrap_or(bytes)
    }

    fn push(&mut self, byte: u8) {
        if self.length < self.length_max {
            self.bytes[self.length] = byte;
            self.length += 1;
        }
    }

    fn blank(&mut self) {
        if self.length > 0 && self.bytes[self.length - 1] != BLANK {
            self.push(BLANK);
        }
    }
}

/// Known texts whose first letters tell most others apart before anything is compared.
#[derive(Debug, Clone, Default)]
pub(super) struct Beginnings {
    ascii: u128,
    has_other: bool,
    /// The first bytes of each as a number, and which of its bits count where a text is shorter.
    firsts: Vec<(u32, u32)>,
}

/// Bytes of a beginning.
const FIRST_BYTES: usize = size_of::<u32>();

impl Beginnings {
    /// Notes how a known text begins.
    pub(super) fn note(&mut self, known: &[u8]) {
        match known.first() {
            Some(&first) if first < 128 => self.ascii |= 1 << first,
            Some(_) => self.has_other = true,
            None => return,
        }
        let mask = u32::MAX >> (32 - 8 * known.len().min(FIRST_BYTES));
        let first = (first_bytes(known), mask);
        if !self.firsts.contains(&first) {
            self.firsts.push(first);
        }
    }

    /// Whether a text may be one of those noted.
    pub(super) fn may_hold(&self, text: &str) -> bool {
        self.may_begin(text) && {
            let plain = Plain::beginning_of(text, FIRST_BYTES - 1);
            let text = first_bytes(&plain.bytes);
            self.firsts.iter().any(|(first, mask)| (text ^ first) & mask == 0)
        }
    }

    /// Whether one of them begins with the first letter of a text.
    fn may_begin(&self, text: &str) -> bool {
        for character in text.chars() {
            let code = character as usize;
            if code >= ASCII.len() {
                // What is lower-cased into ASCII, such as the Kelvin sign, is let through.
                if character.is_alphanumeric() {
                    return self.has_other
                        || character.to_lowercase().any(|lower| lower.is_ascii());
                }
            } else if !matches!(ASCII[code], BLANK | NOTHING) {
                return self.ascii & (1 << ASCII[code]) != 0;
            }
        }
        false
    }
}

/// The first bytes of a text as a number, with zeros after its end.
fn first_bytes(text: &[u8]) -> u32 {
    text.iter().take(FIRST_BYTES).rev().fold(0, |number, &byte| number << 8 | u32::from(byte))
}
