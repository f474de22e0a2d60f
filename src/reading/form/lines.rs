//! Tells what a single line is: a heading of the form, one of its boxes, or neither.
//!
//! Most lines are neither, and their first byte says so.

use super::{Known, Named, Section};

/// A longer line names nothing.
const HEADING_BYTES_MAX: usize = 1024;

/// Deeper than this a line is code.
const INDENT_MAX: usize = 3;

/// A shorter line holds no box.
const BOX_BYTES_MIN: usize = 3;

/// The level of a heading in bold print.
pub(super) const BOLD: usize = 0;

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
        let mark = first_byte(line).filter(|first| matches!(first, b'`' | b'~'))?;
        let text = visible(line);
        let after = text.trim_start_matches(char::from(mark));
        let length = text.len() - after.len();
        let is_fence = length >= 3 && !(mark == b'`' && after.contains('`'));
        is_fence.then(|| Self { mark, length, is_bare: after.trim().is_empty() })
    }

    /// Reads what stands in the fence that an answer consists of.
    pub(super) fn inside(answer: &str) -> Option<&str> {
        let text = answer.trim_matches('\n');
        let (first, rest) = text.split_once('\n')?;
        let (inside, last) = rest.trim_end().rsplit_once('\n').unwrap_or(("", rest));
        let begun = Self::at(first)?;
        Self::at(last).is_some_and(|fence| fence.closes(&begun)).then_some(inside)
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
}

/// The first byte that counts, and where it stands; none on a blank line.
pub(super) fn first_byte(line: &str) -> Option<u8> {
    let first = *line.as_bytes().iter().find(|byte| !matches!(byte, b' ' | b'\t'))?;
    if first.is_ascii() { Some(first) } else { visible(line).bytes().next() }
}

/// The line without the blanks before and after it, those included that nobody sees.
fn visible(line: &str) -> &str {
    let line = line.trim_ascii();
    match (line.as_bytes().first(), line.as_bytes().last()) {
        (Some(first), Some(last)) if first.is_ascii() && last.is_ascii() => line,
        _ => line.trim_matches(|character: char| {
            character.is_whitespace() || matches!(character, '\u{feff}' | '\u{200b}')
        }),
    }
}

/// Whether a heading stands deep enough to be code, or is too long to name anything.
fn is_no_heading(line: &str) -> bool {
    let indent = line.len() - line.trim_start_matches(' ').len();
    indent > INDENT_MAX || line.len() > HEADING_BYTES_MAX
}

/// Reads a heading of a known name that says so itself: `### Name`, `**Name**`, `<h3>Name</h3>`.
pub(super) fn heading_at<'a>(known: &Known, line: &'a str) -> Option<Found<'a>> {
    let text = visible(line);
    let first = *text.as_bytes().first()?;
    if is_no_heading(line) {
        return None;
    }
    match first {
        b'#' => {
            let name = text.trim_start_matches('#');
            let level = text.len() - name.len();
            if level <= LEVEL_MAX { named_heading(known, name, level) } else { None }
        }
        b'*' | b'_' => bold_heading(known, text),
        b'<' => tagged_heading(known, text),
        _ => None,
    }
}

/// Reads a heading that the line of marks below it makes one.
pub(super) fn heading_above<'a>(known: &Known, above: &'a str, level: usize) -> Option<Found<'a>> {
    let heading = named_heading(known, visible(above), level)?;
    (heading.rest.is_empty() && !is_no_heading(above)).then_some(heading)
}

/// The level of the heading that a line of marks makes of the line above it.
pub(super) fn underline_level(line: &str) -> Option<usize> {
    let marks = line.trim().as_bytes();
    let mark = *marks.first()?;
    let is_line =
        marks.len() >= 3 && marks.iter().all(|&byte| byte == mark || matches!(byte, b' ' | b'\t'));
    match mark {
        b'=' if is_line => Some(1),
        b'-' if is_line => Some(2),
        _ => None,
    }
}

/// Print in bold is no heading to Markdown, and yet one to whoever typed the form anew.
fn bold_heading<'a>(known: &Known, text: &'a str) -> Option<Found<'a>> {
    let marks = ["**", "__"].into_iter().find(|marks| text.starts_with(marks))?;
    let (name, rest) = text[marks.len()..].split_once(marks)?;
    let rest = rest.trim_start();
    let has_colon = name.trim_end().ends_with([':', '：']) || rest.starts_with([':', '：']);
    let rest = rest.trim_start_matches([':', '：']).trim();
    let named = known.heading(name).filter(|_| has_colon || rest.is_empty())?;
    Some(Found { named, label: bare(name), level: BOLD, rest })
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
    let found = |named, label, rest| Found { named, label: bare(label), level, rest };
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
    let label = label.trim_ascii();
    if let ([first, ..], [.., last]) = (label.as_bytes(), label.as_bytes())
        && first.is_ascii_alphanumeric()
        && last.is_ascii_alphanumeric()
    {
        return label;
    }
    label.trim_matches(['#', '*', '_', ':', '：', ' ', '\t'])
}

/// A box of the form: its section, whether it is ticked, and whether the line is a quotation.
#[derive(Clone, Copy)]
pub(super) struct FoundBox {
    pub section: Section,
    pub is_ticked: bool,
    pub is_quoted: bool,
}

/// Whether a line may end with the mark of a box, by its last byte.
pub(super) fn may_end_marked(line: &str) -> bool {
    matches!(line.as_bytes().last(), Some(b']' | b' ' | 0x85 | 0x8F | 0x90 | 0x91 | 0x93 | 0x94))
}

/// Reads a box by its sentence, or by the section it stands in: `- [x] sentence`, `☑ sentence`.
pub(super) fn box_at(known: &Known, line: &str, current: Option<Section>) -> Option<FoundBox> {
    if line.len() < BOX_BYTES_MIN {
        return None;
    }
    let text = visible(line);
    let is_quoted = text.starts_with('>');
    let text = without_list_mark(text.trim_start_matches(['>', ' '])).trim_start_matches('\\');
    let (section, is_ticked) =
        if text.starts_with('[') { bracketed(known, text, current) } else { marked(known, text) }?;
    Some(FoundBox { section, is_ticked, is_quoted })
}

fn without_list_mark(text: &str) -> &str {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let text = match text[digits..].strip_prefix(['.', ')']) {
        Some(after) if digits > 0 => after,
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
    match known.box_by(sentence) {
        Some(Section::Other) => None,
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
            && let Some(section) = known.box_by(sentence).filter(|&found| found != Section::Other)
        {
            return Some((section, is_ticked));
        }
    }
    None
}
