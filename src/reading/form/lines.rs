//! Tells what a single line is: a heading of the form, one of its boxes, or neither.
//!
//! Most lines are neither, and their first byte says so.

use super::plain::Plain;
use super::{Known, Named, Section};

/// A longer line names nothing.
const HEADING_BYTES_MAX: usize = 1024;

/// Deeper than this a line is code.
const INDENT_MAX: usize = 3;

/// More marks than this begin no heading.
const LEVEL_MAX: usize = 6;

/// A line that begins or ends a block of code.
#[derive(Clone, Copy)]
pub(super) struct Fence {
    mark: u8,
    length: usize,
    is_bare: bool,
}

impl Fence {
    /// The fence on a line, if there is one.
    pub(super) fn at(line: &str) -> Option<Self> {
        let text = line.trim_start();
        let mark = *text.as_bytes().first()?;
        if !matches!(mark, b'`' | b'~') {
            return None;
        }
        let after = text.trim_start_matches(char::from(mark));
        let length = text.len() - after.len();
        let is_fence = length >= 3 && !(mark == b'`' && after.contains('`'));
        is_fence.then(|| Self { mark, length, is_bare: after.trim().is_empty() })
    }

    /// Whether this fence ends what `open` began.
    pub(super) fn closes(&self, open: &Fence) -> bool {
        self.is_bare && self.mark == open.mark && self.length >= open.length
    }
}

/// A heading the form knows.
pub(super) struct Found<'a> {
    pub named: Named,
    /// Its name as it was written.
    pub label: &'a str,
    /// How many marks stand before it; 0 where bold print stands for them.
    pub level: usize,
    /// What follows the name on the same line.
    pub rest: &'a str,
    /// Whether the line below is part of it.
    pub has_underline: bool,
}

/// Reads a heading of a known name: `### Name`, `Name` over a line of marks, or `**Name**` alone.
pub(super) fn heading_at<'a>(known: &Known, line: &'a str, below: &str) -> Option<Found<'a>> {
    let text = line.trim_start_matches(' ');
    let first = *text.as_bytes().first()?;
    let is_marked = matches!(first, b'#' | b'*' | b'_' | b'<');
    let has_line_below =
        matches!(below.trim_start_matches(' ').as_bytes().first(), Some(b'=' | b'-'));
    if !is_marked && !has_line_below {
        return None;
    }
    if line.len() - text.len() > INDENT_MAX || line.len() > HEADING_BYTES_MAX {
        return None;
    }
    let text = text.trim_end();
    let underlined = || has_line_below.then(|| underlined_heading(known, text, below))?;
    match first {
        b'#' => numbered_heading(known, text),
        b'*' | b'_' => underlined().or_else(|| bold_heading(known, text)),
        b'<' => tagged_heading(known, text),
        _ => underlined(),
    }
}

fn numbered_heading<'a>(known: &Known, text: &'a str) -> Option<Found<'a>> {
    let name = text.trim_start_matches('#');
    let level = text.len() - name.len();
    if level <= LEVEL_MAX { named_heading(known, name, level) } else { None }
}

fn underlined_heading<'a>(known: &Known, text: &'a str, below: &str) -> Option<Found<'a>> {
    let marks = below.split('\n').next()?.trim();
    let mark = marks.chars().next()?;
    let is_line = |character: char| character == mark || character.is_whitespace();
    if marks.len() < 3 || !marks.chars().all(is_line) {
        return None;
    }
    let level = if mark == '=' { 1 } else { 2 };
    let heading = named_heading(known, text, level)?;
    heading.rest.is_empty().then_some(Found { has_underline: true, ..heading })
}

/// Print in bold is no heading to Markdown, and yet one to whoever typed the form anew; the answer
/// may follow on the same line.
fn bold_heading<'a>(known: &Known, text: &'a str) -> Option<Found<'a>> {
    let marks = ["**", "__"].into_iter().find(|marks| text.starts_with(marks))?;
    let (label, rest) = text[marks.len()..].split_once(marks)?;
    let answer = rest.trim_start_matches([':', '：']);
    let has_colon = label.trim_end().ends_with([':', '：']) || answer.len() < rest.len();
    let rest = answer.trim();
    let named = known.heading(label).filter(|_| has_colon || rest.is_empty())?;
    Some(Found { named, label: bare(label), level: 0, rest, has_underline: false })
}

/// `<h3>Name</h3>`, as mail programs and editors send it.
fn tagged_heading<'a>(known: &Known, text: &'a str) -> Option<Found<'a>> {
    let inside = text.strip_prefix("<h").or_else(|| text.strip_prefix("<H"))?;
    let level = inside.chars().next()?.to_digit(10).filter(|level| (1..=6).contains(level))?;
    let (_, named) = inside.split_once('>')?;
    let (name, _) = named.split_once("</")?;
    let heading = named_heading(known, name, usize::try_from(level).ok()?)?;
    heading.rest.is_empty().then_some(heading)
}

/// The section a heading names; an answer may follow on the same line after a colon.
fn named_heading<'a>(known: &Known, text: &'a str, level: usize) -> Option<Found<'a>> {
    let found =
        |named, label, rest| Found { named, label: bare(label), level, rest, has_underline: false };
    if let Some(named) = known.heading(text) {
        return Some(found(named, text, ""));
    }
    let (name, rest) = text.split_once([':', '：'])?;
    let named = known.heading(name)?;
    // Marks that close the name stand before its answer.
    let rest = rest.trim_start_matches(['*', '_']).trim();
    Some(found(named, name, rest))
}

/// A name without the marks around it.
fn bare(label: &str) -> &str {
    label.trim_matches(['#', '*', '_', ':', '：', ' ', '\t'])
}

/// A box of the form: its section, whether it is ticked, and whether the line is a quotation.
#[derive(Clone, Copy)]
pub(super) struct FoundBox {
    pub section: Section,
    pub is_ticked: bool,
    pub is_quoted: bool,
}

/// Reads a box by its sentence, or by the section it stands in: `- [x] sentence`, `☑ sentence`.
pub(super) fn box_at(known: &Known, line: &str, current: Option<Section>) -> Option<FoundBox> {
    let text = line.trim_start();
    let may_begin = match text.as_bytes().first()? {
        b'-' | b'*' | b'+' | b'[' | b'\\' | b'>' | b'x' | b'X' | b'0'..=b'9' | 0xE2 | 0xF0 => true,
        _ => line.ends_with([']', '✅', '☑', '✓', '✔', '☐']),
    };
    if !may_begin {
        return None;
    }
    let unquoted = text.trim_start_matches(['>', ' ']);
    let is_quoted = text.starts_with('>');
    let text = without_list_mark(unquoted).trim_start_matches('\\').trim_end();
    let (section, is_ticked) = bracketed(known, text, current).or_else(|| marked(known, text))?;
    Some(FoundBox { section, is_ticked, is_quoted })
}

fn without_list_mark(text: &str) -> &str {
    let number = text.trim_start_matches(|character: char| character.is_ascii_digit());
    let text = match number.strip_prefix(['.', ')']) {
        Some(after) if number.len() < text.len() => after,
        _ => text,
    };
    text.trim_start_matches(['-', '*', '+']).trim_start()
}

fn bracketed(known: &Known, text: &str, current: Option<Section>) -> Option<(Section, bool)> {
    let (mark, sentence) = text.strip_prefix('[')?.split_once(']')?;
    let mark = mark.trim_matches(['\\', ' ', '\u{a0}', '_', '\t']);
    if !is_mark(mark) || sentence.starts_with('(') {
        return None;
    }
    let is_ticked = !mark.is_empty() && mark != "☐";
    match known.box_of(&Plain::of_sentence(sentence)) {
        Some(section) => Some((section, is_ticked)),
        None => match current? {
            section @ (Section::RecoveryCodes
            | Section::CodeOfConduct
            | Section::Acknowledgement) => Some((section, is_ticked)),
            Section::Username | Section::Reason | Section::Other | Section::Foreign => None,
        },
    }
}

/// One character of any kind ticks a box, or no character at all leaves it open.
fn is_mark(mark: &str) -> bool {
    let mut characters = mark.chars().filter(|&character| character != '\u{fe0f}');
    characters.next();
    characters.next().is_none()
}

/// A sentence of the form with a mark before or after it. The bare sentence says nothing.
fn marked(known: &Known, text: &str) -> Option<(Section, bool)> {
    let is_ticked = |mark: &str| match mark.trim_matches(['\u{fe0f}', ' ', '[', ']', '\\', '*']) {
        "✅" | "☑" | "✓" | "✔" | "🗹" | "x" | "X" => Some(true),
        "☐" | "⬜" | "🔲" => Some(false),
        _ => None,
    };
    let first = text.chars().next().filter(|first| !first.is_alphanumeric());
    let splits = [
        text.split_once(' '),
        first.map(|first| text.split_at(first.len_utf8())),
        text.rsplit_once(' ').map(|(sentence, mark)| (mark, sentence)),
    ];
    for (mark, sentence) in splits.into_iter().flatten() {
        if let Some(is_ticked) = is_ticked(mark)
            && let Some(section) = known.box_of(&Plain::of_sentence(sentence))
        {
            return Some((section, is_ticked));
        }
    }
    None
}
