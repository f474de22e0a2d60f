//! Stories told as text: every file of `tests/stories/` is played, once in memory and once with
//! the real client over HTTP, and both must show what the file says and nothing more.
//!
//! `story` reads a file, `deed` what somebody does in a step, `play` does it on a desk, `seen`
//! tells what the bot then did from what GitHub shows before and after, and `rewrite` writes that
//! into the file. How a story is written stands in `tests/stories/README.md`.

mod deed;
mod page;
mod play;
mod rewrite;
mod seen;
mod story;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::desk::Way;
use crate::postgres::server::Server;
use story::Story;

/// Stories whose file name holds this are played; all without.
const ONLY: &str = "KEYDESK_STORY";
/// `write`: what happened is written into the files instead of being held against them.
const HOW: &str = "KEYDESK_STORIES";

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/stories"))
}

/// The names of all stories, whether or not they are wanted now.
fn names() -> Vec<String> {
    let entries = fs::read_dir(folder()).expect("the folder of stories");
    let names = entries.map(|entry| entry.expect("a readable folder").file_name());
    let mut names: Vec<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
    names.retain(|name| name != "README.md");
    names.sort();
    for name in &names {
        assert!(name.ends_with(".md"), "tests/stories/{name} is no story: stories end in .md");
    }
    names
}

fn wanted() -> Vec<String> {
    let only = std::env::var(ONLY).unwrap_or_default();
    let names: Vec<String> = names().into_iter().filter(|name| name.contains(&only)).collect();
    assert!(!names.is_empty(), "no story's file name holds {ONLY}={only}");
    names
}

fn is_writing() -> bool {
    std::env::var(HOW).is_ok_and(|how| how == "write")
}

/// Plays one story; gives what does not agree.
fn told(name: &str, way: Way) -> Result<(), String> {
    let path = folder().join(name);
    let shown = format!("tests/stories/{name}");
    let text = fs::read_to_string(&path).map_err(|error| format!("{shown}: {error}"))?;
    let story = Story::parse(&text).map_err(|problem| format!("{shown}:{problem}"))?;
    let played = play::play(&story, way).map_err(|problem| format!("{shown}:{problem}"))?;
    if is_writing() {
        let written = rewrite::rewritten(&text, &story, &played);
        fs::write(&path, written).map_err(|error| format!("{shown}: {error}"))?;
    }
    let steps = story.steps.iter().zip(&played);
    let complaints: Vec<String> = if is_writing() {
        steps.filter_map(|(step, done)| done.untold(step)).collect()
    } else {
        steps.filter_map(|(step, done)| done.complaint(step)).collect()
    };
    if complaints.is_empty() {
        return Ok(());
    }
    let complaints = complaints.join("\n");
    Err(complaints.lines().map(|line| at_file(line, &shown)).collect::<Vec<_>>().join("\n"))
}

/// Puts the file before a line that begins with its number.
fn at_file(line: &str, file: &str) -> String {
    let is_place = line.starts_with(|first: char| first.is_ascii_digit());
    if is_place { format!("{file}:{line}") } else { line.to_owned() }
}

/// Plays all wanted stories, several at a time, and fails with every one that does not agree.
fn every_story(way: Way) {
    let names = wanted();
    let next = AtomicUsize::new(0);
    let failed = Mutex::new(Vec::new());
    let work = || {
        while let Some(name) = names.get(next.fetch_add(1, Ordering::Relaxed)) {
            let played = catch_unwind(AssertUnwindSafe(|| told(name, way)));
            let failure = match played {
                Ok(Ok(())) => continue,
                Ok(Err(complaint)) => complaint,
                Err(_) => format!("tests/stories/{name}: playing it panicked, see above"),
            };
            failed.lock().expect("no panic").push((name.clone(), failure));
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(work);
        }
    });
    let mut failed = failed.into_inner().expect("no panic");
    failed.sort();
    let told: Vec<String> = failed.into_iter().map(|(_, failure)| failure).collect();
    let count = names.len();
    assert!(
        told.is_empty(),
        "\n{} of {count} stories went otherwise ({way:?}):\n\n{}\n",
        told.len(),
        told.join("\n\n")
    );
}

#[test]
fn every_story_in_memory() {
    every_story(Way::InMemory);
}

#[test]
fn every_story_over_http() {
    if !is_writing() {
        every_story(Way::OverHttp);
    }
}

#[test]
fn every_story_on_postgres() {
    if !is_writing() {
        let server = Server::lasting();
        every_story(Way::OnPostgres(server.0));
    }
}
