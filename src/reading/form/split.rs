//! Takes one body apart without copying any of it.

use super::lines::{Fence, FoundBox, box_at, heading_at};
use super::{Form, Section, Shape};
use crate::reading::{Checkboxes, FormKind};

/// Two headings of another form, at least, make a body another form.
const FOREIGN_HEADINGS_MIN: usize = 2;

/// One body taken apart; every piece is a slice of the body that was given, so that its place is
/// known.
#[derive(Debug, Clone)]
pub struct Sheet<'a> {
    /// The shape, by the headings that are there.
    pub kind: FormKind,
    /// What stands under the user name's heading; none where there is no such heading.
    pub username: Option<Answer<'a>>,
    /// What stands under the reason's heading, or everything but the name where there is none.
    pub reason: Answer<'a>,
    /// The boxes of the form.
    pub boxes: Ticks<'a>,
    /// Every heading the form knows, in order: the evidence for `kind`.
    pub headings: Vec<Heading<'a>>,
    /// Fields that are known and none of the sections above.
    pub others: Vec<Field<'a>>,
}

/// What stands under a heading: whole lines in the order of the body. They are several where the
/// heading is doubled or boxes stand between; blank ones are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer<'a> {
    /// Each is contiguous, and without its last line end.
    pub blocks: Vec<&'a str>,
}

impl Answer<'_> {
    /// The blocks one below the other, in a text of their own.
    pub fn joined(&self) -> String {
        self.blocks.join("\n")
    }
}

/// The boxes of the form; none where the body has no such box.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ticks<'a> {
    /// About recovery codes.
    pub recovery_codes: Option<Tick<'a>>,
    /// About the Code of Conduct.
    pub code_of_conduct: Option<Tick<'a>>,
    /// About the waiting time.
    pub acknowledgement: Option<Tick<'a>>,
}

/// One box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tick<'a> {
    /// Whether it is ticked.
    pub is_ticked: bool,
    /// The line it stands on.
    pub line: &'a str,
}

/// A heading the form knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heading<'a> {
    /// What stands under it.
    pub section: Section,
    /// Its name as it was written, without marks.
    pub label: &'a str,
    /// How many marks stood before it, 0 for bold print.
    pub level: usize,
    /// Whether another form names it so.
    pub is_foreign: bool,
}

/// A field that is known and none of the form's sections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field<'a> {
    /// Its name as it was written.
    pub label: &'a str,
    /// What stands under it.
    pub answer: Answer<'a>,
}

impl Ticks<'_> {
    /// What the boxes say, without where.
    pub fn checkboxes(&self) -> Checkboxes {
        let is_ticked = |tick: Option<Tick<'_>>| tick.map(|tick| tick.is_ticked);
        Checkboxes {
            recovery_codes: is_ticked(self.recovery_codes),
            code_of_conduct: is_ticked(self.code_of_conduct),
            acknowledgement: is_ticked(self.acknowledgement),
        }
    }
}

/// Takes a body apart. Its line ends are `\n`, its HTML comments are blank.
pub fn split<'a>(form: &Form, body: &'a str) -> Sheet<'a> {
    let mut cut = Cut::new(form, body);
    if let Some(open) = cut.lines(usize::MAX) {
        // A fence that nothing closes: to GitHub all the rest is code, to us it may hold the form.
        cut = Cut::new(form, body);
        cut.lines(open);
    }
    cut.sheet()
}

/// A body on its way to a sheet.
struct Cut<'f, 'a> {
    form: &'f Form,
    body: &'a str,
    /// What stands where, in order.
    blocks: Vec<(Option<Section>, &'a str)>,
    boxes: Ticks<'a>,
    headings: Vec<Heading<'a>>,
    others: Vec<Field<'a>>,
    current: Option<Section>,
    /// Where the block that is being read begins.
    from: usize,
    /// Boxes only seen in quotations so far.
    quoted: Ticks<'a>,
}

impl<'f, 'a> Cut<'f, 'a> {
    fn new(form: &'f Form, body: &'a str) -> Self {
        Self {
            form,
            body,
            blocks: Vec::with_capacity(8),
            boxes: Ticks::default(),
            headings: Vec::with_capacity(8),
            others: Vec::new(),
            current: None,
            from: 0,
            quoted: Ticks::default(),
        }
    }

    /// Reads all lines; fences count up to `fences_until`. Tells where a fence was left open.
    fn lines(&mut self, fences_until: usize) -> Option<usize> {
        let body = self.body;
        let mut open: Option<(Fence, usize)> = None;
        let mut at = 0;
        while at < body.len() {
            let start = at;
            let end = line_end(body, start);
            at = (end + 1).min(body.len());
            let fence = Fence::at(&body[start..end]);
            open = match (open, fence) {
                (Some((begun, _)), Some(fence)) if fence.closes(&begun) => None,
                (Some(begun), _) => Some(begun),
                (None, Some(fence)) if start < fences_until => Some((fence, start)),
                (None, _) => {
                    at = self.line(start, end).unwrap_or(at);
                    None
                }
            };
        }
        open.map(|(_, start)| start)
    }

    /// Takes one line outside of code; says where to go on if that is not the next line.
    fn line(&mut self, start: usize, end: usize) -> Option<usize> {
        let body = self.body;
        let line = &body[start..end];
        let next = (end + 1).min(body.len());
        let below = &body[next..];
        let found = heading_at(&self.form.known, line, below);
        if let Some(found) = found {
            let next = if found.has_underline { after_line(body, next) } else { next };
            self.end_block(start, next);
            let (section, label) = (found.named.section, found.label);
            let is_foreign = found.named.is_foreign;
            self.current = Some(section);
            self.headings.push(Heading { section, label, level: found.level, is_foreign });
            if matches!(section, Section::Other | Section::Foreign) {
                self.others.push(Field { label, answer: Answer::default() });
            }
            self.add_block(found.rest);
            return Some(next);
        }
        if let Some(found) = box_at(&self.form.known, line, self.current) {
            self.tick(found, line);
            self.end_block(start, next);
        }
        None
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
        self.blocks.push((self.current, block));
        if let Some(Section::Other | Section::Foreign) = self.current
            && let Some(field) = self.others.last_mut()
        {
            field.answer.blocks.push(block);
        }
    }

    fn sheet(mut self) -> Sheet<'a> {
        self.end_block(self.body.len(), self.body.len());
        let (blocks, headings) = (&self.blocks, &self.headings);
        let has = |section| headings.iter().any(|heading: &Heading| heading.section == section);
        let under = |is_meant: fn(Option<Section>) -> bool| {
            let meant = blocks.iter().filter(|(section, _)| is_meant(*section));
            Answer { blocks: meant.map(|(_, block)| *block).collect() }
        };
        let reason = if has(Section::Reason) {
            under(|section| section == Some(Section::Reason))
        } else {
            under(|section| section != Some(Section::Username))
        };
        let username =
            has(Section::Username).then(|| under(|section| section == Some(Section::Username)));
        let (boxes, quoted) = (self.boxes, self.quoted);
        Sheet {
            kind: kind_of(&self.form.shapes, headings),
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

fn line_end(body: &str, start: usize) -> usize {
    body[start..].find('\n').map_or(body.len(), |length| start + length)
}

fn after_line(body: &str, start: usize) -> usize {
    (line_end(body, start) + 1).min(body.len())
}

/// The shape by the headings; print in bold is none.
fn kind_of(shapes: &[Shape], headings: &[Heading<'_>]) -> FormKind {
    let headings = || headings.iter().filter(|heading| heading.level > 0);
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
