//! What the pages tell people to type: every command line of `keydesk` is one, and every variable is
//! one the program or its tests ask for.

use std::collections::BTreeSet;
use std::fs;

use clap::error::ErrorKind;
use keydesk::cli;
use keydesk::settings::server_schema;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use regex::Regex;

use super::{path_of, read};

/// Where pages lie.
const PAGES: [&str; 3] = ["README.md", "CHANGELOG.md", "docs"];

/// Each page with its text.
fn pages() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for place in PAGES {
        if path_of(place).is_file() {
            found.push((place.to_owned(), read(place)));
            continue;
        }
        for entry in fs::read_dir(path_of(place)).expect("a folder") {
            let name = entry.expect("a file").file_name().to_string_lossy().into_owned();
            if name.ends_with(".md") {
                let path = format!("{place}/{name}");
                found.push((path.clone(), read(&path)));
            }
        }
    }
    found
}

/// Where code stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In a sentence, which may name a command without all it needs.
    Sentence,
    /// In a block, to be typed as it is.
    Block,
}

/// The code of a page, a line each, with those lines of a block put together that go on.
fn code_of(text: &str) -> Vec<(Place, String)> {
    let mut lines = Vec::new();
    let mut block: Option<String> = None;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => block = Some(String::new()),
            Event::Text(words) => block.iter_mut().for_each(|block| block.push_str(&words)),
            Event::End(TagEnd::CodeBlock) => {
                let block = block.take().unwrap_or_default().replace("\\\n", " ");
                lines.extend(block.lines().map(|line| (Place::Block, line.to_owned())));
            }
            Event::Code(words) => lines.push((Place::Sentence, words.into_string())),
            _ => {}
        }
    }
    lines
}

/// The words after `keydesk` in each command of a line of shell.
fn command_lines(line: &str) -> Vec<Vec<String>> {
    let operators = Regex::new(r"\s(?:\|\|?|&&|;|>>?)\s|;\s|\s#\s").expect("a fixed pattern");
    let assignment = Regex::new(r"^[A-Z_]+=\S*$").expect("a fixed pattern");
    let prompt = ["Example:", "Examples:", "$", "sudo", "exec"];
    let words = |part: &str| -> Option<Vec<String>> {
        let words = part.split_whitespace().map(|word| word.trim_matches(['"', '\'']).to_owned());
        let mut words =
            words.skip_while(|word| prompt.contains(&word.as_str()) || assignment.is_match(word));
        let program = words.next()?;
        let is_ours = program == "keydesk" || program.ends_with("/keydesk");
        is_ours.then(|| words.collect())
    };
    operators.split(line).filter_map(words).filter(|words| !words.is_empty()).collect()
}

/// Why this is not what the program takes, if it is not.
fn refusal(place: Place, words: &[String]) -> Option<String> {
    let typed = std::iter::once("keydesk").chain(words.iter().map(String::as_str));
    let error = cli::definition().try_get_matches_from(typed).err()?;
    let is_fine = match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => true,
        // A folder that is not on this machine.
        ErrorKind::ValueValidation => true,
        ErrorKind::MissingRequiredArgument => place == Place::Sentence,
        _ => false,
    };
    (!is_fine).then(|| error.to_string())
}

#[test]
fn every_command_line_in_the_pages_is_one() {
    let (mut wrong, mut count) = (Vec::new(), 0);
    for (page, text) in pages() {
        for (place, line) in code_of(&text) {
            for words in command_lines(&line) {
                // What a reader puts something of their own for, and how a command is used.
                if words.iter().any(|word| word.starts_with(['<', '[', '…'])) {
                    continue;
                }
                count += 1;
                if let Some(why) = refusal(place, &words) {
                    wrong.push(format!("{page}: keydesk {}\n{why}", words.join(" ")));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(count > 60, "only {count} were found");
}

#[test]
fn every_variable_in_the_pages_is_asked_for() {
    let schema = server_schema();
    let settings = schema["properties"].as_object().expect("the settings");
    let settings: BTreeSet<String> = settings.keys().map(|name| name.to_uppercase()).collect();
    let pattern = Regex::new(r"\b(?:GITHUB|KEYDESK)_[A-Z_]+\b").expect("a fixed pattern");
    let tests = ["tests", "benches", "src"].map(sources).concat();
    let mut wrong = Vec::new();
    for (page, text) in pages() {
        for name in pattern.find_iter(&text).map(|found| found.as_str()) {
            if !settings.contains(name) && !tests.contains(&format!("\"{name}\"")) {
                wrong.push(format!("{page}: nobody asks for {name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// All Rust of a folder.
fn sources(folder: &str) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(path_of(folder)).expect("a folder") {
        let name = entry.expect("a file").file_name().to_string_lossy().into_owned();
        let path = format!("{folder}/{name}");
        if path_of(&path).is_dir() {
            text.push_str(&sources(&path));
        } else if name.ends_with(".rs") {
            text.push_str(&read(&path));
        }
    }
    text
}

#[test]
fn lines_of_shell_are_taken_apart() {
    let found = command_lines("A=1 B_C=… keydesk serve --config x | less && ./keydesk man > k.1");
    assert_eq!(found, [vec!["serve", "--config", "x"], vec!["man"]]);
    assert!(command_lines("keydesk.db").is_empty());
    assert!(command_lines("cargo run -- keydesk").is_empty());
    let page = "`keydesk doctor`\n\n```sh\nkeydesk serve \\\n    --print-config\n```\n";
    let lines: Vec<String> = code_of(page).into_iter().map(|(_, line)| line).collect();
    assert_eq!(lines, ["keydesk doctor", "keydesk serve      --print-config"]);
    assert!(refusal(Place::Sentence, &["explain".to_owned()]).is_none());
    assert!(refusal(Place::Block, &["explain".to_owned()]).is_some());
    assert!(refusal(Place::Sentence, &["explian".to_owned()]).is_some());
}
