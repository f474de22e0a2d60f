//! The operator's own texts, texts in other languages, mistakes in them, and texts too long.

use std::fs;
use std::path::Path;
use std::process::Command;

use keydesk::guidance::{Guidance, TemplateProblem};
use keydesk::triage::text::{Facts, RefusedCommand};

use super::{render, text};

#[test]
fn a_desk_adds_and_replaces_texts() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "follow-up.md", "Still there?");
    write(folder.path(), "need-log.md", "Please add {{ arguments.which }}.");
    write(folder.path(), "notes.txt", "not a text");
    let guidance = Guidance::load(Some(folder.path())).expect("both are fine");
    assert!(guidance.has("need-log") && guidance.has("card") && !guidance.has("notes"));
    assert_eq!(
        guidance.render(&text("follow-up", Facts::default())).expect("renders"),
        "Still there?"
    );
    let lacking = guidance.render(&text("need-log", Facts::default())).expect_err("no argument");
    assert_eq!(lacking.problem.line, Some(1));
}

#[test]
fn broken_texts_are_told_all_at_once_with_line_and_cure() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "card.md", "fine\n{% if reasons %}");
    write(folder.path(), "help.md", "{{ commands | nosuchfilter }}\n\n{{ }}");
    write(folder.path(), "Bad Name.md", "x");
    insta::assert_snapshot!(problems(folder.path()), @"
    Bad Name.md: is not the name of a text
    help: name it <topic>.md or <topic>.<language>.md in small letters, digits and `-`, for example card.md or card.pt.md
    card.md:2:15: syntax error: unexpected end of input, expected end of block
    help: correct this line: `{{ fact }}` shows a fact, `{% if … %}` chooses
    help.md:3:4: syntax error: unexpected end of variable block
    help: correct this line: `{{ fact }}` shows a fact, `{% if … %}` chooses
    ");
}

#[test]
fn a_misspelt_fact_is_found_before_anybody_needs_it() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "need.md", "Please:\n\n{{ arguments.waht }}");
    write(folder.path(), "safety.md", "{% if site == 'testpypi' %}\n{{ requster }}\n{% endif %}");
    write(folder.path(), "card.md", "{% include part('lost-3fa') %}");
    write(
        folder.path(),
        "aup.md",
        "{% for a in range(100) %}{% for b in range(1000) %}{{ b }}{% endfor %}{% endfor %}",
    );
    insta::assert_snapshot!(problems(folder.path()), @"
    aup.md:1:38: takes more steps than a comment can need
    help: make it shorter, or its loops
    card.md:1:12: template not found: there is no lost-3fa.md; did you mean `lost-2fa`?
    help: add this file or correct its name where it is used
    need.md:3:4: undefined value: `arguments.waht` is undefined
    help: did you mean `arguments.what`?
    safety.md:2:4: undefined value: `requster` is undefined
    help: did you mean `requester`?
    ");
}

#[test]
fn check_tells_where_and_a_desk_does_not_start_with_a_broken_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let comments = folder.path().join("templates/comments");
    fs::create_dir_all(&comments).expect("writable");
    write(&comments, "card.md", "fine\n{% if reasons %}");
    let config = folder.path().display().to_string();
    for arguments in [["check", &config].as_slice(), &["serve", "--config", &config]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keydesk"));
        command.args(arguments).current_dir(folder.path());
        command.env("GITHUB_TOKEN", "unused").env("GITHUB_WEBHOOK_SECRET", "unused");
        command.env("DATABASE_URL", "sqlite://desk.db").env("LISTEN", "127.0.0.1:0");
        let output = command.output().expect("it runs");
        let said = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
        assert!(said.contains("card.md:2:15: syntax error"), "{arguments:?}: {said}");
        assert!(said.contains("help: correct this line"), "{arguments:?}: {said}");
    }
}

#[test]
fn no_folder_is_no_problem() {
    let folder = tempfile::tempdir().expect("a folder");
    let absent = folder.path().join("absent");
    assert!(Guidance::load(Some(&absent)).is_ok());
    assert!(Guidance::load(None).is_ok());
    assert!(Guidance::built_in().render(&text("absent", Facts::default())).is_err());
}

fn write(folder: &Path, file: &str, source: &str) {
    fs::write(folder.join(file), source).expect("a new file");
}

fn problems(folder: &Path) -> String {
    let problems = Guidance::load(Some(folder)).expect_err("they are broken");
    problems.iter().map(TemplateProblem::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_text_that_is_too_long_ends_with_a_sentence_that_says_so() {
    let end = "\n\n*This text was too long for one comment and ends here.*";
    for why in ["word ".repeat(20_000), "ü".repeat(70_000), "\\".repeat(70_000), "&".repeat(70_000)]
    {
        let facts = Facts { arguments: [("why".to_owned(), why)].into(), ..Facts::default() };
        let markdown = render("decline", facts);
        assert!(markdown.ends_with(end));
        assert!(
            (40_000..=60_000).contains(&markdown.chars().count()),
            "{}",
            markdown.chars().count()
        );
    }
}

#[test]
fn a_long_list_is_cut_too() {
    let why = "No. ".repeat(100);
    let command = "/x".to_owned();
    let refused = RefusedCommand { command, why, nearest: String::new() };
    let refusals = vec![refused; 400];
    let markdown = render("refused", Facts { refusals, ..Facts::default() });
    assert!((50_000..=60_000).contains(&markdown.chars().count()));
}
