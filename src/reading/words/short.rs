//! Short words of ASCII, eight bytes at a time: as one number, which is how the vocabulary knows them.

/// Bytes of the longest word that fits.
pub const SHORT_BYTES_MAX: usize = size_of::<u64>();

/// The same byte eight times.
const fn eight_of(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// The highest bit of each byte, which no ASCII has.
const HIGH: u64 = eight_of(0x80);

/// The letters and digits of ASCII that a text begins with: eight of them at most, in lower case as
/// one number, and how many they are.
#[inline]
pub fn first_letters(text: &[u8]) -> (u64, usize) {
    let eight = first_eight(text);
    let plain = eight & !HIGH;
    let folded = plain | eight_of(b' ');
    // Adding raises the high bit of each byte that is not below the limit, and none carries over.
    let not_below = |bytes: u64, limit: u8| bytes + eight_of(0x80 - limit);
    let letters = not_below(folded, b'a') & !not_below(folded, b'z' + 1);
    let digits = not_below(plain, b'0') & !not_below(plain, b'9' + 1);
    let others = !(letters | digits) & HIGH | eight & HIGH;
    let count = others.trailing_zeros() as usize / 8;
    // Digits have the bit of small letters anyway.
    let lower = eight | eight_of(b' ');
    (if count == SHORT_BYTES_MAX { lower } else { lower & ((1 << (8 * count)) - 1) }, count)
}

/// The bytes of a word as one number, if they fit into it.
pub fn packed(word: &[u8]) -> Option<u64> {
    (word.len() <= SHORT_BYTES_MAX).then(|| first_eight(word))
}

/// The bytes that such a number stands for, with zeros behind, and how many they are.
pub fn unpacked(short: u64) -> ([u8; SHORT_BYTES_MAX], usize) {
    (short.to_le_bytes(), SHORT_BYTES_MAX - short.leading_zeros() as usize / 8)
}

fn first_eight(text: &[u8]) -> u64 {
    u64::from_le_bytes(text.first_chunk().copied().unwrap_or_else(|| {
        let mut padded = [0; SHORT_BYTES_MAX];
        padded[..text.len()].copy_from_slice(text);
        padded
    }))
}

#[cfg(test)]
mod tests {
    use super::{first_letters, packed, unpacked};

    #[test]
    fn every_byte_is_told_apart_at_every_place() {
        for byte in 0..=u8::MAX {
            for place in 0..8 {
                let mut text = *b"Ab9zZ0mY";
                text[place] = byte;
                let count = text.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
                let lower = text[..count].to_ascii_lowercase();
                assert_eq!(first_letters(&text), (packed(&lower).unwrap_or_default(), count));
            }
        }
    }

    #[test]
    fn a_number_gives_its_word_back() {
        for word in ["", "a", "pypi", "recovery"] {
            let (bytes, length) = unpacked(packed(word.as_bytes()).unwrap_or_default());
            assert_eq!(&bytes[..length], word.as_bytes());
            assert_eq!(first_letters(word.as_bytes()).1, word.len());
        }
    }
}
