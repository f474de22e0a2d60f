//! Keeps the house: sizes, headers, floors, lists and paths, read from the files themselves.
//!
//! A failure names the file, the line, the rule and the cure. What cannot be cured today stands in
//! [`EXCEPTIONS`] with its reason; an exception that is no longer needed fails too, so the list
//! only gets shorter.

#[path = "tidy/book.rs"]
mod book;
#[path = "tidy/floors.rs"]
mod floors;
#[path = "tidy/source.rs"]
mod source;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use regex::Regex;
use source::Source;

const FUNCTION_LINES_MAX: usize = 60;
const FILE_LINES_MAX: usize = 500;
const PARAMETERS_MAX: usize = 4;
/// Nothing of ours is larger; what is was made by a program and left behind.
const KEPT_BYTES_MAX: u64 = 1_000_000;

/// A rule that one file may break.
struct Exception {
    file: &'static str,
    rule: &'static str,
    reason: &'static str,
}

/// All of them.
const EXCEPTIONS: &[Exception] = &[];

/// One place where a rule is broken.
struct Breach {
    file: String,
    line: usize,
    what: String,
}

/// Fails with every breach of `rule` that is not excepted, and with every idle exception.
fn hold(rule: &str, cure: &str, breaches: Vec<Breach>) {
    let lines = complaints(rule, cure, &breaches, EXCEPTIONS);
    assert!(lines.is_empty(), "\n{}\n", lines.join("\n"));
}

fn complaints(
    rule: &str,
    cure: &str,
    breaches: &[Breach],
    exceptions: &[Exception],
) -> Vec<String> {
    let exceptions: Vec<&Exception> = exceptions.iter().filter(|one| one.rule == rule).collect();
    let broken: BTreeSet<&str> = breaches.iter().map(|breach| breach.file.as_str()).collect();
    let idle = exceptions.iter().filter(|one| !broken.contains(one.file)).map(|one| {
        let Exception { file, reason, .. } = one;
        format!("{file}: keeps the rule `{rule}` by now; take its exception away ({reason})")
    });
    let is_excepted = |file: &str| exceptions.iter().any(|one| one.file == file);
    let refused = breaches.iter().filter(|breach| !is_excepted(&breach.file)).map(|breach| {
        let Breach { file, line, what } = breach;
        format!("{file}:{line}: {what}\n    rule: {rule}\n    cure: {cure}")
    });
    refused.chain(idle).collect()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Paths, from the top of the repository, of the files below `folder` with one of these endings.
fn files(folder: &str, endings: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(root().join(folder)) else { return found };
    for entry in entries {
        let name = entry.expect("a readable folder").file_name();
        let path = format!("{folder}/{}", name.to_string_lossy());
        if root().join(&path).is_dir() {
            found.extend(files(&path, endings));
        } else if endings.iter().any(|ending| path.ends_with(ending)) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn sources() -> Vec<Source> {
    let found: Vec<Source> = ["src", "tests", "benches"]
        .iter()
        .flat_map(|folder| files(folder, &[".rs"]))
        .map(|path| Source::read(&root(), &path))
        .collect();
    assert!(found.len() > 50, "the sources are not where this test looks for them");
    found
}

/// The pages people read: their paths and texts.
fn pages() -> Vec<(String, String)> {
    let mut paths = files("docs", &[".md"]);
    let tops = ["README.md", "CHANGELOG.md"].map(str::to_owned);
    paths.extend(tops.into_iter().filter(|path| root().join(path).exists()));
    let read = |path: String| {
        let text = fs::read_to_string(root().join(&path)).expect("a page is readable UTF-8");
        (path, text)
    };
    paths.into_iter().map(read).collect()
}

fn line_of(text: &str, offset: usize) -> usize {
    text[..offset].matches('\n').count() + 1
}

/// Every place where `pattern` matches in the text that `part` takes from a source.
fn matches_in(sources: &[Source], pattern: &str, part: fn(&Source) -> &str) -> Vec<Breach> {
    let pattern = Regex::new(pattern).expect("a fixed pattern");
    let in_one = |source: &Source| -> Vec<Breach> {
        let breach = |found: regex::Match| Breach {
            file: source.path.clone(),
            line: source.line_of(found.start()),
            what: format!("`{}` stands here", found.as_str().trim()),
        };
        pattern.find_iter(part(source)).map(breach).collect()
    };
    sources.iter().flat_map(in_one).collect()
}

#[test]
fn every_source_begins_with_what_it_is_for() {
    let bare = sources().into_iter().filter(|source| !source.text.starts_with("//!"));
    let what = "its first line is not a `//!` header".to_owned();
    let breaches = bare.map(|source| Breach { file: source.path, line: 1, what: what.clone() });
    hold("header", "say in a sentence what the file is for", breaches.collect());
}

#[test]
fn functions_are_short() {
    let mut breaches = Vec::new();
    for source in sources() {
        for function in source.functions() {
            if function.line_count > FUNCTION_LINES_MAX {
                breaches.push(Breach {
                    file: source.path.clone(),
                    line: function.line,
                    what: format!("`{}` has {} lines", function.name, function.line_count),
                });
            }
        }
    }
    let cure = format!("split it; {FUNCTION_LINES_MAX} lines are the most");
    hold("function length", &cure, breaches);
}

#[test]
fn functions_have_few_parameters() {
    let mut breaches = Vec::new();
    for source in sources() {
        for function in source.functions() {
            if function.parameter_count > PARAMETERS_MAX {
                let (name, count) = (function.name, function.parameter_count);
                breaches.push(Breach {
                    file: source.path.clone(),
                    line: function.line,
                    what: format!("`{name}` has {count} parameters"),
                });
            }
        }
    }
    let cure = format!("gather what belongs together in a type; {PARAMETERS_MAX} are the most");
    hold("parameters", &cure, breaches);
}

#[test]
fn files_are_short() {
    let long = sources().into_iter().filter(|source| source.line_count > FILE_LINES_MAX);
    let breaches = long.map(|source| Breach {
        what: format!("{} lines without its test modules", source.line_count),
        file: source.path,
        line: FILE_LINES_MAX + 1,
    });
    let cure = format!("split it by subject; {FILE_LINES_MAX} lines are the most");
    hold("file length", &cure, breaches.collect());
}

#[test]
fn nothing_large_is_kept() {
    let listed = Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output();
    let listed = listed.expect("git, which brought these files").stdout;
    let breaches = String::from_utf8_lossy(&listed)
        .split_terminator('\0')
        .filter_map(|file| {
            let bytes = fs::metadata(root().join(file)).ok()?.len();
            let what = format!("{bytes} bytes, {KEPT_BYTES_MAX} at the most");
            (bytes > KEPT_BYTES_MAX).then(|| Breach { file: file.to_owned(), line: 1, what })
        })
        .collect();
    hold("size of what is kept", "leave it out of the repository", breaches);
}

#[test]
fn rooms_know_only_what_lies_below() {
    let mut breaches = Vec::new();
    for source in sources() {
        for (line, what) in floors::forbidden_arrows(&source) {
            breaches.push(Breach { file: source.path.clone(), line, what });
        }
    }
    hold("floors", "pass the value in, or move the code to the room that may know", breaches);
}

#[test]
fn pure_rooms_stay_pure() {
    let is_pure = |source: &Source| {
        floors::room_of(&source.path).is_some_and(|room| floors::PURE.contains(&room))
    };
    let pure: Vec<Source> = sources().into_iter().filter(is_pure).collect();
    assert!(pure.len() > 20, "the pure rooms are not where this test looks for them");
    let breaches = matches_in(&pure, &floors::IMPURE.join("|"), |source| &source.production);
    hold("purity", "ask for the value as an argument; `engine` fetches it", breaches);
}

#[test]
fn commands_are_listed_under_the_names_of_their_files() {
    let folder = "src/triage/commands";
    let list = Source::read(&root(), &format!("{folder}/mod.rs"));
    let pattern = Regex::new(r"COMMANDS:[^=]*=\s*&\[([^\]]*)\]").expect("a fixed pattern");
    let listed = pattern.captures(&list.code).expect("mod.rs has the list COMMANDS")[1].to_owned();
    let mut breaches = Vec::new();
    for path in files(folder, &[".rs"]) {
        let stem = Path::new(&path).file_stem().expect("a file").to_string_lossy().into_owned();
        if ["arguments", "mod", "reply"].contains(&&*stem) {
            continue;
        }
        let (entry, name) = (format!("&{stem}::{}", stem.to_uppercase()), stem.replace('_', "-"));
        if !listed.split(',').any(|one| one.trim() == entry) {
            let what = format!("`{entry}` is not in COMMANDS");
            breaches.push(Breach { file: path.clone(), line: 1, what });
        }
        let text = Source::read(&root(), &path).text;
        if !text.contains(&format!("name: \"{name}\"")) {
            let what = format!("the command is not named \"{name}\" as its file is");
            breaches.push(Breach { file: path, line: 1, what });
        }
    }
    hold("commands", "file, constant, name and list say the same word", breaches);
}

#[test]
fn replies_have_their_texts() {
    let file = "config/policy.toml";
    let text = fs::read_to_string(root().join(file)).expect("the built-in policy is there");
    let policy: toml::Table = text.parse().expect("the built-in policy is TOML");
    let replies = policy["replies"].as_array().expect("[[replies]] is an array of tables");
    let mut breaches = Vec::new();
    for reply in replies {
        let template = reply["template"].as_str().expect("a reply names a template");
        let path = format!("templates/comments/{template}.md");
        if !root().join(&path).exists() {
            let line = text.find(&format!("\"{template}\"")).map_or(1, |at| line_of(&text, at));
            let what = format!("the template {path} does not exist");
            breaches.push(Breach { file: file.to_owned(), line, what });
        }
    }
    hold("templates", "write the text, or name one that exists", breaches);
}

/// Links are followed in `tidy/book.rs`.
#[test]
fn pages_name_paths_that_exist() {
    let folders = "src|tests|benches|docs|config|templates|migrations|fuzz|packaging|\\.ci";
    let tops = "(?:README|CHANGELOG)\\.md|Dockerfile|LICENSE-\\w+|(?:fly|deny|clippy|rustfmt|Cargo)\\.toml";
    let quoted = format!(r"`((?:{folders})/[\w./-]*|{tops})`");
    let quoted = Regex::new(&quoted).expect("a fixed pattern");
    let mut breaches = Vec::new();
    for (file, text) in pages() {
        for found in quoted.captures_iter(&text) {
            let path = found.get(1).expect("the group always takes part");
            if !root().join(path.as_str()).exists() {
                let (line, path) = (line_of(&text, path.start()), path.as_str());
                let what = format!("`{path}` does not exist");
                breaches.push(Breach { file: file.clone(), line, what });
            }
        }
    }
    hold("paths in pages", "name the path as it is now", breaches);
}

#[test]
fn nothing_is_left_for_later() {
    let sources = sources();
    let unfinished = [r"\btodo!", r"\bunimplemented!", r"\bdbg!", r"#\s*\[\s*ignore\b"].join("|");
    let mut breaches = matches_in(&sources, &unfinished, |source| &source.code);
    // Put together from halves, so that this file does not find itself.
    let marks = [["TO", "DO"], ["FIX", "ME"], ["XX", "X"]].map(|halves| halves.concat());
    let marks = format!(r"\b({})\b", marks.join("|"));
    breaches.extend(matches_in(&sources, &marks, |source| &source.text));
    let marks = Regex::new(&marks).expect("a fixed pattern");
    for (file, text) in pages() {
        for found in marks.find_iter(&text) {
            let (line, what) = (line_of(&text, found.start()), found.as_str().to_owned());
            breaches.push(Breach { file: file.clone(), line, what });
        }
    }
    hold("nothing for later", "do it now, or open an issue and take the mark out", breaches);
}

#[test]
fn lints_are_expected_and_not_allowed() {
    let breaches = matches_in(&sources(), r"#!?\s*\[[^\]]*\ballow\s*\(", |source| &source.code);
    hold("allow", "write `expect(…, reason = \"…\")`, which fails once it is idle", breaches);
}

#[test]
fn a_source_is_read_as_the_compiler_reads_it() {
    let text = r##"//! Header.
fn short<'a, F: Fn(u8) -> u8>(&'a self, list: Vec<(u8, u8)>, f: F) -> [u8; 2] {
    let text = "fn not(a: u8) {"; // fn nor(this
    let raw = r#"} " }"#;
    let (brace, quote) = ('{', '\'');
}
trait Named { fn name(&self); }
#[cfg(test)]
mod tests {
    fn hidden() {}
}
"##;
    let source = Source::new("src/policy/example.rs", text.to_owned());
    let found: Vec<(String, usize, usize, usize)> = source
        .functions()
        .into_iter()
        .map(|one| (one.name, one.line, one.line_count, one.parameter_count))
        .collect();
    assert_eq!(found, [("short".to_owned(), 2, 5, 2), ("name".to_owned(), 7, 1, 0)]);
    assert_eq!(source.line_count, 7);
}

#[test]
fn arrows_up_are_seen_however_they_are_written() {
    let text = "//! Header.\nuse crate::{policy::Policy, web};\nfn f() { crate::store::open() }\n\
                use super::super::github;\nuse crate::reading::Reading;\n";
    let source = Source::new("src/triage/example.rs", text.to_owned());
    let lines: Vec<usize> =
        floors::forbidden_arrows(&source).into_iter().map(|(line, _)| line).collect();
    assert_eq!(lines, [2, 3, 4]);
}

#[test]
fn exceptions_excuse_one_file_and_fail_once_idle() {
    let breach = |file: &str| Breach { file: file.to_owned(), line: 3, what: "is long".to_owned() };
    let exception = |file| Exception { file, rule: "length", reason: "a table" };
    let exceptions = [exception("a.rs"), exception("b.rs")];
    let found = complaints("length", "split it", &[breach("a.rs"), breach("c.rs")], &exceptions);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("c.rs:3: is long\n    rule: length\n    cure: split it"));
    assert!(found[1].starts_with("b.rs: keeps the rule"));
}
