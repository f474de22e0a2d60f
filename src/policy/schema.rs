//! The JSON Schema of a file, for editors: made of the table that checks it ([`super::keys`]) and of
//! the comments of its manual.
//!
//! What it refuses the check refuses too; what holds between keys only the check knows. A file is
//! one layer among others, so nothing must be there but what a later layer would replace whole.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::keys::{Key, Merge, POLICY, Shape};
use super::layers::BUILT_IN;
use super::manual;
use super::sort::{Look, Sort};
use super::tree::ENTRIES_MAX;

/// One line without control characters that is not only blank.
const LINE: &str = r"^[^\u0000-\u001F\u007F-\u009F]*[^\s\u0000-\u001F\u007F-\u009F][^\u0000-\u001F\u007F-\u009F]*$";
const LINE_OR_NOTHING: &str = r"^([^\u0000-\u001F\u007F-\u009F]*[^\s\u0000-\u001F\u007F-\u009F][^\u0000-\u001F\u007F-\u009F]*)?$";

const UNITS: [&str; 6] = ["second", "minute", "hour", "day", "working day", "week"];

/// The JSON Schema (draft 2020-12) of a policy file.
pub fn schema() -> Value {
    let title = "The policy of a desk: config/policy.toml, or .github/keydesk.toml in a repository";
    let built_in = BUILT_IN.parse().unwrap_or_default();
    write(title, &POLICY, (manual::descriptions(BUILT_IN), built_in))
}

/// The JSON Schema of a file of this shape, with what is said of its keys, and what holds without it.
pub(crate) fn write(
    title: &str,
    shape: &Shape,
    (about, built_in): (BTreeMap<String, String>, toml::Table),
) -> Value {
    let mut schema = Writer { about, built_in }.shape(shape, "", Extent::Layer);
    schema.insert("$schema".into(), "https://json-schema.org/draft/2020-12/schema".into());
    schema.insert("title".into(), title.into());
    Value::Object(schema)
}

/// Whether a table is merged with one below, so that it need not be complete.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// Each layer says what is different.
    Layer,
    /// It is replaced whole.
    Whole,
}

struct Writer {
    about: BTreeMap<String, String>,
    built_in: toml::Table,
}

impl Writer {
    fn shape(&self, shape: &Shape, path: &str, extent: Extent) -> Map<String, Value> {
        let schema = match shape {
            Shape::Text(sort) => text(*sort),
            Shape::Plain(_) => json!({"type": ["string", "integer"]}),
            Shape::Number(least, most) => {
                json!({"type": "integer", "minimum": least, "maximum": most})
            }
            Shape::Word(words) => json!({"type": "string", "enum": words}),
            Shape::Table(keys) => return self.table(keys, path, extent),
            Shape::Named(sort, of) => json!({
                "type": "object",
                "propertyNames": text(*sort),
                "additionalProperties": self.shape(of, path, extent),
            }),
            Shape::List(of) => json!({
                "type": "array",
                "maxItems": ENTRIES_MAX,
                "items": self.shape(of, path, Extent::Whole),
            }),
            Shape::Entries { keys, identity, merge } => {
                let entry = match merge {
                    Merge::Replace => self.table(keys, path, Extent::Whole),
                    Merge::ByIdentity => {
                        let mut entry = self.table(keys, path, Extent::Layer);
                        entry.insert("required".into(), json!([identity]));
                        entry
                    }
                };
                json!({"type": "array", "maxItems": ENTRIES_MAX, "items": entry})
            }
        };
        match schema {
            Value::Object(schema) => schema,
            _ => Map::new(),
        }
    }

    fn table(&self, keys: &[Key], path: &str, extent: Extent) -> Map<String, Value> {
        let mut properties = Map::new();
        for key in keys {
            properties.insert(key.name.to_owned(), Value::Object(self.key(key, path, extent)));
        }
        let mut schema = Map::new();
        schema.insert("type".into(), "object".into());
        schema.insert("properties".into(), Value::Object(properties));
        schema.insert("additionalProperties".into(), false.into());
        if extent == Extent::Whole {
            let needed: Vec<&str> =
                keys.iter().filter(|key| key.needed).map(|key| key.name).collect();
            schema.insert("required".into(), json!(needed));
        }
        schema
    }

    fn key(&self, key: &Key, path: &str, extent: Extent) -> Map<String, Value> {
        let path =
            if path.is_empty() { key.name.to_owned() } else { format!("{path}.{}", key.name) };
        let mut schema = self.shape(&key.shape, &path, extent);
        if let Some(about) = self.about.get(&path) {
            schema.insert("description".into(), about.as_str().into());
        }
        let is_told_by_value = match key.shape {
            Shape::Text(_)
            | Shape::Plain(_)
            | Shape::Number(..)
            | Shape::Word(_)
            | Shape::List(_) => true,
            Shape::Table(_) | Shape::Named(..) | Shape::Entries { .. } => false,
        };
        let built_in = self.built_in(&path).and_then(|value| serde_json::to_value(value).ok());
        if let Some(value) = built_in.filter(|_| is_told_by_value) {
            schema.insert("default".into(), value);
        }
        schema
    }

    /// The value of the built-in policy, as far as it stands in tables.
    fn built_in(&self, path: &str) -> Option<&toml::Value> {
        let (first, rest) =
            path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
        let value = self.built_in.get(first)?;
        rest.map_or(Some(value), |rest| {
            rest.split('.').try_fold(value, |value, key| value.as_table()?.get(key))
        })
    }
}

fn text(sort: Sort) -> Value {
    match sort.look() {
        Look::Free => json!({"type": "string"}),
        Look::Line(characters_max) => {
            json!({"type": "string", "maxLength": characters_max, "pattern": LINE})
        }
        Look::LineOrNothing(characters_max) => {
            json!({"type": "string", "maxLength": characters_max, "pattern": LINE_OR_NOTHING})
        }
        Look::Pattern(pattern) => json!({"type": "string", "pattern": pattern}),
        Look::PatternBut(pattern, words) => {
            json!({"type": "string", "pattern": pattern, "not": {"enum": words}})
        }
        Look::Words(words) => json!({"type": "string", "enum": words}),
        Look::Span => json!({"type": "string", "pattern": format!("^{}$", span())}),
        Look::SpanOrNever => {
            json!({"type": "string", "pattern": format!("^(never|{})$", span())})
        }
    }
}

/// A number and a unit, in letters of either size: no dialect has a common way to say that.
fn span() -> String {
    let either = |unit: &str| -> String {
        let each = |letter: char| match letter {
            ' ' => r"\s+".to_owned(),
            letter => format!("[{}{letter}]", letter.to_ascii_uppercase()),
        };
        unit.chars().map(each).collect()
    };
    let units: Vec<String> = UNITS.iter().map(|unit| either(unit)).collect();
    format!(r"\s*0*[1-9][0-9]*\s*({})[Ss]?\s*", units.join("|"))
}
