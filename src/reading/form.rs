//! Takes an issue body apart by the headings of a form, whatever happened to them on the way.
//!
//! A [`Form`] comes from `config/forms/<name>.toml`; [`split()`] gives the [`Sheet`] of one body: its
//! shape, the answer under each heading, and the boxes, all of them slices of that body. Headings
//! inside fences and quotes are none, unknown headings inside an answer belong to the answer,
//! doubled headings go on with the same section.

pub mod kinds;
mod lines;
mod meaning;
mod plain;
pub mod schema;
mod sheet;
mod split;

use std::sync::{Arc, LazyLock};

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use super::FormKind;
use kinds::Kinds;
use meaning::Fields;
use plain::{Beginnings, COMPARED_BYTES_MAX, Plain};
pub use sheet::{Answer, Field, Heading, Sheet, Tick, Ticks};
pub use split::split;

/// One kind of request: the headings and sentences of every shape its form had.
#[derive(Debug, Clone)]
pub struct Form {
    /// The file's name without its ending.
    pub name: String,
    /// The title the form proposes; a title that says no more is not read as prose.
    pub title: String,
    shapes: Vec<Shape>,
    known: Known,
    fields: Fields,
    /// Other kinds of requests, if there are any.
    kinds: Option<Arc<Kinds>>,
}

/// What the form's texts mean, each as its plain words.
#[derive(Debug, Clone, Default)]
struct Known {
    headings: FxHashMap<Box<[u8]>, Named>,
    /// The same as the form writes them, and so most people leave them.
    written_headings: FxHashMap<Box<str>, Named>,
    boxes: Vec<KnownBox>,
    options: FxHashSet<Box<[u8]>>,
    noise: FxHashSet<Box<[u8]>>,
    titles: FxHashSet<Box<[u8]>>,
    /// How headings begin.
    heading_beginnings: Beginnings,
    /// How options, noise and boxes begin.
    beginnings: Beginnings,
    /// Bytes of the longest heading, box, and option or noise: longer texts need no comparing.
    heading_longest: usize,
    box_longest: usize,
    line_longest: usize,
}

/// The sentence behind a box.
#[derive(Debug, Clone)]
struct KnownBox {
    section: Section,
    /// As the form writes it, and so most people leave it.
    written: Box<str>,
    plain: Box<[u8]>,
}

/// The section a heading names, and whether another form names it so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Named {
    section: Section,
    is_foreign: bool,
    /// Whether its answer comes in a fence of code.
    is_rendered: bool,
}

/// A form file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FormFile {
    name: String,
    title: String,
    shapes: Vec<Shape>,
    headings: Headings,
    #[serde(default)]
    foreign: Foreign,
    boxes: Boxes,
    #[serde(default)]
    menu: Menu,
    #[serde(default)]
    fields: Fields,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
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
    /// A field of this form that is none of the above.
    Other,
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

/// What a line of an answer is to its writer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    /// The writer's own.
    Answer,
    /// Chosen from the form's own reasons.
    Option,
    /// Brought by the form, and saying nothing.
    Noise,
}

/// What is wrong with a form file, and where, in one line.
fn placed(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |start| start.chars().count()) + 1;
    format!("line {line}, column {column}: {}", error.message())
}

static BUILT_IN: LazyLock<Form> = LazyLock::new(|| {
    Form::parse(include_str!("../../config/forms/account-recovery.toml"))
        .expect("the built-in form is tested")
});

impl Form {
    /// Reads a form file; the error says what is wrong and where.
    pub fn parse(toml_text: &str) -> Result<Form, String> {
        let file: FormFile =
            toml::from_str(toml_text).map_err(|error| placed(toml_text, &error))?;
        if file.headings.username.is_empty() && file.headings.reason.is_empty() {
            return Err("[headings]: neither `username` nor `reason` has a heading".to_owned());
        }
        let mut known = Known::default();
        known.add_title(&file.title);
        let (own, foreign, boxes) = (&file.headings, &file.foreign, &file.boxes);
        for (section, texts) in [
            (Section::Username, &own.username),
            (Section::Reason, &own.reason),
            (Section::RecoveryCodes, &own.recovery_codes),
            (Section::CodeOfConduct, &own.code_of_conduct),
            (Section::Acknowledgement, &own.acknowledgement),
        ] {
            known.add_headings(Named { section, is_foreign: false, is_rendered: false }, texts);
        }
        for (section, texts) in [
            (Section::Username, &foreign.username),
            (Section::Reason, &foreign.reason),
            (Section::Foreign, &foreign.headings),
        ] {
            known.add_headings(Named { section, is_foreign: true, is_rendered: false }, texts);
        }
        for (section, texts) in [
            (Section::RecoveryCodes, &boxes.recovery_codes),
            (Section::CodeOfConduct, &boxes.code_of_conduct),
            (Section::Acknowledgement, &boxes.acknowledgement),
        ] {
            texts.iter().for_each(|text| known.add_box(section, text));
        }
        file.menu.options.iter().for_each(|text| known.add_option(text));
        file.menu.noise.iter().for_each(|text| known.add_noise(text));
        let FormFile { name, title, shapes, fields, .. } = file;
        Ok(Form { name, title, shapes, known, fields, kinds: None })
    }

    /// The account-recovery form that is part of the program.
    pub fn built_in() -> Form {
        BUILT_IN.clone()
    }

    /// What a line of an answer is to its writer. Several of the form's reasons on one line, with
    /// commas between, are chosen too.
    pub fn kind_of_line(&self, line: &str) -> LineKind {
        let known = &self.known;
        if !known.beginnings.may_hold(line) {
            return LineKind::Answer;
        }
        let plain = known.plain_line(line);
        let is_option = |text: &str| known.options.contains(known.plain_line(text).as_bytes());
        if known.noise.contains(plain.as_bytes()) || known.box_of(&plain).is_some() {
            LineKind::Noise
        } else if known.options.contains(plain.as_bytes())
            || line.contains(", ") && line.split(", ").all(is_option)
        {
            LineKind::Option
        } else {
            LineKind::Answer
        }
    }

    /// Whether a title says no more than the form's own.
    pub fn is_own_title(&self, title: &str) -> bool {
        if title == self.title {
            return true;
        }
        let mut plain = Plain::of("");
        for piece in title.split("%20") {
            plain.extend(piece);
            plain.extend(" ");
            if plain.is_full() {
                break;
            }
        }
        plain.as_bytes().is_empty() || self.known.titles.contains(plain.as_bytes())
    }
}

impl Known {
    fn heading(&self, text: &str) -> Option<Named> {
        if let Some(&named) = self.written_headings.get(text.trim_ascii()) {
            return Some(named);
        }
        if !self.heading_beginnings.may_hold(text) {
            return None;
        }
        let plain = Plain::beginning_of(text, self.heading_longest);
        self.headings.get(plain.as_bytes()).copied()
    }

    fn plain_line(&self, line: &str) -> Plain {
        Plain::beginning_of(line, self.line_longest.max(self.box_longest))
    }

    fn box_by(&self, sentence: &str) -> Option<Section> {
        let sentence = sentence.trim_start();
        let is_left = |known: &&KnownBox| sentence.starts_with(&*known.written);
        match self.boxes.iter().find(is_left) {
            Some(known) => Some(known.section),
            None => self.box_of(&Plain::of_sentence(sentence, self.box_longest)),
        }
    }

    fn box_of(&self, sentence: &Plain) -> Option<Section> {
        let sentence = sentence.as_bytes();
        let known = self.boxes.iter().find(|known| sentence.starts_with(&known.plain))?;
        Some(known.section)
    }

    /// What has a meaning keeps it.
    fn add_headings(&mut self, named: Named, texts: &[String]) {
        for text in texts {
            let plain = Plain::of(text);
            if !plain.as_bytes().is_empty() {
                self.heading_beginnings.note(plain.as_bytes());
                self.heading_longest = self.heading_longest.max(plain.as_bytes().len());
                let kept = *self.headings.entry(plain.as_bytes().into()).or_insert(named);
                self.written_headings.insert(text.trim_ascii().into(), kept);
            }
        }
    }

    /// What begins like a box that is known stays that box.
    fn add_box(&mut self, section: Section, text: &str) {
        let plain = Plain::of_sentence(text, COMPARED_BYTES_MAX);
        if !plain.as_bytes().is_empty() && self.box_of(&plain).is_none() {
            self.box_longest = self.box_longest.max(plain.as_bytes().len());
            self.beginnings.note(plain.as_bytes());
            let (written, plain) = (text.trim().into(), plain.as_bytes().into());
            self.boxes.push(KnownBox { section, written, plain });
        }
    }

    fn add_option(&mut self, text: &str) {
        let plain = self.noted(text);
        self.options.insert(plain);
    }

    fn add_noise(&mut self, text: &str) {
        let plain = self.noted(text);
        if !plain.is_empty() {
            self.noise.insert(plain);
        }
    }

    fn noted(&mut self, text: &str) -> Box<[u8]> {
        let plain = Plain::of(text);
        self.line_longest = self.line_longest.max(plain.as_bytes().len());
        self.beginnings.note(plain.as_bytes());
        plain.as_bytes().into()
    }

    /// A title; browsers and people send it doubled, too.
    fn add_title(&mut self, text: &str) {
        let mut plain = Plain::of(text);
        self.titles.insert(plain.as_bytes().into());
        plain.extend(" ");
        plain.extend(text);
        self.titles.insert(plain.as_bytes().into());
    }
}
