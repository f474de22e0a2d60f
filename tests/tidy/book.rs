//! The book: which pages are its chapters, and where the links of all pages lead.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::{Breach, files, hold, line_of, pages, root};

const SUMMARY: &str = "docs/SUMMARY.md";

/// Line and target of each link and picture.
fn links(text: &str) -> Vec<(usize, String)> {
    let events = Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter();
    let target = |(event, place): (Event<'_>, std::ops::Range<usize>)| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
            Some((line_of(text, place.start), dest_url.into_string()))
        }
        _ => None,
    };
    events.filter_map(target).collect()
}

/// What a link to each heading of a page is called, by GitHub and by mdBook alike.
fn anchors(text: &str) -> BTreeSet<String> {
    let (mut found, mut times) = (BTreeSet::new(), BTreeMap::<String, usize>::new());
    let mut heading: Option<String> = None;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::Text(words) | Event::Code(words) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&words);
                }
            }
            Event::End(TagEnd::Heading(_)) => {
                let name = anchor(&heading.take().unwrap_or_default());
                let time = times.entry(name.clone()).or_default();
                found.insert(if *time == 0 { name } else { format!("{name}-{time}") });
                *time += 1;
            }
            _ => {}
        }
    }
    found
}

fn anchor(heading: &str) -> String {
    let letter = |letter: char| match letter {
        ' ' => Some('-'),
        '-' | '_' => Some(letter),
        letter if letter.is_alphanumeric() => Some(letter.to_ascii_lowercase()),
        _ => None,
    };
    heading.trim().chars().filter_map(letter).collect()
}

/// The path from the top of the repository that a link in `page` means.
fn path_of(page: &str, target: &str) -> PathBuf {
    let mut path: PathBuf = Path::new(page).parent().expect("a file is in a folder").into();
    for component in Path::new(target).components() {
        match component {
            Component::ParentDir => {
                path.pop();
            }
            other => path.push(other),
        }
    }
    path
}

fn chapters() -> Vec<String> {
    let text = fs::read_to_string(root().join(SUMMARY)).expect("the book has a summary");
    let path = |(_, target): (usize, String)| path_of(SUMMARY, &target).display().to_string();
    links(&text).into_iter().map(path).collect()
}

/// What is wrong with a link, if anything.
fn fault(page: &str, target: &str) -> Option<String> {
    let (file, heading) = target.split_once('#').unwrap_or((target, ""));
    let path = if file.is_empty() { PathBuf::from(page) } else { path_of(page, file) };
    if !root().join(&path).exists() {
        return Some(format!("`{target}` does not exist"));
    }
    if page.starts_with("docs/") && !path.starts_with("docs") {
        return Some(format!("`{target}` leads out of the book, where nobody can follow"));
    }
    let is_chapter = path.extension().is_some_and(|ending| ending == "md");
    if heading.is_empty() || !is_chapter {
        return None;
    }
    let text = fs::read_to_string(root().join(&path)).expect("a page is readable UTF-8");
    let is_there = anchors(&text).contains(heading);
    (!is_there).then(|| format!("{} has no heading `#{heading}`", path.display()))
}

#[test]
fn links_lead_to_what_is_there() {
    let is_ours = |target: &str| !target.contains("://") && !target.starts_with("mailto:");
    let mut breaches = Vec::new();
    for (file, text) in pages() {
        for (line, target) in links(&text).into_iter().filter(|(_, target)| is_ours(target)) {
            if let Some(what) = fault(&file, &target) {
                breaches.push(Breach { file: file.clone(), line, what });
            }
        }
    }
    hold("links", "link to a chapter or a heading of one; name other files in backticks", breaches);
}

#[test]
fn every_page_is_a_chapter_once() {
    let listed = chapters();
    let pages = files("docs", &[".md"]).into_iter().filter(|path| path != SUMMARY);
    let fault = |path: String| match listed.iter().filter(|one| **one == path).count() {
        0 => Some(Breach { file: path, line: 1, what: format!("{SUMMARY} does not name it") }),
        1 => None,
        _ => Some(Breach { file: path, line: 1, what: format!("{SUMMARY} names it twice") }),
    };
    hold("chapters", "give it one line in docs/SUMMARY.md", pages.filter_map(fault).collect());
}

#[test]
fn the_book_is_described_where_its_builder_looks() {
    let text = fs::read_to_string(root().join("docs/book.toml")).expect("docs/book.toml is there");
    let book: toml::Table = text.parse().expect("TOML");
    assert_eq!(book["book"]["src"].as_str(), Some("."), "the chapters lie beside it");
    let output = book["build"]["build-dir"].as_str().expect("where the pages go");
    let output = path_of("docs/book.toml", output);
    assert!(output.starts_with("target"), "{} would be taken for chapters", output.display());
}

#[test]
fn headings_are_linked_to_as_readers_find_them() {
    let text = "# One way, *two* `ways`\n\n## Again\n\n## Again\n\n```\n# no heading\n```\n";
    let found: Vec<String> = anchors(text).into_iter().collect();
    assert_eq!(found, ["again", "again-1", "one-way-two-ways"]);
    let target = links("a\n\n| b |\n|---|\n| [c](d.md#e) |\n");
    assert_eq!(target, [(5, "d.md#e".to_owned())]);
    assert_eq!(path_of("docs/A.md", "../b/C.md"), Path::new("b/C.md"));
}
