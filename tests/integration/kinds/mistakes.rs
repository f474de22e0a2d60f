//! Mistakes in the file of a kind: each is told with its place and its cure.

use keydesk::guidance::Guidance;

use super::{FILE_LIMIT, read};

/// What is said of the shipped file with one text of it replaced.
fn said(from: &str, to: &str) -> String {
    assert!(FILE_LIMIT.contains(from), "{from}");
    let text = FILE_LIMIT.replacen(from, to, 1);
    read(&[("forms/file-limit.toml", &text)]).err().unwrap_or_default()
}

#[test]
fn a_mistake_is_told_with_its_place_and_cure() {
    for (from, to, told) in [
        ("turn = \"maintainers\"", "trun = \"maintainers\"", "did you mean `turn`?"),
        (
            "kind = \"line\"",
            "kind = \"lines\"",
            "unknown value `lines`\nhelp: did you mean `line`?",
        ),
        ("needs = [\"project\"", "needs = [\"projekt\"", "did you mean `project`?"),
        (
            "needs = [\"project\", \"new_limit\", \"reasons\"]",
            "needs = []",
            "nothing tells this kind from others",
        ),
        ("card = \"limit\"\n", "", "no text answers the request"),
        ("turn = \"maintainers\"\n", "", "lacks its key `turn`"),
        ("[\"About the project\"]", "[\"project url:\"]", "is that of `project`, too"),
        ("[\"About the project\"]", "[]", "a field without a heading is never found"),
        ("kind = \"choice\"", "kind = \"line\"", "only what is chosen brings a label"),
        ("name = \"about\"", "name = \"project\"", "project"),
        ("labels = [\"limit request\"]", "labels = \"limit request\"", "labels"),
    ] {
        let said = said(from, to);
        assert!(said.contains(told), "{from} -> {to}:\n{said}");
        let place = said.strip_prefix("forms/file-limit.toml:").unwrap_or_default();
        assert!(place.starts_with(|first: char| first.is_ascii_digit()), "{said}");
    }
}

#[test]
fn a_kind_has_a_name_of_its_own() {
    let said = read(&[("forms/File Limit.toml", FILE_LIMIT)]).expect_err("a name");
    assert!(said.contains("`File Limit` is no name for a kind of request"), "{said}");
    read(&[("forms/file-limit.toml", FILE_LIMIT)]).expect("the shipped one is right");
}

#[test]
fn two_kinds_that_need_the_same_headings_are_refused() {
    let both = [("forms/file-limit.toml", FILE_LIMIT), ("forms/other.toml", FILE_LIMIT)];
    let said = read(&both).expect_err("rivals");
    assert!(said.starts_with("forms/other.toml:"), "{said}");
    assert!(said.contains("forms/file-limit.toml is recognised by the same headings"), "{said}");
}

#[test]
fn a_kind_that_is_account_recovery_again_is_refused() {
    let text = FILE_LIMIT
        .replace("needs = [\"project\", \"new_limit\", \"reasons\"]", "needs = [\"conduct\"]");
    let said = read(&[("forms/file-limit.toml", &text)]).expect_err("a rival of ours");
    assert!(said.contains("one of the account-recovery form, too"), "{said}");
}

#[test]
fn a_text_that_is_not_there_is_told() {
    let policy = read(&[("forms/file-limit.toml", FILE_LIMIT)]).expect("a kind");
    let said = Guidance::built_in().missing_for(&policy).join("\n");
    assert!(
        said.contains("the kind `file-limit` names the text `limit`, which is not there"),
        "{said}"
    );
    assert!(said.contains("help: add templates/comments/limit.md"), "{said}");
    let text = FILE_LIMIT.replace("reminder = ", "remindr = ");
    let policy = read(&[("forms/file-limit.toml", &text)]).expect("a kind");
    let said = Guidance::built_in().missing_for(&policy).join("\n");
    assert!(
        said.contains("`remindr`, which is never said\nhelp: did you mean `reminder`?"),
        "{said}"
    );
}

#[test]
fn a_field_that_a_text_misspells_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["limit-reminder", "limit-follow-up", "limit-resolved"] {
        std::fs::write(folder.path().join(format!("{name}.md")), "Hello.").expect("a file");
    }
    let write = |text: &str| {
        std::fs::write(folder.path().join("limit.md"), text).expect("a file");
        Guidance::load(Some(folder.path())).expect("texts")
    };
    let policy = read(&[("forms/file-limit.toml", FILE_LIMIT)]).expect("a kind");
    let right = write("{{ fields.project }} and {{ kind }}");
    assert_eq!(right.check_kinds(&policy), Vec::new());
    let wrong = write("One\n{{ fields.projct }}");
    let said: Vec<String> = wrong.check_kinds(&policy).iter().map(ToString::to_string).collect();
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].starts_with("limit.md:2"), "{said:?}");
    assert!(said[0].contains("did you mean `fields.project`?"), "{said:?}");
}
