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
    /// Places of the fields whose headings must be there.
    needs: Vec<usize>,
    /// How titles begin, as plain words.
    titles: Vec<Box<[u8]>>,
    labels: Vec<String>,
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
    /// Plain heading → kind and field, by their places.
    headings: FxHashMap<Box<[u8]>, Vec<(usize, usize)>>,
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
        let KindFile { recognised, fields } = file;
        let place = |need: &String| fields.iter().position(|field| field.name == *need);
        let plain = |title: &String| Plain::of(title).as_bytes().into();
        Ok(Kind {
            name: name.to_owned(),
            needs: recognised.needs.iter().filter_map(place).collect(),
            titles: recognised.titles.iter().map(plain).collect(),
            labels: recognised.labels,
            fields,
        })
    }

    fn is_titled(&self, title: &Plain) -> bool {
        self.titles.iter().any(|known| title.as_bytes().starts_with(known))
    }

    fn is_labelled(&self, labels: &[String]) -> bool {
        let mut known = self.labels.iter();
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
        let headings = headings_of(&all);
        self.kinds = (!all.is_empty()).then(|| Kinds { form, all, headings }.into());
        Ok(self)
    }

    /// At least one heading that a kind needs must be none of ours.
    fn refuse_own_headings(&self, kind: &Kind) -> Result<(), (String, String)> {
        let is_own =
            |heading: &String| self.known.heading(heading).is_some_and(|named| !named.is_foreign);
        if kind.needs.iter().any(|need| !kind.fields[*need].headings.iter().any(is_own)) {
            return Ok(());
        }
        let what = "every heading it needs is one of the account-recovery form, too";
        Err((kind.name.clone(), what.to_owned()))
    }

    /// Those of an issue's labels by which some kind is recognised.
    pub fn telling(&self, labels: &[String]) -> Vec<String> {
        let kinds = self.kinds.iter().flat_map(|kinds| &kinds.all);
        let known: Vec<&String> = kinds.flat_map(|kind| &kind.labels).collect();
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
        let (mut answers, mut labels_of) = (Answers::default(), FxHashMap::default());
        for field in sheet.others {
            for place in kinds.fields_of(field.label) {
                let answer: &mut Answer<'a> = answers.entry(*place).or_default();
                answer.blocks.extend(field.answer.blocks.iter().copied());
                let labels: &mut Vec<&'a str> = labels_of.entry(place.0).or_default();
                labels.push(field.label);
            }
        }
        let place = kinds.fitting(source.title(), &answers, labels)?;
        Some(kinds.all[place].read(place, &answers, labels_of.remove(&place).unwrap_or_default()))
    }
}

/// What stands in each field, by the places of kind and field.
type Answers<'a> = FxHashMap<(usize, usize), Answer<'a>>;

fn headings_of(all: &[Kind]) -> FxHashMap<Box<[u8]>, Vec<(usize, usize)>> {
    let mut found: FxHashMap<Box<[u8]>, Vec<(usize, usize)>> = FxHashMap::default();
    for (kind, of_kind) in all.iter().enumerate() {
        for (field, of_field) in of_kind.fields.iter().enumerate() {
            for heading in &of_field.headings {
                let places = found.entry(Plain::of(heading).as_bytes().into()).or_default();
                if !places.contains(&(kind, field)) {
                    places.push((kind, field));
                }
            }
        }
    }
    found
}

impl Kinds {
    fn fields_of(&self, heading: &str) -> &[(usize, usize)] {
        self.headings.get(Plain::of(heading).as_bytes()).map_or(&[], Vec::as_slice)
    }

    /// The kind that fits best: by title, by label, by how many of its headings are there; of those
    /// that fit alike the first, by name.
    fn fitting(&self, title: &str, answers: &Answers<'_>, labels: &[String]) -> Option<usize> {
        if answers.is_empty() && labels.is_empty() {
            return None;
        }
        let title = Plain::of(title);
        let fit = |(place, kind): (usize, &Kind)| {
            let is_there = |field: &usize| answers.contains_key(&(place, *field));
            let (is_titled, is_labelled) = (kind.is_titled(&title), kind.is_labelled(labels));
            let is_it = is_labelled
                || kind.needs.iter().all(is_there)
                || (is_titled && kind.needs.iter().any(is_there));
            let count = answers.keys().filter(|(kind, _)| *kind == place).count();
            is_it.then_some(((is_titled, is_labelled, count), place))
        };
        let fitting = self.all.iter().enumerate().rev().filter_map(fit);
        fitting.max_by_key(|(fit, _)| *fit).map(|(_, place)| place)
    }
}

impl Kind {
    fn read<'a>(
        &self,
        place: usize,
        answers: &Answers<'a>,
        headings: Vec<&'a str>,
    ) -> KindSheet<'a> {
        let mut sheet = KindSheet {
            kind: self.name.clone(),
            fields: Vec::with_capacity(self.fields.len()),
            missing: Vec::new(),
            headings,
        };
        for (number, field) in self.fields.iter().enumerate() {
            let value = match answers.get(&(place, number)) {
                Some(answer) => field.value(answer),
                None => field.value(&Answer::default()),
            };
            if field.asks.is_some() && matches!(value.as_str(), "" | NO) {
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
