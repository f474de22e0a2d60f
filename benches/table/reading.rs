//! Reading a request and deciding on it, without any store or GitHub.

use std::hint::black_box;
use std::process::Command;
use std::time::Instant;

use crate::desk::program;
use crate::row::Limit::{AtLeast, AtMost};
use crate::row::{Row, median, rounded};
use crate::samples;

/// By `benches/reading-rate`, which holds it beside its peer in processes of their own.
pub(crate) fn beside_peer() -> Vec<Row> {
    let output = Command::new("benches/reading-rate")
        .env("KEYDESK", program())
        .output()
        .expect("the script");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let figure = |name: &str| -> f64 {
        let line = text.lines().find_map(|line| line.strip_prefix(name)).expect("a line");
        line.split_whitespace().next().and_then(|word| word.parse().ok()).expect("a figure")
    };
    let rates = |ours: &str, peer: &str| {
        format!("{} against {} a second", rounded(figure(ours)), rounded(figure(peer)))
    };
    vec![
        Row {
            work: "reading 25,700 bodies, process to process of @github/issue-parser, headings only",
            figure: figure("keydesk to peer, process"),
            unit: "times",
            limit: AtLeast(3.0),
            ground: rates("keydesk, process", "peer, process"),
        },
        Row {
            work: "reading 1,200 bodies, likewise",
            figure: figure("keydesk to peer, short run"),
            unit: "times",
            limit: AtLeast(3.0),
            ground: rates("keydesk, in a short run", "peer, in a short run"),
        },
    ]
}

/// One decision on a new request that is read already.
pub(crate) fn decision() -> Vec<Row> {
    const DECISIONS: u32 = 20_000;
    let decide = samples::decision_on_a_new_request();
    let times = (0..9).map(|_| {
        let began = Instant::now();
        for _ in 0..DECISIONS {
            black_box(decide());
        }
        began.elapsed().as_secs_f64() * 1e6 / f64::from(DECISIONS)
    });
    vec![Row {
        work: "decision on a new request",
        figure: median(times),
        unit: "µs",
        limit: AtMost(10.0),
        ground: format!("{DECISIONS} at a time"),
    }]
}
