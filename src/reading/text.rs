//! Takes a body apart: line ends, fences, and the prose that its writer wrote.
//!
//! Nothing here knows what the words mean. [`prose`] leaves out whatever is not the writer's own
//! sentence (quotes, code, pictures, addresses, struck-out lines), so that a quoted mail is never
//! taken for a statement.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

/// Bytes of one text that are looked at; GitHub allows 65,536 characters.
pub const TEXT_BYTES_MAX: usize = 256 * 1024;

/// Bytes of one answer that are read for their meaning; nobody explains a lock-out at more length.
pub const PROSE_BYTES_MAX: usize = 12 * 1024;

/// The text with `\n` line ends and of bounded length.
pub fn with_plain_line_ends(text: &str) -> Cow<'_, str> {
    let text = first_bytes(text, TEXT_BYTES_MAX);
    if !text.contains('\r') {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// The beginning of a text, cut at a character.
pub fn first_bytes(text: &str, bytes_max: usize) -> &str {
    let mut end = text.len().min(bytes_max);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Follows fenced code through the lines of a text.
#[derive(Default)]
pub struct Fences {
    open: Option<(char, usize)>,
}

impl Fences {
    /// Whether this line is part of fenced code, its fences included.
    pub fn covers(&mut self, line: &str) -> bool {
        let trimmed = line.trim_start();
        let mark = trimmed.chars().next().unwrap_or(' ');
        let length = match mark {
            '`' | '~' => trimmed.chars().take_while(|&character| character == mark).count(),
            _ => 0,
        };
        match self.open {
            Some((open_mark, open_length)) => {
                let closes = mark == open_mark
                    && length >= open_length
                    && trimmed[length..].trim().is_empty();
                if closes {
                    self.open = None;
                }
                true
            }
            None if length >= 3 && !(mark == '`' && trimmed[length..].contains('`')) => {
                self.open = Some((mark, length));
                true
            }
            None => false,
        }
    }
}

/// The text with HTML comments taken out, including one that never ends and a left-over end mark.
pub fn without_html_comments(text: &str) -> Cow<'_, str> {
    if !text.contains("<!--") && !text.contains("-->") {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("<!--") {
        kept.push_str(&rest[..start]);
        let inside = &rest[start + 4..];
        match inside.find("-->") {
            Some(end) => rest = &inside[end + 3..],
            // What follows an open comment is read: rather too much than a request lost.
            None => break,
        }
    }
    kept.push_str(rest);
    Cow::Owned(kept.replace("-->", "").replace("<!--", ""))
}

macro_rules! pattern {
    ($name:ident, $text:expr) => {
        static $name: LazyLock<Regex> =
            LazyLock::new(|| Regex::new($text).expect("the pattern is fixed and tested"));
    };
}

// No counted repeats: they make large automata, which hostile input can slow down.
pattern!(IMAGE, r"!\[[^\]\n]*\]\([^)\n]*\)");
pattern!(LINK, r"\[([^\[\]\n]*)\]\([^()\n]*\)");
pattern!(TAG, r"</?[A-Za-z][^<>\n]*>");
pattern!(URL, r"(?:https?://|www\.)[^\s<>()\x22'`]+");
pattern!(ADDRESS, r"[A-Za-z0-9._%+*-]+@[A-Za-z0-9*.-]+");
pattern!(STRUCK, r"~~[^~\n]+~~");
pattern!(TRIPLE_QUOTED, r"\x22\x22\x22[^\x22]+\x22\x22\x22");
pattern!(CURLY_QUOTED, r"[“„][^“„”]+[”]");
pattern!(ANGLE_QUOTED, r"«[^«»\n]+»");
pattern!(STRAIGHT_QUOTED, r"\x22[^\x22]+\x22");

/// What the writer says in own words: no code, quotes, pictures, addresses or struck-out text.
pub fn prose(answer: &str) -> String {
    let answer = without_html_comments(first_bytes(answer, PROSE_BYTES_MAX));
    let mut fences = Fences::default();
    let mut lines = String::with_capacity(answer.len());
    for line in answer.lines() {
        if fences.covers(line) || line.trim_start().starts_with('>') || is_rule(line) {
            lines.push_str("\n\n");
            continue;
        }
        lines.push_str(line.trim_start_matches([' ', '\t', '#']));
        lines.push('\n');
    }
    let text = replaced(&IMAGE, &lines, "");
    let text = replaced(&LINK, &text, "$1");
    let text = replaced(&STRUCK, &text, "\n");
    let text = replaced(&TAG, &text, " ");
    let text = replaced(&URL, &text, " @link ");
    ADDRESS.replace_all(&text, |found: &regex::Captures<'_>| marked_address(&found[0])).into_owned()
}

/// PyPI's own addresses are nobody's mailbox.
fn marked_address(address: &str) -> &'static str {
    let is_staff = ["pypi.org", "python.org"]
        .iter()
        .any(|domain| address.trim_end_matches('.').ends_with(domain));
    if is_staff { " @staff " } else { " @address " }
}

/// The same without sentences in quotation marks; a word or two in quotes stays.
pub fn without_quotations(prose: &str) -> String {
    let mut text = Cow::Borrowed(prose);
    for pattern in [&*TRIPLE_QUOTED, &*CURLY_QUOTED, &*ANGLE_QUOTED, &*STRAIGHT_QUOTED] {
        if pattern.is_match(&text) {
            let shortened =
                pattern.replace_all(&text, |found: &regex::Captures<'_>| keep_short(&found[0]));
            text = Cow::Owned(shortened.into_owned());
        }
    }
    text.into_owned()
}

fn keep_short(quoted: &str) -> String {
    // Between two paragraphs it is no quotation but two stray marks.
    let is_stray = quoted.contains("\n\n");
    let words = quoted.split_whitespace().count();
    if words <= 3 || is_stray { quoted.to_owned() } else { " @quote ".to_owned() }
}

fn replaced<'a>(pattern: &Regex, text: &'a str, by: &str) -> Cow<'a, str> {
    pattern.replace_all(text, by)
}

/// A line of nothing but `---`, `***` or `___`.
pub fn is_rule(line: &str) -> bool {
    let mut marks = line.chars().filter(|character| !character.is_whitespace());
    let Some(first) = marks.next() else {
        return false;
    };
    matches!(first, '-' | '*' | '_' | '=')
        && marks.by_ref().take(200).all(|mark| mark == first)
        && line.trim().len() >= 3
}
