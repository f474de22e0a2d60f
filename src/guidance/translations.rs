//! Texts in other languages: which English text each follows, and how a comment shows both.
//!
//! A translation's first line is `{# follows card.md 3f9a0c11b2de #}`: the name of the English
//! file and the first twelve digits of its SHA-256. When the English changes, the translation is
//! refused until somebody has read it again.

use std::collections::BTreeSet;

use minijinja::Environment;
use sha2::{Digest, Sha256};

use super::{Guidance, TemplateProblem, base_topic, topic_of};
use crate::triage::text::Facts;

const HASH_DIGITS: usize = 12;

/// Texts for the people who run the desk, and one that speaks every language itself.
const ENGLISH_ONLY: &[&str] =
    &["english", "escalated", "no-permission", "policy-problem", "refused"];

/// What a translation says it follows: the file, and its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Followed {
    file: String,
    hash: String,
}

/// The first digits of the hash of a file.
pub(super) fn hash(source: &str) -> String {
    hex::encode(Sha256::digest(source.as_bytes()))[..HASH_DIGITS].to_owned()
}

/// What the first line says, if it says it.
pub(super) fn followed(source: &str) -> Option<Followed> {
    let line = source.lines().next()?.trim();
    let said = line.strip_prefix("{#")?.strip_suffix("#}")?.trim().strip_prefix("follows ")?;
    let (file, hash) = said.trim().split_once(' ')?;
    Some(Followed { file: file.to_owned(), hash: hash.trim().to_owned() })
}

/// The language in which this person reads the text before the English, if there is one.
pub(super) fn language_of<'a>(
    environment: &Environment<'_>,
    topic: &str,
    facts: &'a Facts,
) -> Option<&'a str> {
    // The language is the requester's; help for somebody else may be for anybody.
    let is_for_others =
        topic == "help" && !facts.speaker.is_empty() && facts.speaker != facts.requester;
    if ENGLISH_ONLY.contains(&topic) || is_for_others {
        return None;
    }
    let language = facts.language.as_str();
    environment.get_template(&format!("{topic}.{language}.md")).is_ok().then_some(language)
}

/// Both languages in one comment: the reader's first, English folded up below it.
pub(super) fn beside(translated: &str, english: &str) -> String {
    if translated.is_empty() || english.is_empty() {
        return format!("{translated}{english}");
    }
    format!("{translated}\n\n<details><summary>English</summary>\n\n{english}\n\n</details>")
}

/// Translations that do not follow the English text in force, in the order of their names.
pub(super) fn problems(guidance: &Guidance) -> Vec<TemplateProblem> {
    let added = guidance.operators.iter().filter(|file| base_topic(file).is_none());
    let files: BTreeSet<&String> = guidance.follows.keys().chain(added).collect();
    files.into_iter().filter_map(|file| problem(guidance, file)).collect()
}

fn problem(guidance: &Guidance, file: &str) -> Option<TemplateProblem> {
    let topic = topic_of(file);
    if ENGLISH_ONLY.contains(&topic) {
        let what = format!("{topic}.md is said in English only");
        return Some(TemplateProblem::of_file(file, what, "remove this file"));
    }
    let Some(hash) = guidance.hashes.get(topic) else {
        let what = format!("translates {topic}.md, which does not exist");
        return Some(TemplateProblem::of_file(file, what, "add that text for everybody else"));
    };
    let english = format!("{topic}.md");
    let (what, cure) = match guidance.follows.get(file) {
        Some(followed) if followed.file == english && followed.hash == *hash => return None,
        Some(followed) if followed.file == english => (
            "the English text changed".to_owned(),
            format!("read {english} again, then write `{{# follows {english} {hash} #}}`"),
        ),
        Some(followed) => (
            format!("follows {}, which is another text", followed.file),
            format!("write `{{# follows {english} {hash} #}}` in the first line"),
        ),
        None => (
            format!("does not say which {english} it follows"),
            format!("write `{{# follows {english} {hash} #}}` in the first line"),
        ),
    };
    Some(TemplateProblem { line: Some(1), ..TemplateProblem::of_file(file, what, &cure) })
}
