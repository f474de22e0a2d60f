//! Other kinds of requests by configuration alone: the shipped forms and folders, and every mistake
//! somebody can make in the file of a kind.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use keydesk::policy::kinds::{self, name_of_file};
use keydesk::policy::{Layer, Policy, layers};
use keydesk::reading::form::Form;
use keydesk::reading::form::kinds::Kind;
use keydesk::reading::read_request;
use serde_json::Value;

use crate::desk::folder::rules_and_form;

mod mistakes;
mod texts;

const FILE_LIMIT: &str = include_str!("../../config/examples/pypi-limits/forms/file-limit.toml");

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| entry.expect("a readable folder").path()).collect();
    paths.sort();
    paths
}

fn stem(path: &Path) -> String {
    path.file_stem().expect("a name").to_string_lossy().into_owned()
}

/// An issue with what is read of it.
#[derive(serde::Deserialize)]
struct Example {
    #[serde(default)]
    configuration: String,
    title: String,
    body: String,
    reading: toml::Table,
}

#[test]
fn every_form_that_is_shipped_is_read_as_its_example_says() {
    for path in files(&root().join("tests/forms")) {
        if path.extension().is_none_or(|ending| ending != "toml") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a file");
        let example: Example = toml::from_str(&text).expect("an example");
        let (_, form) = rules_and_form(&example.configuration);
        let reading = read_request(&form, &example.title, &example.body);
        let got = serde_json::to_value(&reading).expect("a reading is JSON");
        for (key, wanted) in &example.reading {
            let wanted = serde_json::to_value(wanted).expect("TOML is JSON");
            let got = got.get(key).cloned().unwrap_or(Value::Null);
            assert_eq!(got, wanted, "{key} of {}", path.display());
        }
        let mut json = Vec::new();
        reading.write_json(&mut json);
        assert_eq!(json, serde_json::to_vec(&reading).expect("a reading is JSON"));
    }
}

#[test]
fn every_form_that_is_shipped_has_an_example() {
    let config = root().join("config");
    let own = files(&config.join("forms")).iter().map(|path| stem(path)).collect::<Vec<_>>();
    let folders = files(&config.join("examples")).into_iter().filter(|path| path.is_dir());
    let others = folders.flat_map(|folder| {
        let forms = files(&folder.join("forms"));
        forms.iter().map(|form| format!("{}.{}", stem(&folder), stem(form))).collect::<Vec<_>>()
    });
    let wanted: BTreeSet<String> = own.into_iter().chain(others).collect();
    let examples = files(&root().join("tests/forms")).into_iter();
    let examples = examples.filter(|path| path.extension().is_some_and(|ending| ending == "toml"));
    let there: BTreeSet<String> = examples.map(|path| stem(&path)).collect();
    assert_eq!(there, wanted);
}

#[test]
fn a_body_of_account_recovery_is_read_the_same_beside_other_kinds() {
    let corpus = fs::read_to_string(root().join("tests/corpus/requests.jsonl")).expect("a corpus");
    let (_, form) = rules_and_form("config/examples/pypi-limits");
    let plain = Form::built_in();
    let mut others = 0;
    for line in corpus.lines() {
        let row: Value = serde_json::from_str(line).expect("JSON");
        let text = |key: &str| row[key].as_str().unwrap_or_default();
        let reading = read_request(&form, text("title"), text("body"));
        if reading.kind.is_some() {
            others += 1;
            assert_eq!(row["is_account_recovery"], false, "{line}");
        } else {
            assert_eq!(reading, read_request(&plain, text("title"), text("body")), "{line}");
        }
    }
    assert!(others > 0, "the corpus has a limit request");
}

/// The kinds of these files as name and text, or what is wrong with them.
fn read(files: &[(&str, &str)]) -> Result<Policy, String> {
    let layers: Vec<Layer> = files
        .iter()
        .map(|(name, text)| Layer { name: (*name).to_owned(), text: (*text).to_owned() })
        .collect();
    let kinds = kinds::read(&layers).map_err(|problems| {
        problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    })?;
    let parse = |layer: &Layer| Kind::parse(name_of_file(&layer.name), &layer.text);
    let parsed = layers.iter().map(parse).collect::<Result<Vec<_>, _>>()?;
    let form = Form::built_in().with_kinds(parsed);
    form.map_err(|(kind, why)| format!("{kind}: {why}"))?;
    Ok(Policy { kinds, ..layers::built_in() })
}
