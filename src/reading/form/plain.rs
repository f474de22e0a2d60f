//! Compares short texts by their letters and digits alone, without allocating.

/// Bytes that are compared; two texts that agree so far are taken for the same.
const COMPARED_BYTES_MAX: usize = 240;

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
}

impl Plain {
    /// The plain words of a text.
    pub(super) fn of(text: &str) -> Self {
        let mut plain = Self { bytes: [0; COMPARED_BYTES_MAX], length: 0 };
        plain.extend(text);
        plain
    }

    /// The plain words of a sentence in Markdown: a link counts by its text, not by its target.
    pub(super) fn of_sentence(sentence: &str) -> Self {
        let mut plain = Self { bytes: [0; COMPARED_BYTES_MAX], length: 0 };
        let mut rest = sentence;
        while let Some((before, target)) = rest.split_once("](") {
            plain.extend(before);
            plain.blank();
            rest = target.split_once(')').map_or("", |(_, after)| after);
            if plain.is_full() {
                break;
            }
        }
        plain.extend(rest);
        plain
    }

    /// Goes on with another piece of the text.
    pub(super) fn extend(&mut self, text: &str) {
        for character in text.chars() {
            if self.is_full() {
                return;
            }
            let code = character as usize;
            if code < ASCII.len() {
                match ASCII[code] {
                    NOTHING => {}
                    BLANK => self.blank(),
                    byte => self.push(byte),
                }
            } else if character.is_alphanumeric() {
                for lower in character.to_lowercase() {
                    let mut encoded = [0; 4];
                    lower.encode_utf8(&mut encoded).bytes().for_each(|byte| self.push(byte));
                }
            } else if !matches!(character, '’' | '\u{200b}' | '\u{feff}' | '\u{fe0f}') {
                self.blank();
            }
        }
    }

    /// Whether more text would change nothing.
    pub(super) fn is_full(&self) -> bool {
        self.length == COMPARED_BYTES_MAX
    }

    /// What is compared.
    pub(super) fn as_bytes(&self) -> &[u8] {
        let bytes = &self.bytes[..self.length];
        bytes.strip_suffix(b" ").unwrap_or(bytes)
    }

    fn push(&mut self, byte: u8) {
        if self.length < COMPARED_BYTES_MAX {
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

/// Known texts whose first letter tells most others apart before anything is compared.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Beginnings {
    ascii: u128,
    has_other: bool,
}

impl Beginnings {
    /// Notes how a known text begins.
    pub(super) fn note(&mut self, known: &[u8]) {
        match known.first() {
            Some(&first) if first < 128 => self.ascii |= 1 << first,
            Some(_) => self.has_other = true,
            None => {}
        }
    }

    /// Whether a text may be one of those noted.
    pub(super) fn may_hold(&self, text: &str) -> bool {
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
