//! Texts in other languages: they follow the English, stand before it, and say the same.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use keydesk::guidance::{Guidance, TemplateProblem, samples};
use keydesk::triage::text::Facts;
use pulldown_cmark::{Event, Parser, Tag};

use super::{BEGIN_ENGLISH, GUIDANCE, halves, options, text};

const LANGUAGES: &[&str] = &["zh", "ru", "es", "pt", "fr", "de", "ja", "ko"];

#[test]
fn every_translation_says_what_the_english_says() {
    // Every sample in one language, and every language with an eighth of the samples.
    for name in GUIDANCE.names() {
        for (turn, language) in LANGUAGES.iter().enumerate() {
            for facts in samples(name).into_iter().skip(turn).step_by(LANGUAGES.len()) {
                let spoken = Facts { language: (*language).to_owned(), ..facts };
                let whole = GUIDANCE.render(&text(name, spoken)).expect(name);
                let Some((translated, english)) = halves(&whole) else {
                    continue;
                };
                assert_eq!(fixed(translated), fixed(english), "{name}.{language}:\n{whole}");
                assert_ne!(translated, english, "{name}.{language}");
                assert_links_end(translated);
                assert!(!whole.contains('\u{fffd}'), "{name}.{language}:\n{whole}");
            }
        }
    }
}

/// On GitHub a bare address ends at a blank only: what follows it would become part of the link.
fn assert_links_end(markdown: &str) {
    for (at, _) in markdown.match_indices("https://") {
        let after = markdown[at..].trim_start_matches(|c: char| c.is_ascii_graphic());
        let ends = after.chars().next().is_none_or(char::is_whitespace);
        assert!(ends, "put a blank after the address:\n{}", &markdown[at..]);
    }
}

/// What no translator changes, counted: addresses, code, mentions, numbers of issues, structure.
fn fixed(markdown: &str) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    let mut add = |what: String| *found.entry(what).or_insert(0) += 1;
    for event in Parser::new_ext(markdown, options()) {
        match event {
            Event::Code(code) => add(format!("`{code}`")),
            Event::Start(Tag::Heading { level, .. }) => add(format!("heading {level}")),
            Event::Start(Tag::Item) => add("item".to_owned()),
            Event::Start(Tag::List(first)) => add(format!("list {first:?}")),
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                add(format!("to {dest_url}"));
            }
            Event::Start(Tag::BlockQuote(_)) => add("quote".to_owned()),
            Event::Text(text) => words(&text).for_each(&mut add),
            _ => {}
        }
    }
    found
}

/// Addresses, mentions and numbers of issues in plain text, in which any script may stand around.
fn words(text: &str) -> impl Iterator<Item = String> {
    let belongs = |c: char| c.is_ascii_alphanumeric() || "@#/:.-_?=&".contains(c);
    let parts = text.split(move |c: char| !belongs(c));
    let bare = parts.map(|part| part.trim_matches(|c: char| ":.-_?=&/".contains(c)).to_owned());
    bare.filter(|part| {
        part.contains("://")
            || part.contains('@')
            || part.starts_with("https")
            || part.strip_prefix('#').is_some_and(|n| n.starts_with(|c: char| c.is_ascii_digit()))
    })
}

#[test]
fn the_card_is_there_in_german_with_every_part() {
    let facts = |language: &str| Facts { language: language.to_owned(), ..Facts::default() };
    let whole = GUIDANCE.render(&text("card", facts("de"))).expect("it renders");
    let (german, english) = halves(&whole).expect("both languages");
    assert!(german.starts_with("Hallo") && english.starts_with("Hello"), "{whole}");
    assert!(english.contains("You may write in your own language"), "{whole}");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/comments");
    let card = fs::read_to_string(folder.join("card.md")).expect("the card");
    for part in card.split("part(\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(folder.join(format!("{part}.de.md")).exists(), "{part}.de.md is missing");
    }
}

#[test]
fn staff_read_english() {
    for name in ["escalated", "policy-problem", "no-permission", "refused"] {
        for sample in samples(name) {
            let german = Facts { language: "de".to_owned(), ..sample };
            let whole = GUIDANCE.render(&text(name, german)).expect(name);
            assert_eq!(halves(&whole), None, "{name}:\n{whole}");
        }
    }
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "help.de.md", &follow("help.md", "Befehle."));
    let guidance = Guidance::load(Some(folder.path())).expect("it is fine");
    let help = |speaker: &str| {
        let (requester, speaker) = ("mona".to_owned(), speaker.to_owned());
        let facts = Facts { requester, speaker, language: "de".to_owned(), ..Facts::default() };
        guidance.render(&text("help", facts)).expect("it renders")
    };
    assert!(help("mona").starts_with("Befehle."));
    assert!(!help("alice").contains("Befehle."));
}

#[test]
fn a_text_of_the_operator_in_the_readers_language_comes_first() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "reminder.it.md", &follow("reminder.md", "Ci sei ancora?"));
    write(folder.path(), "card.it.md", &follow("card.md", "Ciao!\n\n{% include part('safety') %}"));
    write(folder.path(), "safety.it.md", &follow("safety.md", "### Sicurezza"));
    let guidance = Guidance::load(Some(folder.path())).expect("all are fine");
    let say = |name: &str, language: &str| {
        let facts = Facts { language: language.to_owned(), ..Facts::default() };
        guidance.render(&text(name, facts)).expect("it renders")
    };
    assert!(say("reminder", "it").starts_with(&format!("Ci sei ancora?{BEGIN_ENGLISH}The last")));
    assert!(
        say("reminder", "ru").starts_with("The last") || halves(&say("reminder", "ru")).is_some()
    );
    let card = say("card", "it");
    let (italian, english) = halves(&card).expect("both languages");
    assert_eq!(italian, "Ciao!\n\n### Sicurezza");
    assert!(english.contains("### Stay safe") && !english.contains("Sicurezza"), "{card}");
    assert_eq!(guidance.names(), Guidance::built_in().names());
}

#[test]
fn a_text_of_the_operator_takes_its_built_in_translations_along() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "safety.md", "### Ours\n\nAsk the front desk.");
    let guidance = Guidance::load(Some(folder.path())).expect("it is fine");
    let facts = Facts { language: "de".to_owned(), ..Facts::default() };
    let card = guidance.render(&text("card", facts.clone())).expect("it renders");
    let (german, english) = halves(&card).expect("both languages");
    assert!(german.starts_with("Hallo") && german.ends_with("Ask the front desk."), "{card}");
    assert!(english.ends_with("Ask the front desk."), "{card}");
    assert_eq!(
        guidance.render(&text("safety", facts)).expect("it renders"),
        "### Ours\n\nAsk the front desk."
    );
}

#[test]
fn stale_and_lonely_translations_are_refused_with_their_cure() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "aup.md", "Write to the office.");
    write(folder.path(), "aup.it.md", "{# follows aup.md 000000000000 #}\nScriva.");
    write(folder.path(), "need-log.it.md", "Per favore.");
    write(folder.path(), "reminder.it.md", "Ci sei ancora?");
    write(folder.path(), "resolved.it.md", "{# follows reminder.md 000000000000 #}\nBene.");
    write(folder.path(), "refused.it.md", "No.");
    let problems = Guidance::load(Some(folder.path())).expect_err("they are stale");
    let told = problems.iter().map(TemplateProblem::to_string).collect::<Vec<_>>().join("\n");
    let told = told.replace(&hash_of("reminder.md"), "<reminder>");
    let told = told.replace(&hash_of("resolved.md"), "<resolved>");
    insta::assert_snapshot!(told, @"
    aup.it.md:1: the English text changed
    help: read aup.md again, then write `{# follows aup.md bffd77872daa #}`
    need-log.it.md: translates need-log.md, which does not exist
    help: add that text for everybody else
    refused.it.md: refused.md is said in English only
    help: remove this file
    reminder.it.md:1: does not say which reminder.md it follows
    help: write `{# follows reminder.md <reminder> #}` in the first line
    resolved.it.md:1: follows reminder.md, which is another text
    help: write `{# follows resolved.md <resolved> #}` in the first line
    ");
}

fn write(folder: &Path, file: &str, source: &str) {
    fs::write(folder.join(file), source).expect("a new file");
}

/// A translation of a built-in text.
fn follow(english: &str, source: &str) -> String {
    format!("{{# follows {english} {} #}}\n{source}", hash_of(english))
}

fn hash_of(english: &str) -> String {
    use sha2::{Digest, Sha256};
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/comments");
    let source = fs::read(folder.join(english)).expect("a built-in text");
    hex::encode(Sha256::digest(&source))[..12].to_owned()
}
