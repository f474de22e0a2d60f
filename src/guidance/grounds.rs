//! What each sentence rests on: the comment at the end of its line names entries of `sources.toml`.
//!
//! In a template, `… sentence.{# codes-shown-once, codes-hashed #}` rests on these two; `desk`
//! stands for the desk's own word, which states no fact of the service. Such a comment is no part
//! of the text: it is taken out before the template is compiled, so that the line still ends.

use serde::{Deserialize, Serialize};

use super::built_in;

/// What stands for the desk's own word.
const DESK: &str = "desk";

/// One thing that texts rely on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What templates call it.
    pub id: String,
    /// Path in Warehouse, where its code is the ground.
    pub file: Option<String>,
    /// Address of the issue, post or policy, where that is the ground.
    pub url: Option<String>,
    /// The words relied on: verbatim in `file`, or in our words for an address.
    pub text: String,
    /// Whether the words were read in the file; if not, they are ours.
    #[serde(default = "yes")]
    pub seen: bool,
}

fn yes() -> bool {
    true
}

/// A line of a text and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ground {
    /// Name of the template file.
    pub file: &'static str,
    /// Line in it, from 1.
    pub line: usize,
    /// What a reader sees of the line, tags taken out.
    pub sentence: String,
    /// Entries of the list, `desk` left out.
    pub ids: Vec<String>,
    /// Whether the line names no ground at all, not even `desk`.
    pub is_bare: bool,
}

#[derive(Deserialize)]
struct List {
    source: Vec<Source>,
}

/// Everything the texts rely on.
pub fn sources() -> Vec<Source> {
    let list: List = toml::from_str(built_in::sources()).expect("a test reads the built-in list");
    list.source
}

/// Every line of the English texts that says something, with its grounds; headings say nothing.
pub fn grounds() -> Vec<Ground> {
    let english = built_in::texts().filter(|(file, _)| super::base_topic(file).is_some());
    english.flat_map(|(file, source)| in_file(file, source)).collect()
}

fn in_file(file: &'static str, source: &str) -> Vec<Ground> {
    let shown = without_tags(source);
    let mut found = Vec::new();
    for (at, (line, shown)) in source.lines().zip(shown.lines()).enumerate() {
        let sentence = shown.trim();
        if sentence.is_empty() || sentence.starts_with('#') {
            continue;
        }
        let named = split(line).map(|(_, ids)| ids);
        let ids = named.unwrap_or_default().split(',').map(str::trim).filter(|id| !id.is_empty());
        found.push(Ground {
            file,
            line: at + 1,
            sentence: sentence.to_owned(),
            ids: ids.filter(|id| *id != DESK).map(str::to_owned).collect(),
            is_bare: named.is_none(),
        });
    }
    found
}

/// The template without the comments that name grounds; every place in it stays where it was.
pub(super) fn without(source: &str) -> String {
    let mut kept = String::with_capacity(source.len());
    for line in source.split_inclusive('\n') {
        match split(line) {
            Some((text, _)) => {
                kept.push_str(text);
                kept.push_str(if line.ends_with('\n') { "\n" } else { "" });
            }
            None => kept.push_str(line),
        }
    }
    kept
}

/// The text of a line and what the comment at its end says; a comment alone names no ground.
fn split(line: &str) -> Option<(&str, &str)> {
    let (text, said) = line.trim_end().strip_suffix("#}")?.rsplit_once("{#")?;
    (!text.trim().is_empty()).then_some((text, said))
}

/// What is left outside of tags and comments, line by line; what shows a fact is left as `…`.
fn without_tags(source: &str) -> String {
    let mut shown = String::new();
    let mut rest = source;
    while let Some(start) = rest.find(['{']) {
        let (before, tag) = rest.split_at(start);
        shown.push_str(before);
        let end = match tag.get(..2) {
            Some("{%") => "%}",
            Some("{#") => "#}",
            Some("{{") => "}}",
            _ => {
                shown.push('{');
                rest = &tag[1..];
                continue;
            }
        };
        if end == "}}" {
            shown.push('…');
        }
        let length = tag.find(end).map_or(tag.len(), |at| at + end.len());
        shown.extend(tag[..length].chars().filter(|character| *character == '\n'));
        rest = &tag[length..];
    }
    shown.push_str(rest);
    shown
}
