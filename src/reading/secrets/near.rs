//! Looks at a text near a place, never far.

/// Letters and marks of scripts that put no blanks between words.
pub fn is_ideographic(character: char) -> bool {
    character >= '\u{2E80}'
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

/// The end of the word that a place stands in or right after.
pub fn end_of_word(text: &str, place: usize) -> usize {
    let rest = after(text, place, 24);
    let is_letter = |letter: char| letter.is_alphabetic() && !is_ideographic(letter);
    place + rest.len() - rest.trim_start_matches(is_letter).len()
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
