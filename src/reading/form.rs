//! Takes an issue body apart by the headings of a form, whatever happened to them on the way.
//!
//! A [`Form`] comes from `config/forms/<name>.toml`; [`split`] gives the [`Sheet`] of one body: its
//! shape, the answer under each heading, and the boxes. Headings inside fences and quotes are none,
//! unknown headings inside an answer belong to the answer, doubled headings go on with the same
//! section.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::text::{Fences, is_rule, plain_words};
use super::{Checkboxes, FormKind};

/// One kind of request: the headings and sentences of every shape its form had.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// The file's name without its ending.
    pub name: String,
    /// The title the form proposes; a title that says no more is not read as prose.
    pub title: String,
    shapes: Vec<Shape>,
    headings: Headings,
    #[serde(default)]
    foreign: Foreign,
    boxes: Boxes,
    #[serde(default)]
    menu: Menu,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shape {
    kind: FormKind,
    needs: Vec<Section>,
    #[serde(default)]
    level: Option<usize>,
}

/// A part of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// Where the user name stands.
    Username,
    /// Where the reason stands.
    Reason,
    /// The box about the recovery codes.
    RecoveryCodes,
    /// The box about the Code of Conduct.
    CodeOfConduct,
    /// The box about the waiting time.
    Acknowledgement,
    /// A heading of another form.
    Foreign,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Headings {
    username: Vec<String>,
    reason: Vec<String>,
    #[serde(default)]
    recovery_codes: Vec<String>,
    #[serde(default)]
    code_of_conduct: Vec<String>,
    #[serde(default)]
    acknowledgement: Vec<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Foreign {
    username: Vec<String>,
    reason: Vec<String>,
    headings: Vec<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Boxes {
    recovery_codes: Vec<String>,
    code_of_conduct: Vec<String>,
    acknowledgement: Vec<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Menu {
    options: Vec<String>,
    noise: Vec<String>,
}

/// Two headings of another form, at least, make a body another form.
const FOREIGN_HEADINGS_MIN: usize = 2;

static BUILT_IN: LazyLock<Form> = LazyLock::new(|| {
    Form::parse(include_str!("../../config/forms/account-recovery.toml"))
        .expect("the built-in form is tested")
});

impl Form {
    /// Reads a form file; the error says what is wrong and where.
    pub fn parse(toml_text: &str) -> Result<Form, String> {
        let mut form: Form = toml::from_str(toml_text).map_err(|error| error.to_string())?;
        if form.headings.username.is_empty() && form.headings.reason.is_empty() {
            return Err("[headings]: neither `username` nor `reason` has a heading".to_owned());
        }
        form.make_comparable();
        Ok(form)
    }

    /// The account-recovery form that is part of the program.
    pub fn built_in() -> Form {
        BUILT_IN.clone()
    }

    fn make_comparable(&mut self) {
        let lists = [
            &mut self.headings.username,
            &mut self.headings.reason,
            &mut self.headings.recovery_codes,
            &mut self.headings.code_of_conduct,
            &mut self.headings.acknowledgement,
            &mut self.foreign.username,
            &mut self.foreign.reason,
            &mut self.foreign.headings,
            &mut self.boxes.recovery_codes,
            &mut self.boxes.code_of_conduct,
            &mut self.boxes.acknowledgement,
            &mut self.menu.options,
            &mut self.menu.noise,
        ];
        for text in lists.into_iter().flatten() {
            *text = plain_words(text);
        }
    }

    fn section_of(&self, heading: &str) -> Option<(Section, bool)> {
        let is_in = |list: &[String]| list.iter().any(|known| known == heading);
        let own = [
            (Section::Username, &self.headings.username),
            (Section::Reason, &self.headings.reason),
            (Section::RecoveryCodes, &self.headings.recovery_codes),
            (Section::CodeOfConduct, &self.headings.code_of_conduct),
            (Section::Acknowledgement, &self.headings.acknowledgement),
        ];
        if let Some((section, _)) = own.into_iter().find(|(_, list)| is_in(list)) {
            return Some((section, false));
        }
        let foreign = [
            (Section::Username, &self.foreign.username),
            (Section::Reason, &self.foreign.reason),
            (Section::Foreign, &self.foreign.headings),
        ];
        foreign.into_iter().find(|(_, list)| is_in(list)).map(|(section, _)| (section, true))
    }

    fn box_of(&self, sentence: &str) -> Option<Section> {
        let fits = |list: &[String]| list.iter().any(|known| sentence.starts_with(known.as_str()));
        [
            (Section::RecoveryCodes, &self.boxes.recovery_codes),
            (Section::CodeOfConduct, &self.boxes.code_of_conduct),
            (Section::Acknowledgement, &self.boxes.acknowledgement),
        ]
        .into_iter()
        .find(|(_, list)| fits(list))
        .map(|(section, _)| section)
    }

    /// What a line of an answer is to its writer.
    pub fn kind_of_line(&self, line: &str) -> LineKind {
        if line.len() > 120 {
            LineKind::Answer
        } else if self.is_noise(line) {
            LineKind::Noise
        } else if self.is_menu_option(line) {
            LineKind::Option
        } else {
            LineKind::Answer
        }
    }

    /// Whether a line of an answer is one of the form's own reasons.
    pub fn is_menu_option(&self, line: &str) -> bool {
        let line = plain_words(line);
        self.menu.options.contains(&line)
    }

    /// Whether a line of an answer comes from the form and says nothing.
    pub fn is_noise(&self, line: &str) -> bool {
        let line = plain_words(line);
        self.menu.noise.contains(&line) || self.box_of(&line).is_some()
    }

    /// Whether a title says no more than the form's own.
    pub fn is_own_title(&self, title: &str) -> bool {
        let own = plain_words(&self.title);
        let title = plain_words(&title.replace("%20", " "));
        title.is_empty() || title == own || title == format!("{own} {own}")
    }
}

/// What a line of an answer is to its writer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    /// The writer's own.
    Answer,
    /// Chosen from the form's menu of reasons.
    Option,
    /// Brought by the form, and saying nothing.
    Noise,
}

/// One body taken apart; every piece is a slice of it.
#[derive(Debug, Clone)]
pub struct Sheet<'a> {
    /// The shape, by the headings that are there.
    pub kind: FormKind,
    /// What stands under the user name's heading.
    pub username: Option<Answer<'a>>,
    /// What stands under the reason's heading, or everything where there is no heading.
    pub reason: Answer<'a>,
    /// The boxes.
    pub checkboxes: Checkboxes,
}

/// What stands under a heading, in pieces of the body.
#[derive(Debug, Clone, Default)]
pub struct Answer<'a> {
    /// The pieces in order.
    pub blocks: Vec<&'a str>,
}

#[derive(Default)]
struct Parts {
    answers: BTreeMap<Section, Vec<std::ops::Range<usize>>>,
    before: Vec<std::ops::Range<usize>>,
    own_levels: Vec<(Section, usize)>,
    foreign_headings: usize,
    checkboxes: Checkboxes,
}

fn add(answer: &mut Vec<std::ops::Range<usize>>, range: std::ops::Range<usize>) {
    match answer.last_mut() {
        Some(last) if last.end == range.start => last.end = range.end,
        _ => answer.push(range),
    }
}

/// Takes a body apart. Line ends must be `\n`.
pub fn split<'a>(form: &Form, body: &'a str) -> Sheet<'a> {
    let parts = parts_of(form, body);
    let kind = shape_of(form, &parts);
    let answer = |ranges: &Vec<std::ops::Range<usize>>| Answer {
        blocks: ranges.iter().map(|range| &body[range.clone()]).collect(),
    };
    let username = parts.answers.get(&Section::Username).map(answer);
    let reason = match parts.answers.get(&Section::Reason) {
        Some(reason) => answer(reason),
        // Without a heading for it the reason is whatever stands outside the other sections.
        None => {
            let mut rest = answer(&parts.before);
            for section in [
                Section::RecoveryCodes,
                Section::CodeOfConduct,
                Section::Acknowledgement,
                Section::Foreign,
            ] {
                if let Some(ranges) = parts.answers.get(&section) {
                    rest.blocks.extend(answer(ranges).blocks);
                }
            }
            rest
        }
    };
    Sheet { kind, username, reason, checkboxes: parts.checkboxes }
}

fn parts_of(form: &Form, body: &str) -> Parts {
    let mut parts = Parts::default();
    let mut fences = Fences::default();
    let mut current: Option<Section> = None;
    let mut starts = vec![];
    let mut place = 0;
    let lines: Vec<&str> = body.split_inclusive('\n').map(|line| { starts.push(place); place += line.len(); line.trim_end_matches('\n') }).collect();
    starts.push(place);
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at];
        at += 1;
        let is_code = fences.covers(line);
        if !is_code && let Some(heading) = heading_at(form, &lines, at - 1) {
            current = Some(heading.section);
            parts.note(&heading);
            let end = starts[at];
            let answer = parts.answers.entry(heading.section).or_default();
            if !heading.rest.is_empty() {
                add(answer, end - 1 - heading.rest.len()..end);
            }
            at += heading.lines_below;
            continue;
        }
        if !is_code && let Some((section, is_ticked)) = box_at(form, line, current) {
            parts.tick(section, is_ticked);
            continue;
        }
        let answer = match current {
            Some(section) => parts.answers.entry(section).or_default(),
            None => &mut parts.before,
        };
        add(answer, starts[at - 1]..starts[at]);
    }
    parts
}

struct Heading<'a> {
    section: Section,
    is_foreign: bool,
    level: usize,
    rest: &'a str,
    lines_below: usize,
}

impl Parts {
    fn note(&mut self, heading: &Heading<'_>) {
        if heading.is_foreign {
            self.foreign_headings += 1;
        } else {
            self.own_levels.push((heading.section, heading.level));
        }
    }

    fn tick(&mut self, section: Section, is_ticked: bool) {
        let field = match section {
            Section::RecoveryCodes => &mut self.checkboxes.recovery_codes,
            Section::CodeOfConduct => &mut self.checkboxes.code_of_conduct,
            Section::Acknowledgement => &mut self.checkboxes.acknowledgement,
            Section::Username | Section::Reason | Section::Foreign => return,
        };
        *field = Some(is_ticked);
    }
}

/// Reads a heading of a known name, ATX (`### Name`) or Setext (`Name` over a line of marks).
fn heading_at<'a>(form: &Form, lines: &[&'a str], at: usize) -> Option<Heading<'a>> {
    let line = lines[at];
    let indent = line.len() - line.trim_start_matches(' ').len();
    let text = line.trim();
    if indent > 3 || text.len() > 200 {
        return None;
    }
    let level = text.chars().take_while(|&character| character == '#').count();
    if level > 0 && level <= 6 {
        return named_heading(form, &text[level..], level);
    }
    let below = lines.get(at + 1).map(|below| below.trim()).unwrap_or_default();
    let is_setext = below.len() >= 3 && is_rule(below) && below.starts_with(['=', '-']);
    if !is_setext || text.is_empty() {
        return None;
    }
    let level = if below.starts_with('=') { 1 } else { 2 };
    let heading = named_heading(form, text, level)?;
    heading.rest.is_empty().then_some(Heading { lines_below: 1, ..heading })
}

/// The section a heading names; an answer may follow on the same line after a colon.
fn named_heading<'a>(form: &Form, text: &'a str, level: usize) -> Option<Heading<'a>> {
    if let Some((section, is_foreign)) = form.section_of(&plain_words(text)) {
        return Some(Heading { section, is_foreign, level, rest: "", lines_below: 0 });
    }
    let (name, rest) = text.split_once(':')?;
    let (section, is_foreign) = form.section_of(&plain_words(name))?;
    Some(Heading { section, is_foreign, level, rest: rest.trim(), lines_below: 0 })
}

/// A box of the form: `- [x] sentence`, by its sentence or by the section it stands in.
fn box_at(form: &Form, line: &str, current: Option<Section>) -> Option<(Section, bool)> {
    let text = line.trim().trim_start_matches(['-', '*', '+']).trim_start();
    let text = text.trim_start_matches('\\');
    let inside = text.strip_prefix('[')?;
    let (mark, sentence) = inside.split_once(']')?;
    let mark = mark.trim_matches(['\\', ' ', '\u{a0}', '_']);
    if mark.chars().count() > 1 || sentence.starts_with('(') {
        return None;
    }
    let is_ticked = !mark.is_empty();
    let sentence = plain_words(&without_link_targets(sentence));
    match form.box_of(&sentence) {
        Some(section) => Some((section, is_ticked)),
        None => match current? {
            section @ (Section::RecoveryCodes
            | Section::CodeOfConduct
            | Section::Acknowledgement) => Some((section, is_ticked)),
            Section::Username | Section::Reason | Section::Foreign => None,
        },
    }
}

fn without_link_targets(sentence: &str) -> String {
    let mut kept = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while let Some(start) = rest.find("](") {
        kept.push_str(&rest[..start]);
        rest = rest[start..].split_once(')').map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    kept
}

fn shape_of(form: &Form, parts: &Parts) -> FormKind {
    if parts.foreign_headings >= FOREIGN_HEADINGS_MIN {
        return FormKind::OtherForm;
    }
    let has = |section: Section, level: Option<usize>| {
        parts
            .own_levels
            .iter()
            .any(|&(own, own_level)| own == section && level.is_none_or(|level| level == own_level))
    };
    form.shapes
        .iter()
        .find(|shape| shape.needs.iter().all(|&section| has(section, shape.level)))
        .map_or(FormKind::Freeform, |shape| shape.kind)
}
