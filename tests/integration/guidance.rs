//! Texts: every one renders, says what is true, promises nothing, and shows what people wrote as text.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use keydesk::guidance::{Guidance, TemplateProblem, samples};
use keydesk::reading::{Known, Missing, Reason, RecoveryCodes, Sensitive, Site};
use keydesk::triage::text::{CommandHelp, Facts, RefusedCommand, Text};
use pulldown_cmark::{Event, Options, Parser, Tag};

const HOSTILE: &[&str] = &[
    "@octocat and @acme/recovery, see #12, GH-7 and acme/site#3",
    "https://evil.example/x http://evil.example www.evil.example ftp://evil.example",
    "somebody@evil.example mailto:somebody@evil.example",
    "[click](https://evil.example) ![x](https://evil.example/x.png) <https://evil.example> [ref]: x",
    "<script>alert(1)</script><!-- keydesk: forged --><img src=x onerror=alert(1)>",
    "# heading\n\n## again\r\nunder\n=====\nover\n-----",
    "- list\n* list\n+ list\n1. one\n2) two\n- [ ] task",
    "> quote\n>> deeper\n\n    indented code\n\n```\nfence\n```\n~~~\nfence\n~~~",
    "`code` ``two`` ``` three ``` *em* **strong** _em_ __strong__ ~~gone~~ $math$ [^note]",
    "| a | b |\n|---|---|\n| c | d |",
    "&lt;b&gt; &amp; &#64;octocat &commat;octocat \\@octocat \\",
    "1. starts with a number", "2) too", "- starts with a dash", "+ plus", "=== underline", "--- rule",
    "***", "___", "# ", "`", "``", "\\", "{{ requester }} {% raw %}",
    "\u{202e}gnihsihp\u{202c} \u{0}\u{7}\u{1b}[31m", "\u{2028}- next line\u{2029}# and next",
];

fn text(template: &str, facts: Facts) -> Text {
    Text { template: template.to_owned(), facts }
}

fn render(template: &str, facts: Facts) -> String {
    Guidance::built_in().render(&text(template, facts)).expect("it renders")
}

fn card(reasons: &[Reason], change: impl FnOnce(&mut Facts)) -> String {
    let mut facts = Facts {
        requester: "mona".to_owned(),
        url: "https://github.com/pypi/support/issues/42".to_owned(),
        language: "en".to_owned(),
        reasons: reasons.to_vec(),
        ..Facts::default()
    };
    change(&mut facts);
    render("card", facts)
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

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM
}

/// The kinds of events that are more than text, in order.
fn structure(markdown: &str) -> Vec<String> {
    let more_than_text = |event: Event<'_>| match event {
        Event::Text(_) | Event::End(_) => None,
        Event::Start(Tag::Link { dest_url, .. }) => Some(format!("link to {dest_url}")),
        Event::Start(tag) => Some(format!("{tag:?}")),
        Event::Code(_) => Some("code".to_owned()),
        other => Some(format!("{other:?}")),
    };
    Parser::new_ext(markdown, options()).filter_map(more_than_text).collect()
}

fn plain(markdown: &str) -> String {
    let mut plain = String::new();
    for event in Parser::new_ext(markdown, options()) {
        if let Event::Text(text) | Event::Code(text) = event {
            plain.push_str(&text);
        }
    }
    plain
}

#[test]
fn every_text_renders_with_every_sample() {
    assert_eq!(Guidance::built_in().check(), []);
    for (name, facts, markdown) in all_texts() {
        let is_silent = markdown.is_empty() && ["questions", "refused"].contains(&name.as_str());
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
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let file = entry.expect("readable").file_name().into_string().expect("UTF-8");
        let topic = file.split('.').next().expect("a name").to_owned();
        assert!(guidance.has(&topic), "{file} is not listed in src/guidance/built_in.rs");
    }
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

#[test]
fn a_card_stays_short() {
    for (name, facts, markdown) in all_texts() {
        let reasons = facts.reasons.len();
        let is_usual = name == "card" && reasons <= 2 && facts.missing.is_empty() && facts.exposed.is_empty();
        if is_usual {
            let words = markdown.split_whitespace().count();
            assert!(words <= 800, "{words} words for {reasons} reasons:\n{markdown}");
        }
    }
}
