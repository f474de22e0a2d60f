//! The book in `docs/`: the chapters that are made of the code, and what all pages tell people to type.

mod command_line;
mod reference;
mod typed;

use std::fs;
use std::path::{Path, PathBuf};

/// Where this file lies in the repository.
fn path_of(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(file)
}

fn read(file: &str) -> String {
    fs::read_to_string(path_of(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// Holds a page against what it is made of; `KEYDESK_DOCS=write` writes it anew before.
fn hold(file: &str, page: &str) {
    if std::env::var("KEYDESK_DOCS").is_ok_and(|word| word == "write") {
        fs::write(path_of(file), page).expect("a page that can be written");
    }
    let there = fs::read_to_string(path_of(file)).unwrap_or_default();
    assert!(there == page, "{file} is not what the code says; KEYDESK_DOCS=write writes it anew");
}

/// A text as it stands in a cell of a table.
fn cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

/// Words for a cell, in which `<` outside of code begins no HTML.
fn prose(text: &str) -> String {
    let mut is_code = false;
    let mut written = String::new();
    for letter in cell(text).chars() {
        is_code ^= letter == '`';
        if letter == '<' && !is_code {
            written.push('\\');
        }
        written.push(letter);
    }
    written
}
