//! Takes one body apart without copying any of it.

use super::lines::{
    BOLD, Fence, Found, FoundBox, box_at, first_byte, heading_above, heading_at, may_end_marked,
    underline_level,
};
use super::sheet::{Answer, Field, Heading, Sheet, Tick, Ticks};
use super::{Form, Section, Shape};
use crate::reading::FormKind;
use crate::reading::text::lines_of;

/// Two headings of another form, at least, make a body another form.
const FOREIGN_HEADINGS_MIN: usize = 2;

/// Takes a body apart. Its line ends are `\n`, its HTML comments are blank.
pub fn split<'a>(form: &Form, body: &'a str) -> Sheet<'a> {
    let mut cut = Cut::new(form, body, Taken { fences_until: body.len(), has_bold: true });
    let open_fence = cut.lines();
    let has_form_in_bold = cut.has_form_in_bold();
    if open_fence.is_none() && has_form_in_bold != Some(false) {
        return cut.sheet();
    }
    // A fence that nothing closes: to GitHub all the rest is code, to us it may hold the form.
    let taken = Taken {
        fences_until: open_fence.unwrap_or(body.len()),
        has_bold: has_form_in_bold != Some(false),
    };
    let mut cut = Cut::new(form, body, taken);
    cut.lines();
    cut.sheet()
}

/// What is taken for what.
#[derive(Clone, Copy)]
struct Taken {
    /// Fences that begin from here on are none.
    fences_until: usize,
    /// Whether names in bold print are headings.
    has_bold: bool,
}

/// One line, and where it stands.
#[derive(Clone, Copy)]
struct Place<'a> {
    line: &'a str,
    start: usize,
    /// Where the line below begins.
    next: usize,
}

/// A body on its way to a sheet.
struct Cut<'f, 'a> {
    form: &'f Form,
    body: &'a str,
    taken: Taken,
    /// What stands where, in order.
    blocks: Vec<(Option<Section>, &'a str)>,
    boxes: Ticks<'a>,
    /// Boxes in quotations.
    quoted: Ticks<'a>,
    headings: Vec<Heading<'a>>,
    others: Vec<Field<'a>>,
    current: Option<Section>,
    /// Whether the answer comes in a fence of its own.
    is_rendered: bool,
    /// Where the block that is being read begins.
    from: usize,
    /// The line just read, if it may be a heading by what stands below it.
    above: Option<Place<'a>>,
}

impl<'f, 'a> Cut<'f, 'a> {
    fn new(form: &'f Form, body: &'a str, taken: Taken) -> Self {
        Self {
            form,
            body,
            taken,
            blocks: Vec::with_capacity(8),
            boxes: Ticks::default(),
            quoted: Ticks::default(),
            headings: Vec::with_capacity(8),
            others: Vec::new(),
            current: None,
            is_rendered: false,
            from: 0,
            above: None,
        }
    }

    /// Reads all lines; tells where a fence was left open.
    fn lines(&mut self) -> Option<usize> {
        let body = self.body;
        let mut open: Option<(Fence, usize)> = None;
        for (start, line) in lines_of(body) {
            let at = Place { line, start, next: (start + line.len() + 1).min(body.len()) };
            let first = first_byte(line);
            let fence = if matches!(first, Some(b'`' | b'~')) { Fence::at(line) } else { None };
            open = match (open, fence) {
                (Some((begun, _)), Some(fence)) if fence.closes(&begun) => None,
                (Some(begun), _) => Some(begun),
                (None, Some(fence)) if at.start < self.taken.fences_until => {
                    Some((fence, at.start))
                }
                (None, _) => {
                    let above = self.above.take();
                    if let Some(first) = first {
                        self.line(first, at, above);
                    }
                    None
                }
            };
        }
        open.map(|(_, start)| start)
    }

    /// Takes one line outside of code.
    fn line(&mut self, first: u8, at: Place<'a>, above: Option<Place<'a>>) {
        let known = &self.form.known;
        let heading = match first {
            b'#' | b'<' => heading_at(known, at.line),
            b'*' | b'_' if self.taken.has_bold => heading_at(known, at.line),
            b'=' | b'-' => {
                if let Some(level) = underline_level(at.line) {
                    return self.underline(level, at, above);
                }
                None
            }
            _ => None,
        };
        if let Some(found) = heading {
            return self.begin(found, at.start, at.next);
        }
        let may_begin_box = matches!(
            first,
            b'-' | b'*' | b'+' | b'[' | b'\\' | b'>' | b'x' | b'X' | b'0'..=b'9' | 0xE2 | 0xF0
        );
        let found = (may_begin_box || may_end_marked(at.line))
            .then(|| box_at(known, at.line, self.current))
            .flatten();
        match found {
            Some(found) => {
                self.tick(found, at.line);
                self.end_block(at.start, at.next);
            }
            None => self.above = Some(at),
        }
    }

    /// Takes a line of marks, which may make a heading of the line above it.
    fn underline(&mut self, level: usize, at: Place<'a>, above: Option<Place<'a>>) {
        let known = &self.form.known;
        let found =
            above.and_then(|above| Some((above.start, heading_above(known, above.line, level)?)));
        if let Some((start, found)) = found {
            self.begin(found, start, at.next);
        } else if let Some(last) = self.headings.last_mut()
            && last.level == BOLD
            && self.from == at.start
        {
            last.level = level;
            self.from = at.next;
        }
    }

    /// Begins the answer under a heading.
    fn begin(&mut self, found: Found<'a>, start: usize, next: usize) {
        self.end_block(start, next);
        let (section, label) = (found.named.section, found.label);
        let is_foreign = found.named.is_foreign;
        self.current = Some(section);
        self.is_rendered = found.named.is_rendered;
        self.headings.push(Heading { section, label, level: found.level, is_foreign });
        if matches!(section, Section::Other | Section::Foreign) {
            self.others.push(Field { label, answer: Answer::default() });
        }
        self.add_block(found.rest);
    }

    /// Whether name and reason both have a heading where some heading is only bold. A single name
    /// in bold print is as likely part of a sentence.
    fn has_form_in_bold(&self) -> Option<bool> {
        let is_bold = self.headings.iter().any(|heading| heading.level == BOLD);
        is_bold.then(|| self.has(Section::Username) && self.has(Section::Reason))
    }

    fn has(&self, section: Section) -> bool {
        self.headings.iter().any(|heading| heading.section == section)
    }

    fn tick(&mut self, found: FoundBox, line: &'a str) {
        let ticks = if found.is_quoted { &mut self.quoted } else { &mut self.boxes };
        let tick = match found.section {
            Section::RecoveryCodes => &mut ticks.recovery_codes,
            Section::CodeOfConduct => &mut ticks.code_of_conduct,
            Section::Acknowledgement => &mut ticks.acknowledgement,
            Section::Username | Section::Reason | Section::Other | Section::Foreign => return,
        };
        *tick = Some(Tick { is_ticked: found.is_ticked, line });
    }

    /// Ends the block before `end`; the next one begins at `next`.
    fn end_block(&mut self, end: usize, next: usize) {
        let block = &self.body[self.from..end.max(self.from)];
        self.from = next;
        self.add_block(block.strip_suffix('\n').unwrap_or(block));
    }

    fn add_block(&mut self, block: &'a str) {
        if block.trim_start().is_empty() {
            return;
        }
        let block = if self.is_rendered { Fence::inside(block).unwrap_or(block) } else { block };
        self.blocks.push((self.current, block));
        if let Some(Section::Other | Section::Foreign) = self.current
            && let Some(field) = self.others.last_mut()
        {
            field.answer.blocks.push(block);
        }
    }

    fn sheet(mut self) -> Sheet<'a> {
        self.end_block(self.body.len(), self.body.len());
        let blocks = &self.blocks;
        let under = |is_meant: fn(Option<Section>) -> bool| {
            let meant = blocks.iter().filter(|(section, _)| is_meant(*section));
            Answer { blocks: meant.map(|(_, block)| *block).collect() }
        };
        let reason = if self.has(Section::Reason) {
            under(|section| section == Some(Section::Reason))
        } else {
            under(|section| section != Some(Section::Username))
        };
        let username = self
            .has(Section::Username)
            .then(|| under(|section| section == Some(Section::Username)));
        let (boxes, quoted) = (self.boxes, self.quoted);
        Sheet {
            kind: kind_of(&self.form.shapes, &self.headings),
            username,
            reason,
            boxes: Ticks {
                recovery_codes: boxes.recovery_codes.or(quoted.recovery_codes),
                code_of_conduct: boxes.code_of_conduct.or(quoted.code_of_conduct),
                acknowledgement: boxes.acknowledgement.or(quoted.acknowledgement),
            },
            headings: self.headings,
            others: self.others,
        }
    }
}

/// The shape by the headings; print in bold is none.
fn kind_of(shapes: &[Shape], headings: &[Heading<'_>]) -> FormKind {
    let headings = || headings.iter().filter(|heading| heading.level != BOLD);
    if headings().filter(|heading| heading.is_foreign).count() >= FOREIGN_HEADINGS_MIN {
        return FormKind::OtherForm;
    }
    let has = |section: Section, level: Option<usize>| {
        headings().any(|heading| {
            !heading.is_foreign
                && heading.section == section
                && level.is_none_or(|level| level == heading.level)
        })
    };
    shapes
        .iter()
        .find(|shape| shape.needs.iter().all(|&section| has(section, shape.level)))
        .map_or(FormKind::Freeform, |shape| shape.kind)
}
