//! Lines that the form brings into nearly every request, and which telling words they have.
//!
//! This only saves the time to look through them: a line that is not quite one of these is looked
//! through like any other.

use std::sync::LazyLock;

use super::spotting::{Marked, Spotted};

/// What stands behind the boxes. Nothing of it is a link.
const SENTENCES: [&str; 3] = [
    "I never generated or have lost access to the recovery codes for my account",
    "I agree to follow the PSF Code of Conduct",
    "I understand that it may take a significant amount of time to process my account recovery request.",
];

/// Boxes, of which none begins a word.
const BOXES: [&str; 3] = ["- [x] ", "- [X] ", "- [ ] "];

static WORDS: LazyLock<[Vec<Spotted>; 3]> =
    LazyLock::new(|| SENTENCES.map(|sentence| Marked::new(sentence, &[]).words));

/// The telling words of a whole line, counted from its `start`, where the line is a familiar one.
pub fn words_of(line: &str, start: usize) -> Option<impl Iterator<Item = Spotted>> {
    let (mark, sentence) = line.trim_end_matches(' ').split_at_checked(BOXES[0].len())?;
    let number = SENTENCES.iter().position(|&familiar| familiar == sentence)?;
    let place = start + mark.len();
    BOXES.contains(&mark).then(|| {
        let words = WORDS[number].iter();
        words.map(move |word| Spotted { start: place + word.start, end: place + word.end, ..*word })
    })
}
