//! Texts: every one renders, is tidy and is listed. What they say is tested in the files beside.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use keydesk::guidance::{Guidance, samples};
use keydesk::triage::text::{Facts, Text};
use pulldown_cmark::{Event, Options, Parser, TagEnd};

mod cards;
mod overrides;
mod people;
mod sources;
mod translations;
mod truth;

fn text(template: &str, facts: Facts) -> Text {
    Text { template: template.to_owned(), facts }
}

static GUIDANCE: LazyLock<Guidance> = LazyLock::new(Guidance::built_in);

fn render(template: &str, facts: Facts) -> String {
    GUIDANCE.render(&text(template, facts)).expect("it renders")
}

/// Every built-in text with every sample of its own: name, facts, Markdown.
fn all_texts() -> Vec<(String, Facts, String)> {
    let guidance = Guidance::built_in();
    let mut all = Vec::new();
    for name in guidance.names() {
        for facts in samples(name) {
            let markdown = guidance.render(&text(name, facts.clone())).expect(name);
            all.push((name.to_owned(), facts, markdown));
        }
    }
    all
}

const BEGIN_ENGLISH: &str = "\n\n<details><summary>English</summary>\n\n";

const END_ENGLISH: &str = "\n\n</details>";

/// The translation and the English of a comment in two languages.
fn halves(whole: &str) -> Option<(&str, &str)> {
    let (translated, rest) = whole.split_once(BEGIN_ENGLISH)?;
    Some((translated, rest.strip_suffix(END_ENGLISH).expect("the English is folded up last")))
}

/// What a comment says in English, whatever else it says.
fn english_of(whole: &str) -> &str {
    halves(whole).map_or(whole, |(_, english)| english)
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM
}

fn plain(markdown: &str) -> String {
    let mut plain = String::new();
    for event in Parser::new_ext(markdown, options()) {
        match event {
            Event::Text(text) | Event::Code(text) => plain.push_str(&text),
            Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::Heading(_)) => plain.push('\n'),
            _ => {}
        }
    }
    plain
}

#[test]
fn every_text_renders_with_every_sample() {
    assert_eq!(Guidance::built_in().check(), []);
    for (name, facts, markdown) in all_texts() {
        let may_be_silent =
            ["exposed-secret", "questions", "refused", "revoke", "standing", "waiting"];
        let is_silent = markdown.is_empty() && may_be_silent.contains(&name.as_str());
        assert!(!markdown.is_empty() || is_silent, "{name} says nothing for {facts:?}");
        assert_eq!(markdown, markdown.trim(), "{name}");
        assert!(!markdown.contains("\n\n\n"), "{name} has a hole:\n{markdown}");
        assert!(!markdown.contains("{{") && !markdown.contains("%}"), "{name}:\n{markdown}");
    }
}

#[test]
fn every_file_of_the_folder_is_built_in() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/comments");
    let guidance = Guidance::built_in();
    let mut english = 0;
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let file = entry.expect("readable").file_name().into_string().expect("UTF-8");
        let Some(stem) = file.strip_suffix(".md").filter(|stem| !stem.contains('.')) else {
            continue;
        };
        english += 1;
        assert!(guidance.has(stem), "{file} is new: touch src/guidance/built_in.rs");
    }
    assert_eq!(english, guidance.names().len());
}

#[test]
fn no_paragraph_is_broken_into_lines() {
    // GitHub shows each line break of a comment as one.
    for (name, _, markdown) in all_texts() {
        let breaks = Parser::new_ext(&markdown, options())
            .filter(|event| matches!(event, Event::SoftBreak | Event::HardBreak));
        assert_eq!(breaks.count(), 0, "{name}:\n{markdown}");
    }
}
