//! What taking a body apart gives: slices of that body, and what they are.

use smallvec::SmallVec;

use super::Section;
use crate::reading::{Checkboxes, FormKind};

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
    pub blocks: SmallVec<[&'a str; 2]>,
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
