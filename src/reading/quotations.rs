//! Which words stand in quotation marks: a sentence is quoted, a word or two are only stressed.

use super::words::{LEXICON, Layer, Token};

/// A quotation mark and what it can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Three straight marks.
    Triple,
    /// `“` or `„`, which open.
    CurlyOpen,
    /// `”`, which closes; `“` too in some languages, but then it opens here.
    CurlyClose,
    /// `«`.
    AngleOpen,
    /// `»`.
    AngleClose,
    /// `"`, which opens and closes.
    Straight,
}

/// A quotation mark in a text.
#[derive(Debug, Clone, Copy)]
pub struct MarkPlace {
    /// Which one.
    pub mark: Mark,
    /// The number of the word that stands for it.
    pub word: usize,
    /// Paragraphs begun before it: between two paragraphs stand two stray marks and no quotation.
    pub paragraph: usize,
}

/// Words up to which something in quotation marks is the writer's own.
const STRESSED_WORDS_MAX: usize = 3;

/// Moves quoted sentences to their layer, and lets their opening marks stand for them.
pub fn set_apart(words: &mut [Token], marks: &[MarkPlace]) {
    if marks.is_empty() {
        return;
    }
    for (opening, closing) in [
        (Mark::Triple, Mark::Triple),
        (Mark::CurlyOpen, Mark::CurlyClose),
        (Mark::AngleOpen, Mark::AngleClose),
        (Mark::Straight, Mark::Straight),
    ] {
        let mut open: Option<MarkPlace> = None;
        for &place in marks {
            let is_covered = words[place.word].layer == Layer::Quotation;
            match open {
                _ if is_covered => {}
                Some(first) if place.mark == closing => {
                    quote(words, first, place);
                    open = None;
                }
                _ if place.mark == opening => open = Some(place),
                _ => {}
            }
        }
    }
}

fn quote(words: &mut [Token], first: MarkPlace, last: MarkPlace) {
    let inside = first.word + 1..last.word;
    let is_short = words[inside.clone()].iter().filter(|word| word.layer == Layer::Own).count()
        <= STRESSED_WORDS_MAX;
    if is_short || first.paragraph != last.paragraph {
        return;
    }
    // The closing mark too, so that marks of another kind inside open nothing again.
    for word in &mut words[inside.start..=last.word] {
        word.layer = Layer::Quotation;
    }
    words[first.word].word = LEXICON.marks.quote;
    words[first.word].layer = Layer::Own;
}
