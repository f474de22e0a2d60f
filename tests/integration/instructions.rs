//! How many instructions the commonest work takes, counted by valgrind: as many on a busy machine as
//! on a quiet one. `instructions/counts.txt` holds what was counted; a twentieth more is a failure.
//! `KEYDESK_COUNTS=write` keeps the new counts, where more is worth it or less was reached.
//!
//! The program is counted as tests build it, so counts of other compilers are not comparable, and
//! not compared.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;

use keydesk::reading::form::Form;
use keydesk::reading::read_request;

use crate::desk::{Desk, lost_phone};

#[path = "../../benches/samples.rs"]
mod samples;

const COUNTS: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/integration/instructions/counts.txt");
/// Set in the run that is counted.
const COUNTED: &str = "KEYDESK_COUNTED";
/// How often each is done in that run.
const TIMES: usize = 4;

/// The work, by names that stand in the counts. Each is found there by its name, so none may
/// become a part of its caller.
mod work {
    use super::*;

    #[inline(never)]
    pub(super) fn read_requests(form: &Form, requests: &[(String, String)]) {
        for (title, body) in requests {
            black_box(read_request(form, title, body));
        }
    }

    #[inline(never)]
    pub(super) fn decide_on_requests<D>(decide: impl Fn() -> D) {
        for _ in 0..TIMES {
            black_box(decide());
        }
    }

    #[inline(never)]
    pub(super) fn accept_deliveries(desk: &Desk) {
        for event in desk.held().iter().take(TIMES) {
            desk.keeps(event);
        }
    }

    #[inline(never)]
    pub(super) fn go_the_whole_way(desk: &Desk) {
        for _ in 0..TIMES {
            desk.ada_asks(&lost_phone());
            desk.settle();
        }
    }
}

const WORKS: [&str; 4] =
    ["read_requests", "decide_on_requests", "accept_deliveries", "go_the_whole_way"];

/// Each twice, the first time to fill what is filled but once.
fn do_all() {
    let form = Form::built_in();
    let requests = samples::requests();
    for (title, body) in &requests {
        black_box(read_request(&form, title, body));
    }
    work::read_requests(&form, &requests[..TIMES]);
    let decide = samples::decision_on_a_new_request();
    work::decide_on_requests(decide);
    let desk = Desk::open().all_at_once();
    desk.ada_asks(&lost_phone());
    desk.settle();
    work::go_the_whole_way(&desk);
    desk.hold();
    for _ in 0..TIMES {
        desk.ada_asks(&lost_phone());
    }
    work::accept_deliveries(&desk);
}

#[test]
fn the_commonest_work_takes_hardly_more_instructions_than_before() {
    if std::env::var_os(COUNTED).is_some() {
        return do_all();
    }
    let compiler = compiler();
    let counted = count();
    if std::env::var("KEYDESK_COUNTS").is_ok_and(|wish| wish == "write") {
        let lines = counted.iter().map(|(work, count)| format!("{work} {count}\n"));
        let text = format!("{compiler}\n{}", lines.collect::<String>());
        return std::fs::write(COUNTS, text).expect("our own file");
    }
    let kept = std::fs::read_to_string(COUNTS).expect("our own file");
    let mut kept = kept.lines();
    if kept.next() != Some(compiler.as_str()) {
        eprintln!("not compared: the counts were made by another compiler");
        return;
    }
    for line in kept {
        let (work, before) = line.split_once(' ').expect("a name and a count");
        let (before, now): (f64, u64) = (before.parse().expect("a count"), counted[work]);
        assert!(
            now as f64 <= before * 1.05,
            "{work} takes {now} instructions, {before} before: find out why, or keep them by KEYDESK_COUNTS=write"
        );
    }
}

fn compiler() -> String {
    let output = Command::new("rustc").arg("--version").output().expect("the compiler");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// Instructions each work takes once, all it calls included.
fn count() -> BTreeMap<String, u64> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("counts");
    let program = std::env::current_exe().expect("this test");
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--quiet"])
        .arg(format!("--callgrind-out-file={}", file.display()))
        .arg(program)
        .args([
            "--exact",
            "instructions::the_commonest_work_takes_hardly_more_instructions_than_before",
        ])
        .env(COUNTED, "yes")
        .output()
        .expect("valgrind is there: on Debian, apt-get install valgrind");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told = annotated(&file);
    let total = |work: &str| {
        let name = format!("instructions::work::{work}");
        let line = told.lines().find(|line| line.contains(&name)).expect("it was counted");
        let digits: String = line
            .trim_start()
            .chars()
            .take_while(|letter| letter.is_ascii_digit() || *letter == ',')
            .filter(char::is_ascii_digit)
            .collect();
        digits.parse::<u64>().expect("a count") / TIMES as u64
    };
    WORKS.map(|work| (work.to_owned(), total(work))).into_iter().collect()
}

fn annotated(file: &Path) -> String {
    let output = Command::new("callgrind_annotate")
        .args(["--inclusive=yes", "--threshold=100", "--auto=no"])
        .arg(file)
        .output()
        .expect("it comes with valgrind");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
