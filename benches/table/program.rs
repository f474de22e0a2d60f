//! The program itself: its size, and how long it takes to build.

use std::process::Command;
use std::time::Instant;

use crate::desk::program;
use crate::row::Limit::AtMost;
use crate::row::Row;

/// What the released program weighs.
pub(crate) fn size() -> Vec<Row> {
    let bytes = std::fs::metadata(program()).expect("the binary").len();
    vec![Row {
        work: "the program",
        figure: bytes as f64 / 1e6,
        unit: "MB",
        limit: AtMost(20.0),
        ground: "optimised, stripped".to_owned(),
    }]
}

/// A release build where nothing was built before.
pub(crate) fn clean_build() -> Vec<Row> {
    let folder = tempfile::tempdir().expect("a folder");
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--release", "--locked", "--quiet", "--bin", "keydesk", "--target-dir"]);
    let began = Instant::now();
    assert!(cargo.arg(folder.path()).status().is_ok_and(|status| status.success()));
    vec![Row {
        work: "clean release build",
        figure: began.elapsed().as_secs_f64() / 60.0,
        unit: "minutes",
        limit: AtMost(6.0),
        ground: "crates fetched before".to_owned(),
    }]
}
