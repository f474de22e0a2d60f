//! Each sentence rests on something, and `keydesk sources` tells when that moves.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use keydesk::guidance::{grounds, sources};

/// Texts for the people who run the desk.
const FOR_STAFF: &[&str] = &["escalated.md", "no-permission.md", "policy-problem.md", "refused.md"];

#[test]
fn every_line_says_what_it_rests_on() {
    let bare: Vec<String> = grounds()
        .into_iter()
        .filter(|ground| ground.is_bare && !FOR_STAFF.contains(&ground.file))
        .map(|ground| format!("{}:{}: {}", ground.file, ground.line, ground.sentence))
        .collect();
    assert!(
        bare.is_empty(),
        "end each with {{# a-source #}} or {{# desk #}}:\n{}",
        bare.join("\n")
    );
}

#[test]
fn every_source_is_used_and_every_name_is_one() {
    let listed: Vec<String> = sources().into_iter().map(|source| source.id).collect();
    let names: BTreeSet<&str> = listed.iter().map(String::as_str).collect();
    assert_eq!(names.len(), listed.len(), "a name stands twice in sources.toml");
    let grounds = grounds();
    let used: BTreeSet<&str> =
        grounds.iter().flat_map(|ground| ground.ids.iter().map(String::as_str)).collect();
    assert_eq!(used.difference(&names).collect::<Vec<_>>(), Vec::<&&str>::new(), "unknown");
    assert_eq!(names.difference(&used).collect::<Vec<_>>(), Vec::<&&str>::new(), "unused");
}

#[test]
fn every_source_is_a_file_or_a_page() {
    for source in sources() {
        assert!(source.file.is_some() != source.url.is_some(), "{}", source.id);
        assert!(!source.text.trim().is_empty(), "{}", source.id);
        let is_address = source.url.is_none_or(|url| url.starts_with("https://"));
        assert!(is_address && source.file.is_none_or(|file| file.starts_with("warehouse/")));
    }
}

#[test]
fn a_comment_about_grounds_leaves_no_trace_and_its_line_still_ends() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/comments");
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("readable").path();
        if path.extension().is_none_or(|ending| ending != "md") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("UTF-8");
        let lines: Vec<&str> = text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let said = line.rsplit_once("{#").map_or(*line, |(said, _)| said).trim();
            // The template engine would join such a line with the next one.
            let is_joined = said.ends_with("%}")
                && !said.starts_with(['{', '}'])
                && lines.get(at + 1).is_some_and(|next| !next.is_empty());
            assert!(!is_joined, "{}:{}: {line}", path.display(), at + 1);
        }
    }
}

#[test]
fn a_checkout_in_which_all_is_as_it_was_holds() {
    let checkout = checkout();
    let output = run(&[&checkout.path().display().to_string()]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(said.contains(" 0 moved; "), "{said}");
}

#[test]
fn what_moved_is_told_with_the_sentences_that_rest_on_it() {
    let checkout = checkout();
    let page = "warehouse/templates/accounts/unrecognized-device.html";
    fs::remove_file(checkout.path().join(page)).expect("it was written");
    let body = "warehouse/templates/email/account-recovery-initiated/body.txt";
    fs::write(checkout.path().join(body), "and\n respond to   this email.").expect("writable");
    let folder = checkout.path().display().to_string();
    let output = run(&[&folder]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(said.contains(&format!("device-sender: {page} is gone\n  templates/comments/")));
    assert!(said.contains(&format!("recovery-week: {body} no longer says: and a 7 day")), "{said}");
    assert!(!said.contains("recovery-answer:"), "blanks do not matter: {said}");
    let json = run(&[&folder, "--format", "json"]);
    let findings: Vec<serde_json::Value> =
        serde_json::from_slice(&json.stdout).expect("it is JSON");
    assert_eq!(findings.len(), sources().len());
    let moved = findings.iter().find(|one| one["id"] == "recovery-week").expect("it is listed");
    assert_eq!(moved["standing"], "text_moved");
    assert!(
        moved["sentences"][0]["place"]
            .as_str()
            .expect("a place")
            .ends_with(|c: char| c.is_ascii_digit())
    );
}

#[test]
fn a_folder_that_is_no_checkout_is_wrong_use() {
    let empty = tempfile::tempdir().expect("a folder");
    for folder in [empty.path().display().to_string(), "/nowhere/at/all".to_owned()] {
        let output = run(&[&folder]);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        let said = String::from_utf8(output.stderr).expect("UTF-8");
        assert!(said.contains("error: ") && said.contains("help: git clone"), "{said}");
    }
    assert!(String::from_utf8(run(&["--help"]).stdout).expect("UTF-8").contains("keydesk sources"));
}

/// A folder in which every file says what is relied on, wrapped as no file is.
fn checkout() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for source in sources() {
        let Some(file) = source.file else { continue };
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("writable");
        let before = fs::read_to_string(&path).unwrap_or_default();
        let wrapped = source.text.replace(' ', "\n    ");
        fs::write(&path, format!("{before}<p>{wrapped}</p>\n")).expect("writable");
    }
    folder
}

fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keydesk"));
    command.arg("sources").args(arguments).output().expect("it runs")
}
