//! What the fields of a repository's own issue form mean, and the form that knows them.
//!
//! The words are in the `[fields]` table of the form file. What the built-in form knows stays
//! known: an issue keeps the form it was filed with.

use serde::Deserialize;

use super::plain::Plain;
use super::schema::{FieldKind, FormField, IssueForm};
use super::{Form, Known, Named, Section};

/// Words by which fields are told apart, as plain words.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Fields {
    about: Vec<String>,
    username: Words,
    reason: Words,
    recovery_codes: Words,
    code_of_conduct: Words,
    acknowledgement: Words,
}

/// Words for one section.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Words {
    ids: Vec<String>,
    labels: Vec<String>,
    never: Vec<String>,
}

/// This many labels of another form make a form another one.
const FOREIGN_LABELS_MIN: usize = 2;

impl Form {
    /// Whether a form asks for what this one asks for: its labels name the account and the reason.
    pub fn is_about(&self, schema: &IssueForm) -> bool {
        let meanings = self.meanings(schema);
        let has = |wanted| meanings.contains(&Some(wanted));
        let foreign = schema.fields.iter().filter(|field| self.is_foreign(&field.label)).count();
        has(Section::Username) && has(Section::Reason) && foreign < FOREIGN_LABELS_MIN
    }

    /// This form with the headings, options and boxes of the repository's own, if it is about the
    /// same; else with its labels as the headings of another form.
    pub fn with_schema(&self, schema: &IssueForm) -> Form {
        let mut form = self.clone();
        if self.is_about(schema) {
            form.take_in(schema);
        } else {
            form.keep_apart(schema);
        }
        form
    }

    /// This form with all forms of a repository. Where several ask for account and reason, those
    /// that speak of recovery are meant, if any does.
    pub fn with_schemas(&self, schemas: &[IssueForm]) -> Form {
        let (about, others): (Vec<_>, Vec<_>) =
            schemas.iter().partition(|schema| self.is_about(schema));
        let (named, unnamed): (Vec<&IssueForm>, Vec<&IssueForm>) =
            about.into_iter().partition(|schema| self.speaks_of_it(schema));
        let (own, apart) = if named.is_empty() { (unnamed, named) } else { (named, unnamed) };
        let mut form = self.clone();
        own.into_iter().for_each(|schema| form.take_in(schema));
        // Own forms first: a label that both have is ours.
        others.into_iter().chain(apart).for_each(|schema| form.keep_apart(schema));
        form
    }

    fn is_foreign(&self, label: &str) -> bool {
        self.known.heading(label).is_some_and(|named| named.is_foreign)
    }

    fn speaks_of_it(&self, schema: &IssueForm) -> bool {
        let labels = schema.fields.iter().map(|field| &field.label);
        let mut texts =
            [&schema.name, &schema.title, &schema.description].into_iter().chain(labels);
        texts.any(|text| says_any(text, &self.fields.about))
    }

    /// The section each field means: by the built-in headings, else by its id, else by its label.
    fn meanings(&self, schema: &IssueForm) -> Vec<Option<Section>> {
        let mut meanings = vec![None; schema.fields.len()];
        let ways: [fn(&Form, &FormField, Section) -> bool; 3] =
            [Form::is_headed, Form::is_identified, Form::is_described];
        for way in ways {
            for (field, meaning) in schema.fields.iter().zip(0..) {
                let taken = meanings.contains(&Some(Section::Username));
                let fits = |section: &Section| {
                    (*section != Section::Username || !taken) && way(self, field, *section)
                };
                if meanings[meaning].is_none() {
                    meanings[meaning] = sections_for(&field.kind).iter().copied().find(fits);
                }
            }
        }
        meanings
    }

    fn is_headed(&self, field: &FormField, section: Section) -> bool {
        let named = self.known.heading(&field.label);
        named.is_some_and(|named| !named.is_foreign && named.section == section)
    }

    fn is_identified(&self, field: &FormField, section: Section) -> bool {
        self.fields.words(section).is_some_and(|words| {
            says_any(&field.id, &words.ids) && !says_any(&field.label, &words.never)
        })
    }

    fn is_described(&self, field: &FormField, section: Section) -> bool {
        self.fields.words(section).is_some_and(|words| {
            says_any(&field.label, &words.labels) && !says_any(&field.label, &words.never)
        })
    }

    fn take_in(&mut self, schema: &IssueForm) {
        let meanings = self.meanings(schema);
        for (field, meaning) in schema.fields.iter().zip(meanings) {
            if field.kind == FieldKind::Markdown {
                continue;
            }
            let section = meaning.unwrap_or(Section::Other);
            let named = Named { section, is_foreign: false, is_rendered: field.is_rendered };
            self.known.set_heading(named, &field.label);
            if field.kind == FieldKind::Checkboxes {
                for option in &field.options {
                    let section = self.box_section(option, section);
                    self.known.add_box(section, option);
                }
            } else {
                field.options.iter().for_each(|option| self.known.add_option(option));
                self.known.add_texts_of(field);
            }
        }
        if !schema.title.is_empty() {
            self.known.add_title(&schema.title);
        }
    }

    /// The section of a box: by its sentence, else by the label it stands under.
    fn box_section(&self, sentence: &str, under: Section) -> Section {
        let by_words = |section: &Section| {
            self.fields.words(*section).is_some_and(|words| says_any(sentence, &words.labels))
        };
        let known = self.known.box_by(sentence).filter(|known| *known != Section::Other);
        known.or_else(|| BOXES.iter().copied().find(by_words)).unwrap_or(match under {
            Section::RecoveryCodes => Section::RecoveryCodes,
            Section::CodeOfConduct => Section::CodeOfConduct,
            Section::Acknowledgement
            | Section::Username
            | Section::Reason
            | Section::Other
            | Section::Foreign => Section::Other,
        })
    }

    fn keep_apart(&mut self, schema: &IssueForm) {
        let meanings = self.meanings(schema);
        for (field, meaning) in schema.fields.iter().zip(meanings) {
            let section = match meaning {
                Some(section @ (Section::Username | Section::Reason)) => section,
                _ => Section::Foreign,
            };
            if field.kind != FieldKind::Markdown {
                let named = Named { section, is_foreign: true, is_rendered: field.is_rendered };
                self.known.add_headings(named, std::slice::from_ref(&field.label));
            }
        }
    }
}

const BOXES: [Section; 3] =
    [Section::RecoveryCodes, Section::CodeOfConduct, Section::Acknowledgement];

/// What a field of this kind can mean, the likeliest first.
fn sections_for(kind: &FieldKind) -> &'static [Section] {
    match kind {
        FieldKind::Markdown => &[],
        FieldKind::Input => &[Section::Username, Section::Reason],
        FieldKind::Textarea => &[Section::Reason, Section::Username],
        FieldKind::Dropdown => &[Section::Reason],
        FieldKind::Checkboxes => &BOXES,
        FieldKind::Unknown(_) => &[
            Section::Username,
            Section::Reason,
            Section::RecoveryCodes,
            Section::CodeOfConduct,
            Section::Acknowledgement,
        ],
    }
}

/// Whether a text has one of these words, or words that begin like it.
fn says_any(text: &str, words: &[String]) -> bool {
    let plain = Plain::of(text);
    let plain = [b" ", plain.as_bytes()].concat();
    words.iter().any(|word| {
        let word = [b" ", word.as_bytes()].concat();
        plain.windows(word.len()).any(|window| window == word)
    })
}

impl Fields {
    fn words(&self, section: Section) -> Option<&Words> {
        match section {
            Section::Username => Some(&self.username),
            Section::Reason => Some(&self.reason),
            Section::RecoveryCodes => Some(&self.recovery_codes),
            Section::CodeOfConduct => Some(&self.code_of_conduct),
            Section::Acknowledgement => Some(&self.acknowledgement),
            Section::Other | Section::Foreign => None,
        }
    }
}

impl Known {
    /// The repository's own word for a section; a heading of the built-in form keeps its meaning.
    fn set_heading(&mut self, named: Named, label: &str) {
        let is_own = |known: &Named| !known.is_foreign && known.section != Section::Other;
        let kept = self.heading(label).filter(is_own).map(|known| known.section);
        let named = Named { section: kept.unwrap_or(named.section), ..named };
        let plain = Plain::of(label);
        self.headings.remove(plain.as_bytes());
        self.written_headings
            .retain(|written, _| Plain::of(written).as_bytes() != plain.as_bytes());
        self.add_headings(named, std::slice::from_ref(&label.to_owned()));
    }

    /// Lines that the form brings into an answer, or that somebody copies into it.
    fn add_texts_of(&mut self, field: &FormField) {
        let texts = [&field.placeholder, &field.value, &field.description];
        for line in texts.into_iter().flat_map(|text| text.lines()) {
            if !self.options.contains(Plain::of(line).as_bytes()) {
                self.add_noise(line);
            }
        }
        if field.kind == FieldKind::Dropdown && !field.is_required {
            self.add_noise("None");
        }
    }
}
