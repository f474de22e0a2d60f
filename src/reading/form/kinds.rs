//! Other kinds of requests: which of them a body is, and what stands in its fields.
//!
//! [`Kind::parse`] takes what reading needs of `config/forms/<name>.toml`; the policy checks the
//! file. All kinds share one look through a body, and where there are none it is not made.

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::plain::Plain;
use super::sheet::Answer;
use super::{Form, Known, Named, Section, split};
use crate::reading::span::Source;

/// Characters of an answer that are kept.
const VALUE_CHARACTERS_MAX: usize = 200;

/// One kind of request beside account recovery.
#[derive(Debug, Clone)]
pub struct Kind {
    /// The name of its file.
    pub name: String,
    recognised: Recognised,
    fields: Vec<Field>,
}

#[derive(Debug, Clone, Deserialize)]
struct KindFile {
    recognised: Recognised,
    fields: Vec<Field>,
}

#[derive(Debug, Clone, Deserialize)]
struct Recognised {
    needs: Vec<String>,
    #[serde(default)]
    titles: Vec<String>,
    #[serde(default)]
    labels: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct Field {
    name: String,
    kind: FieldKind,
    headings: Vec<String>,
    #[serde(default)]
    asks: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum FieldKind {
    /// One line.
    Line,
    /// As much as people like; only whether there is any is kept.
    Text,
    /// One or several of what is offered.
    Choice,
    /// Boxes to tick.
    Boxes,
}

/// All kinds, and one form that knows the headings of each.
#[derive(Debug)]
pub(super) struct Kinds {
    form: Form,
    all: Vec<Kind>,
}

/// What a request of another kind says.
#[derive(Debug, Clone)]
pub struct KindSheet<'a> {
    /// The kind's name.
    pub kind: String,
    /// Each field of the kind with what stands there; nothing where it does not.
    pub fields: Vec<(String, String)>,
    /// The names of fields that must be there and are not.
    pub missing: Vec<String>,
    /// The headings by which it was read.
    pub headings: Vec<&'a str>,
}

impl Kind {
    /// Takes what reading needs of a file that the policy has checked.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn parse(name: &str, toml_text: &str) -> Result<Kind, String> {
        let file: KindFile =
            toml::from_str(toml_text).map_err(|error| super::placed(toml_text, &error))?;
        Ok(Kind { name: name.to_owned(), recognised: file.recognised, fields: file.fields })
    }

    fn field_of(&self, heading: &Plain) -> Option<&Field> {
        self.fields.iter().find(|field| {
            let mut known = field.headings.iter().map(|known| Plain::of(known));
            known.any(|known| known.as_bytes() == heading.as_bytes())
        })
    }

    fn is_titled(&self, title: &Plain) -> bool {
        let mut titles = self.recognised.titles.iter().map(|known| Plain::of(known));
        titles.any(|known| title.as_bytes().starts_with(known.as_bytes()))
    }

    fn is_labelled(&self, labels: &[String]) -> bool {
        let mut known = self.recognised.labels.iter();
        known.any(|known| labels.iter().any(|label| label.eq_ignore_ascii_case(known)))
    }
}

impl Form {
    /// This form beside other kinds of requests.
    ///
    /// # Errors
    /// The name of the kind that nothing tells from an account recovery, and why.
    pub fn with_kinds(mut self, all: Vec<Kind>) -> Result<Form, (String, String)> {
        let mut known = Known::default();
        let named = Named { section: Section::Other, is_foreign: false, is_rendered: false };
        for kind in &all {
            self.refuse_own_headings(kind)?;
            kind.fields.iter().for_each(|field| known.add_headings(named, &field.headings));
        }
        let form = Form {
            name: String::new(),
            title: String::new(),
            shapes: Vec::new(),
            known,
            fields: super::Fields::default(),
            kinds: None,
        };
        self.kinds = (!all.is_empty()).then(|| Kinds { form, all }.into());
        Ok(self)
    }

    /// At least one heading that a kind needs must be none of ours.
    fn refuse_own_headings(&self, kind: &Kind) -> Result<(), (String, String)> {
        let is_own =
            |heading: &String| self.known.heading(heading).is_some_and(|named| !named.is_foreign);
        let mut needs = kind.recognised.needs.iter();
        let is_told_apart = needs.any(|need| {
            let field = kind.fields.iter().find(|field| field.name == *need);
            field.is_some_and(|field| !field.headings.iter().any(is_own))
        });
        if is_told_apart {
            return Ok(());
        }
        let what = "every heading it needs is one of the account-recovery form, too";
        Err((kind.name.clone(), what.to_owned()))
    }

    /// Those of an issue's labels by which some kind is recognised.
    pub fn telling(&self, labels: &[String]) -> Vec<String> {
        let kinds = self.kinds.iter().flat_map(|kinds| &kinds.all);
        let known: Vec<&String> = kinds.flat_map(|kind| &kind.recognised.labels).collect();
        let tells = |label: &&String| known.iter().any(|one| one.eq_ignore_ascii_case(label));
        labels.iter().filter(tells).cloned().collect()
    }

    /// Which other kind of request this is, by its headings, its title and its labels, and what its
    /// fields say; none where it is none.
    pub(in crate::reading) fn kind_of<'a>(
        &self,
        source: &'a Source,
        labels: &[String],
    ) -> Option<KindSheet<'a>> {
        let kinds = self.kinds.as_deref()?;
        let sheet = split(&kinds.form, source.body());
        let mut answers: FxHashMap<Box<[u8]>, Answer<'a>> = FxHashMap::default();
        for field in sheet.others {
            let plain = Plain::of(field.label);
            let answer = answers.entry(plain.as_bytes().into()).or_default();
            answer.blocks.extend(field.answer.blocks);
        }
        let title = Plain::of(source.title());
        let fitting = kinds.all.iter().filter_map(|kind| {
            let found = Found::of(kind, &answers);
            let (is_titled, is_labelled) = (kind.is_titled(&title), kind.is_labelled(labels));
            let is_it = is_labelled || found.has_all_needs || (is_titled && found.has_a_need);
            is_it.then_some(((is_titled, is_labelled, found.count), kind))
        });
        // Of those that fit alike the first, by name.
        let (_, kind) = fitting.rev().max_by_key(|(fit, _)| *fit)?;
        let headings = sheet.headings.iter().map(|heading| heading.label);
        let is_own = |label: &&str| kind.field_of(&Plain::of(label)).is_some();
        Some(kind.read(&answers, headings.filter(is_own).collect()))
    }
}

/// How much of a kind a body has.
struct Found {
    has_all_needs: bool,
    has_a_need: bool,
    count: usize,
}

type Answers<'a> = FxHashMap<Box<[u8]>, Answer<'a>>;

impl Found {
    fn of(kind: &Kind, answers: &Answers<'_>) -> Self {
        let is_there = |name: &String| {
            let field = kind.fields.iter().find(|field| field.name == *name);
            field.is_some_and(|field| field.answer(answers).is_some())
        };
        let needs = &kind.recognised.needs;
        Self {
            has_all_needs: needs.iter().all(is_there),
            has_a_need: needs.iter().any(is_there),
            count: kind.fields.iter().filter(|field| field.answer(answers).is_some()).count(),
        }
    }
}

impl Kind {
    fn read<'a>(&self, answers: &Answers<'a>, headings: Vec<&'a str>) -> KindSheet<'a> {
        let mut sheet = KindSheet {
            kind: self.name.clone(),
            fields: Vec::with_capacity(self.fields.len()),
            missing: Vec::new(),
            headings,
        };
        for field in &self.fields {
            let answer = field.answer(answers).unwrap_or_default();
            let value = field.value(&answer);
            let is_given = !matches!(value.as_str(), "" | NO);
            if field.asks.is_some() && !is_given {
                sheet.missing.push(field.name.clone());
            }
            sheet.fields.push((field.name.clone(), value));
        }
        sheet
    }
}

/// What boxes say that are all ticked, and a text that is there; and what they say otherwise.
pub(in crate::reading) const YES: &str = "yes";
pub(in crate::reading) const NO: &str = "no";

impl Field {
    /// What stands under any of its headings; none where none is there.
    fn answer<'a>(&self, answers: &Answers<'a>) -> Option<Answer<'a>> {
        let under = |heading: &String| answers.get(Plain::of(heading).as_bytes());
        let mut found = self.headings.iter().filter_map(under).peekable();
        found.peek()?;
        let blocks = found.flat_map(|answer| answer.blocks.iter().copied()).collect();
        Some(Answer { blocks })
    }

    /// What the answer says, short; nothing where it says nothing.
    fn value(&self, answer: &Answer<'_>) -> String {
        let lines = answer.blocks.iter().flat_map(|block| block.lines()).map(str::trim);
        let mut lines = lines.filter(|line| !line.is_empty());
        match self.kind {
            FieldKind::Line => said(lines.next().unwrap_or_default()),
            FieldKind::Choice => {
                let chosen = said(lines.next().unwrap_or_default());
                if chosen == "None" { String::new() } else { chosen }
            }
            FieldKind::Text => yes_or_no(lines.any(|line| !said(line).is_empty())),
            FieldKind::Boxes => {
                let ticks: Vec<bool> = lines.filter_map(tick).collect();
                yes_or_no(!ticks.is_empty() && ticks.iter().all(|is_ticked| *is_ticked))
            }
        }
    }
}

fn yes_or_no(is_so: bool) -> String {
    if is_so { YES } else { NO }.to_owned()
}

/// What somebody wrote, as far as it is kept; the form's own word for nothing is nothing.
fn said(text: &str) -> String {
    if text.eq_ignore_ascii_case("_no response_") {
        return String::new();
    }
    match text.char_indices().nth(VALUE_CHARACTERS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Whether the box on a line is ticked; none where there is no box.
fn tick(line: &str) -> Option<bool> {
    let line = line.trim_start_matches(['-', '*', '+', ' ']);
    let (mark, _) = line.strip_prefix('[')?.split_once(']')?;
    let mark = mark.trim();
    (mark.chars().count() <= 1).then_some(!mark.is_empty())
}
