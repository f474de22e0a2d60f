//! Who may know whom: the rooms of `src/` and the arrows between them, which only run down.

use std::sync::LazyLock;

use regex::Regex;

use crate::source::{Source, closing, split_outside_brackets};

static PATH: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b(?:crate|keydesk)\s*::\s*(\{|\w+)").expect("a fixed pattern"));
static WORD: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^\s*(\w+)").expect("a fixed pattern"));
static CHAIN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\bsuper(\s*::\s*super)*\b").expect("a fixed pattern"));

/// Rooms that only compute: no clock, no disk, no network, no other library's world.
pub const PURE: &[&str] = &["reading", "policy", "triage"];

/// What has no place in a pure room.
pub const IMPURE: &[&str] = &[
    r"\basync\b",
    r"\btokio\b",
    r"\brusqlite\b",
    r"\baxum\b",
    r"\boctocrab\b",
    r"\bTimestamp::now\b",
    r"\bZoned::now\b",
    r"\bSystemTime\b",
    r"\bInstant\b",
    r"\bstd::fs\b",
    r"\bstd::env\b",
    r"\bstd::net\b",
    r"\bstd::thread\b",
];

/// Each room, and every room it may name.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("clock", &[]),
    ("markdown", &[]),
    ("metrics", &[]),
    ("reading", &[]),
    ("policy", &[]),
    ("triage", &["reading", "policy"]),
    ("guidance", &["triage", "reading", "policy", "clock", "metrics"]),
    ("store", &["triage", "reading", "policy", "clock", "metrics"]),
    ("github", &["triage", "reading", "policy", "clock", "metrics"]),
    ("settings", &["store", "policy", "clock"]),
    ("trace", &["github", "clock"]),
    ("sandbox", &["github", "triage", "policy", "clock", "markdown", "metrics"]),
    (
        "engine",
        &[
            "guidance", "store", "github", "triage", "reading", "policy", "clock", "metrics",
            "trace",
        ],
    ),
    (
        "web",
        &[
            "engine", "guidance", "store", "github", "settings", "triage", "reading", "policy",
            "clock", "markdown", "metrics", "trace",
        ],
    ),
    (
        "cli",
        &[
            "web", "engine", "sandbox", "guidance", "store", "github", "settings", "triage",
            "reading", "policy", "clock", "metrics", "trace",
        ],
    ),
    ("main", &["cli"]),
    ("lib", &[]),
];

/// The room a source lives in: the first folder or file name below `src/`.
pub fn room_of(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("src/")?;
    rest.split('/').next().map(|first| first.trim_end_matches(".rs"))
}

/// Arrows that must not be, with their lines.
pub fn forbidden_arrows(source: &Source) -> Vec<(usize, String)> {
    let Some(room) = room_of(&source.path) else { return Vec::new() };
    let Some((_, known)) = MAY_KNOW.iter().find(|(name, _)| *name == room) else {
        return vec![(1, format!("the room `{room}` has no line in MAY_KNOW"))];
    };
    let mut wrong: Vec<(usize, String)> = named_rooms(source)
        .into_iter()
        .filter(|(_, named)| named != room && !known.contains(&named.as_str()))
        .map(|(line, named)| (line, format!("`{room}` must not know `{named}`")))
        .collect();
    wrong.extend(climbs_out(source));
    wrong
}

/// Every room named from the top: `crate::a`, `crate::{a, b}`, and `keydesk::a` in the binary.
fn named_rooms(source: &Source) -> Vec<(usize, String)> {
    let mut rooms = Vec::new();
    for found in PATH.captures_iter(&source.code) {
        let target = found.get(1).expect("the group always takes part");
        let line = source.line_of(target.start());
        if target.as_str() != "{" {
            rooms.push((line, target.as_str().to_owned()));
            continue;
        }
        let group = &source.code[target.end()..closing(&source.code, target.start())];
        let names = split_outside_brackets(group);
        let names = names.iter().filter_map(|part| WORD.captures(part));
        rooms.extend(names.map(|name| (line, name[1].to_owned())));
    }
    rooms
}

/// A chain of `super` that leaves the room would hide an arrow from this test.
fn climbs_out(source: &Source) -> Vec<(usize, String)> {
    let depth = source.path.matches('/').count() - usize::from(source.path.ends_with("/mod.rs"));
    CHAIN
        .find_iter(&source.production)
        .filter(|found| found.as_str().matches("super").count() >= depth.max(1))
        .map(|found| {
            let what = "a chain of `super` leaves the room: write `crate::…`".to_owned();
            (source.line_of(found.start()), what)
        })
        .collect()
}
