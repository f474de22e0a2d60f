//! Where in a request something stands.
//!
//! While a request is read, title and body are one text with a line end between ([`Source`]), in
//! which every byte keeps its distance; a [`Span`] counts in it.

use std::borrow::Cow;

use memchr::{memchr, memchr2};
use serde::{Deserialize, Serialize};

/// Bytes of one text that are read; GitHub allows 65,536 characters.
pub const TEXT_BYTES_MAX: usize = 256 * 1024;

/// A stretch of a text in bytes, its end not included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Span {
    /// Its first byte.
    pub start: u32,
    /// The byte after its last.
    pub end: u32,
}

impl Span {
    /// From the start of one to the end of another.
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Its bytes.
    pub fn length(self) -> usize {
        (self.end - self.start) as usize
    }

    /// The stretch between two places of a text that is no longer than [`TEXT_BYTES_MAX`] twice.
    pub fn between(start: usize, end: usize) -> Self {
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self { start: place(start), end: place(end) }
    }
}

/// Which text of an issue a place is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// The title.
    Title,
    /// The body.
    Body,
}

/// A stretch of the title or body as GitHub has it, in bytes of UTF-8, its end not included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Place {
    /// Title or body.
    pub of: Part,
    /// Its first byte.
    pub start: u32,
    /// The byte after its last.
    pub end: u32,
}

/// Title and body made ready for reading: one text with `\n` line ends and without HTML comments,
/// every byte at its place.
#[derive(Debug)]
pub struct Source {
    text: String,
    /// The same with its HTML comments, if it has any.
    with_comments: Option<String>,
    body_start: usize,
}

impl Source {
    /// Takes the texts of an issue; what is beyond [`TEXT_BYTES_MAX`] is left out.
    pub fn new(title: &str, body: &str) -> Self {
        let (title, body) = (first_bytes(title, TEXT_BYTES_MAX), first_bytes(body, TEXT_BYTES_MAX));
        let body_start = title.len() + 1;
        let mut text = String::with_capacity(body_start + body.len());
        text.push_str(&with_plain_line_ends(title));
        text.push('\n');
        text.push_str(&with_plain_line_ends(body));
        match without_html_comments(&text[body_start..]) {
            Cow::Borrowed(_) => Self { text, with_comments: None, body_start },
            Cow::Owned(body) => {
                let plain = format!("{}{body}", &text[..body_start]);
                Self { text: plain, with_comments: Some(text), body_start }
            }
        }
    }

    /// The title.
    pub fn title(&self) -> &str {
        &self.text[..self.body_start - 1]
    }

    /// The body.
    pub fn body(&self) -> &str {
        &self.text[self.body_start..]
    }

    /// Both, the title first.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Both with the HTML comments, which are public too.
    pub fn with_comments(&self) -> &str {
        self.with_comments.as_deref().unwrap_or(&self.text)
    }

    /// The text of a span of this source.
    pub fn slice(&self, span: Span) -> &str {
        &self.text[span.start as usize..span.end as usize]
    }

    /// Where a piece of this text stands.
    pub fn span_of(&self, piece: &str) -> Span {
        let start = piece.as_ptr() as usize - self.text.as_ptr() as usize;
        Span::between(start, start + piece.len())
    }

    /// A span as a place in title or body.
    pub fn place_of(&self, span: Span) -> Place {
        let body_start = Span::between(self.body_start, 0).start;
        if span.start < body_start {
            Place { of: Part::Title, start: span.start, end: span.end.min(body_start - 1) }
        } else {
            Place { of: Part::Body, start: span.start - body_start, end: span.end - body_start }
        }
    }
}

/// The beginning of a text, cut at a character.
pub fn first_bytes(text: &str, bytes_max: usize) -> &str {
    let mut end = text.len().min(bytes_max);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The text with `\n` line ends and as long as before: of `\r\n` the first becomes a blank.
pub fn with_plain_line_ends(text: &str) -> Cow<'_, str> {
    if memchr(b'\r', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", " \n").replace('\r', "\n"))
}

/// The text with HTML comments blanked, a left-over mark included; line ends stay.
pub fn without_html_comments(text: &str) -> Cow<'_, str> {
    let may_have_marks = memchr2(b'<', b'>', text.as_bytes()).is_some();
    if !may_have_marks || !text.contains("<!--") && !text.contains("-->") {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("<!--") {
        let Some(length) = rest[start..].find("-->") else { break };
        kept.push_str(&rest[..start]);
        let end = start + length + "-->".len();
        kept.extend(rest[start..end].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
        rest = &rest[end..];
    }
    kept.push_str(rest);
    // What follows a comment that never ends is read: rather too much than a request lost.
    Cow::Owned(kept.replace("<!--", "    ").replace("-->", "   "))
}
