//! Reads a text once, from left to right, and makes words of it.
//!
//! The Markdown that people use in an answer is understood on the way: fences, quoted lines, links,
//! pictures, tags, struck-out text. Every look ahead is bounded, so that no text takes longer than
//! its length.

use memchr::memchr;

use super::form::LineKind;
use super::markup::{link_length, link_text, picture_length, struck_length, tag_length};
use super::prose::Prose;
use super::quotations::{Mark, MarkPlace, set_apart};
use super::span::{Source, Span, first_bytes};
use super::text::{Fences, is_rule, lines_of};
use super::words::short::{SHORT_BYTES_MAX, first_letters};
use super::words::vocabulary::Word;
use super::words::{Break, LEXICON, Layer, Lexicon, Token, fold_into, stands_alone};

/// Bytes that are read for their meaning; nobody explains a lock-out at more length.
const PROSE_BYTES_MAX: usize = 32 * 1024;

/// A line that goes on in the next is at least this long.
const WRAPPED_BYTES_MIN: usize = 50;

/// Bytes of the longest word worth looking up.
const WORD_BYTES_MAX: usize = 60;

/// Makes words of the pieces of one source.
pub struct Scanner<'s> {
    source: &'s Source,
    lexicon: &'static Lexicon,
    prose: Prose,
    marks: Vec<MarkPlace>,
    fences: Fences,
    before: Break,
    paragraph: usize,
    folded: String,
    taken_bytes: usize,
    /// Whether an e-mail address can stand anywhere.
    has_at: bool,
}

/// One line while it is read.
struct Line<'t> {
    text: &'t str,
    /// Where it begins in the source.
    start: usize,
    layer: Layer,
    at: usize,
    /// The first word of a remark in brackets that is open, and what stood before it.
    aside: Option<(usize, Break)>,
    /// No e-mail address begins before this place.
    no_address_before: usize,
}

impl<'s> Scanner<'s> {
    /// A scanner of pieces of a source.
    pub fn new(source: &'s Source) -> Self {
        Self {
            source,
            lexicon: &LEXICON,
            prose: Prose { words: Vec::with_capacity(source.text().len() / 5), ..Prose::default() },
            marks: Vec::new(),
            fences: Fences::default(),
            before: Break::Sentence,
            paragraph: 0,
            folded: String::new(),
            taken_bytes: 0,
            has_at: memchr(b'@', source.text().as_bytes()).is_some(),
        }
    }

    /// Reads one piece of the source, without the lines the form brought.
    pub fn take(&mut self, piece: &str, kind_of_line: &impl Fn(&str) -> LineKind) {
        let piece = first_bytes(piece, PROSE_BYTES_MAX.saturating_sub(self.taken_bytes));
        self.taken_bytes += piece.len();
        let from = self.source.span_of(piece).start as usize;
        let mut lines = lines_of(piece).peekable();
        while let Some((place, text)) = lines.next() {
            let start = from + place;
            match kind_of_line(text) {
                LineKind::Noise => self.begin_paragraph(),
                LineKind::Option => self.take_line(text, start, Layer::Chosen),
                LineKind::Answer => self.take_line(text, start, Layer::Own),
            }
            if !lines.peek().is_some_and(|(_, next)| is_wrapped(text, next)) {
                self.before = Break::Sentence;
            }
        }
        self.begin_paragraph();
    }

    /// The words of everything taken.
    pub fn finish(mut self) -> Prose {
        set_apart(&mut self.prose.words, &self.marks);
        self.prose
    }

    fn begin_paragraph(&mut self) {
        self.before = Break::Sentence;
        self.paragraph += 1;
    }

    fn take_line(&mut self, text: &str, start: usize, own: Layer) {
        let is_code = self.fences.covers(text);
        let trimmed = text.trim();
        let is_foreign = is_code || trimmed.starts_with('>');
        if trimmed.is_empty() || is_foreign || is_rule(trimmed) {
            self.begin_paragraph();
        }
        let layer = if is_foreign { Layer::Foreign } else { own };
        let is_mark = |byte: &u8| matches!(byte, b' ' | b'\t' | b'#');
        let at = text.bytes().take_while(is_mark).count();
        self.take_words(Line { at, ..self.line(text, start, layer) });
    }

    fn line<'t>(&self, text: &'t str, start: usize, layer: Layer) -> Line<'t> {
        let may_have_address = self.has_at && memchr(b'@', text.as_bytes()).is_some();
        let no_address_before = if may_have_address { 0 } else { text.len() };
        Line { text, start, layer, at: 0, aside: None, no_address_before }
    }

    fn take_words(&mut self, mut line: Line<'_>) {
        while let Some(&byte) = line.text.as_bytes().get(line.at) {
            // Most of all stand words, so that they come before the choice of many.
            if byte.is_ascii_alphanumeric() {
                self.ascii_word(&mut line, byte);
            } else {
                self.mark(&mut line, byte);
            }
        }
    }

    /// Reads what does not begin like a word of ASCII.
    fn mark(&mut self, line: &mut Line<'_>, byte: u8) {
        match byte {
            b' ' => line.at += 1,
            b'.' | b'_' | b'%' | b'+' | b'*' | b'-' => self.mark_or_address(line, byte),
            b'!' | b'[' | b'<' | b'~' if line.layer == Layer::Own => self.markup(line, byte),
            b'@' => self.mention(line),
            b'#' => self.issue_number(line),
            b'"' => self.straight_quotation(line),
            b'(' | b')' => self.bracket(line, byte),
            0..=0x7F => self.punctuation(line, char::from(byte)),
            0x80..=0xFF => self.beyond_ascii(line),
        }
    }

    /// A word that begins with an ASCII letter or digit: most often the whole word is ASCII.
    fn ascii_word(&mut self, line: &mut Line<'_>, first: u8) {
        let rest = &line.text.as_bytes()[line.at..];
        let (short, mut length) = first_letters(rest);
        if length == SHORT_BYTES_MAX {
            let more = rest[length..].iter().take_while(|byte| byte.is_ascii_alphanumeric());
            length += more.count();
        }
        if matches!(first, b'h' | b'w')
            && matches!(rest.get(length), Some(b':' | b'.'))
            && let Some(length) = link_length(line.rest())
        {
            let is_issue = line.rest()[..length].contains("/issues/");
            let marks = &self.lexicon.marks;
            return self.push(line, length, if is_issue { marks.issue } else { marks.link });
        }
        if line.may_begin_address() && self.took_address(line) {
            return;
        }
        let goes_on = match rest.get(length) {
            Some(b'\'' | b'`' | 0x80..) => true,
            Some(b'-') => length == "e".len(),
            _ => false,
        };
        if goes_on {
            return self.folded_word(line);
        }
        let vocabulary = &self.lexicon.vocabulary;
        let word = if length <= SHORT_BYTES_MAX {
            vocabulary.look_up_short(short)
        } else {
            let word = &rest[..length.min(WORD_BYTES_MAX)];
            self.folded.clear();
            self.folded.extend(word.iter().map(|byte| char::from(byte.to_ascii_lowercase())));
            vocabulary.look_up(self.folded.as_bytes())
        };
        self.push(line, length, word);
    }

    fn took_address(&mut self, line: &mut Line<'_>) -> bool {
        let Some((length, is_staff)) = line.address() else { return false };
        let marks = &self.lexicon.marks;
        self.push(line, length, if is_staff { marks.staff } else { marks.address });
        true
    }

    /// A masked address may begin with a mark: `***@***.***`.
    fn mark_or_address(&mut self, line: &mut Line<'_>, byte: u8) {
        if !(line.may_begin_address() && self.took_address(line)) {
            self.punctuation(line, char::from(byte));
        }
    }

    /// A word with capitals, accents or apostrophes.
    fn folded_word(&mut self, line: &mut Line<'_>) {
        self.folded.clear();
        let mut length = 0;
        let mut characters = line.rest().chars().peekable();
        while let Some(character) = characters.next() {
            let next_is_word = characters.peek().is_some_and(|next| next.is_alphanumeric());
            match character {
                '\'' | '’' | '‘' | '´' | '`' if !self.folded.is_empty() && next_is_word => {}
                // "e-mail" is one word, "2-factor" two.
                '-' | '‑' if self.folded == "e" && next_is_word => {}
                _ if stands_alone(character) => break,
                _ if character.is_alphanumeric() || is_accent(character) => {
                    if self.folded.len() < WORD_BYTES_MAX {
                        fold_into(&mut self.folded, character);
                    }
                }
                _ => break,
            }
            length += character.len_utf8();
        }
        let word = self.lexicon.vocabulary.look_up(self.folded.as_bytes());
        self.push(line, length, word);
    }

    fn beyond_ascii(&mut self, line: &mut Line<'_>) {
        let Some(character) = line.rest().chars().next() else { return };
        let mut buffer = [0; 4];
        let alone = &*character.encode_utf8(&mut buffer);
        if stands_alone(character) || is_sign(character) {
            let word = self.lexicon.vocabulary.look_up(alone.as_bytes());
            return self.push(line, alone.len(), word);
        }
        if character.is_alphanumeric() {
            return self.folded_word(line);
        }
        match character {
            '“' | '„' => self.quotation_mark(line, Mark::CurlyOpen, character.len_utf8()),
            '”' => self.quotation_mark(line, Mark::CurlyClose, character.len_utf8()),
            '«' => self.quotation_mark(line, Mark::AngleOpen, character.len_utf8()),
            '»' => self.quotation_mark(line, Mark::AngleClose, character.len_utf8()),
            '（' => self.open_aside(line, character),
            '）' => self.close_aside(line, character),
            _ => self.punctuation(line, character),
        }
    }

    fn punctuation(&mut self, line: &mut Line<'_>, character: char) {
        line.at += character.len_utf8();
        self.prose.asks |= character == '?' && line.layer == Layer::Own;
        let next_is_word = line.rest().starts_with(char::is_alphanumeric);
        self.before = self.before.max(break_of(character, next_is_word));
    }

    /// A picture, link, tag or struck-out text.
    fn markup(&mut self, line: &mut Line<'_>, byte: u8) {
        let rest = line.rest();
        let skipped = match byte {
            b'!' => picture_length(rest),
            b'[' => {
                if let Some((text, length)) = link_text(rest) {
                    return self.link_text(line, text, length);
                }
                None
            }
            b'<' => tag_length(rest),
            _ => struck_length(rest),
        };
        match skipped {
            Some(length) => {
                line.at += length;
                if byte == b'~' {
                    self.before = Break::Sentence;
                }
            }
            None => self.punctuation(line, char::from(byte)),
        }
    }

    /// Of a link the text is read, and its target is left out.
    fn link_text(&mut self, line: &mut Line<'_>, text: &str, length: usize) {
        let start = line.start + line.at + 1;
        self.take_words(self.line(text, start, line.layer));
        line.at += length;
    }

    fn mention(&mut self, line: &mut Line<'_>) {
        let name = line.rest()[1..].bytes();
        let length = 1 + name.take_while(|byte| byte.is_ascii_alphanumeric()).count();
        self.push(line, length, self.lexicon.marks.mention);
    }

    fn issue_number(&mut self, line: &mut Line<'_>) {
        let digits = line.rest()[1..].bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            return self.punctuation(line, '#');
        }
        self.push(line, 1 + digits, self.lexicon.marks.issue);
    }

    fn straight_quotation(&mut self, line: &mut Line<'_>) {
        let is_triple = line.rest().starts_with("\"\"\"");
        let (mark, length) = if is_triple { (Mark::Triple, 3) } else { (Mark::Straight, 1) };
        self.quotation_mark(line, mark, length);
    }

    fn quotation_mark(&mut self, line: &mut Line<'_>, mark: Mark, length: usize) {
        if line.layer == Layer::Own {
            let (word, paragraph) = (self.prose.words.len(), self.paragraph);
            self.marks.push(MarkPlace { mark, word, paragraph });
            let span = line.span(length);
            let token = Token { layer: Layer::Foreign, ..self.token(line, Word::UNKNOWN, span) };
            self.prose.words.push(token);
        }
        line.at += length;
    }

    fn bracket(&mut self, line: &mut Line<'_>, byte: u8) {
        if byte == b'(' { self.open_aside(line, '(') } else { self.close_aside(line, ')') }
    }

    fn open_aside(&mut self, line: &mut Line<'_>, bracket: char) {
        line.aside = Some((self.prose.words.len(), self.before));
        self.punctuation(line, bracket);
    }

    fn close_aside(&mut self, line: &mut Line<'_>, bracket: char) {
        let here = self.prose.words.len();
        match line.aside.take() {
            Some((start, before)) => {
                self.prose.asides.push((start, here));
                line.at += bracket.len_utf8();
                // The sentence goes on behind the remark as if it were not there.
                self.before = before;
            }
            None => self.punctuation(line, bracket),
        }
    }

    #[inline]
    fn push(&mut self, line: &mut Line<'_>, length: usize, word: Word) {
        let written = &line.text.as_bytes()[line.at..line.at + length];
        let is_participle = length > 3 && written.ends_with(b"ed");
        let token = Token { is_participle, ..self.token(line, word, line.span(length)) };
        self.prose.words.push(token);
        self.before = Break::Nothing;
        line.at += length;
        if line.text.as_bytes().get(line.at) == Some(&b' ') {
            line.at += 1;
        }
    }

    fn token(&self, line: &Line<'_>, word: Word, span: Span) -> Token {
        let (before, layer) = (self.before, line.layer);
        Token { word, before, span, layer, is_participle: false }
    }
}

impl<'t> Line<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn span(&self, length: usize) -> Span {
        Span::between(self.start + self.at, self.start + self.at + length)
    }

    fn may_begin_address(&self) -> bool {
        self.at >= self.no_address_before
    }

    /// The length of an e-mail address that begins here, and whether it is PyPI's own.
    fn address(&mut self) -> Option<(usize, bool)> {
        let rest = self.rest().as_bytes();
        let name = rest.iter().take_while(|byte| is_of_name(**byte)).count();
        if rest.get(name) != Some(&b'@') {
            self.no_address_before = self.at + name;
            return None;
        }
        let domain = rest[name + 1..].iter().take_while(|byte| is_of_domain(**byte)).count();
        if domain == 0 {
            return None;
        }
        let length = name + 1 + domain;
        let address = self.rest()[..length].trim_end_matches('.');
        let is_staff = address.ends_with("pypi.org") || address.ends_with("python.org");
        Some((length, is_staff))
    }
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'%' | b'+' | b'*' | b'-')
}

fn is_of_domain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'*' | b'-')
}

/// Ticks, crosses and thumbs say something by themselves.
fn is_sign(character: char) -> bool {
    matches!(character, '✅' | '✔' | '✓' | '☑' | '❌' | '✗' | '✘' | '🚫' | '👍')
}

fn is_accent(character: char) -> bool {
    matches!(character, '\u{0300}'..='\u{036F}')
}

/// Whether a sentence goes on in the next line: a long line without an end, then a small letter or "I".
fn is_wrapped(line: &str, next: &str) -> bool {
    let line = line.trim_end();
    line.len() >= WRAPPED_BYTES_MIN
        && line.ends_with(|last: char| last.is_alphanumeric() || last == ',')
        && (next.starts_with(char::is_lowercase)
            || ["I ", "I'"].iter().any(|i| next.starts_with(i)))
}

fn break_of(character: char, next_is_word: bool) -> Break {
    match character {
        '.' | '!' | '?' if next_is_word => Break::Nothing,
        '.' | '!' | '?' | '\n' | '。' | '！' | '？' | '…' => Break::Sentence,
        '-' if !next_is_word => Break::Clause,
        ':' | '：' | '=' => Break::Colon,
        '→' | '|' => Break::Clause,
        ',' | ';' | '(' | ')' | '，' | '、' | '；' | '（' | '）' | '–' | '—' => {
            Break::Clause
        }
        _ => Break::Nothing,
    }
}
