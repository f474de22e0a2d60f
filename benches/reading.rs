//! How fast a request is read, and how fast it is decided upon: `cargo bench`.

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use jiff::Timestamp;
use keydesk::policy::layers::built_in;
use keydesk::reading::form::{Form, split};
use keydesk::reading::{Reading, read_request};
use keydesk::triage::{
    Actor, Event, EventKey, EventKind, Findings, IssueId, IssueNumber, Login, Person, Snapshot,
    UserId, decide,
};
use serde_json::Value;

const REQUESTS: &str = include_str!("../tests/corpus/requests.jsonl");

/// Titles and bodies of the corpus.
fn requests() -> Vec<(String, String)> {
    let text = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    let rows = REQUESTS.lines().map(|line| serde_json::from_str(line).expect("each line is JSON"));
    rows.map(|row: Value| (text(&row, "title"), text(&row, "body"))).collect()
}

fn read_corpus(criterion: &mut Criterion) {
    let requests = requests();
    let form = Form::built_in();
    let mut group = criterion.benchmark_group("reading");
    let count = u64::try_from(requests.len()).expect("a corpus is countable");
    group.throughput(Throughput::Elements(count));
    group.bench_function("bodies of the corpus", |bencher| {
        bencher.iter(|| {
            for (title, body) in &requests {
                black_box(read_request(&form, title, body));
            }
        });
    });
    let bodies: Vec<String> = requests.iter().map(|(_, body)| body.replace("\r\n", "\n")).collect();
    group.bench_function("bodies taken apart", |bencher| {
        bencher.iter(|| {
            for body in &bodies {
                black_box(split(&form, body));
            }
        });
    });
    group.throughput(Throughput::Elements(1));
    let brackets = "[".repeat(65_536);
    group.bench_function("65,536 brackets", |bencher| {
        bencher.iter(|| black_box(read_request(&form, "", &brackets)));
    });
    group.finish();
}

fn decide_once(criterion: &mut Criterion) {
    let policy = built_in();
    let (title, body) = requests().swap_remove(0);
    let reading = read_request(&Form::built_in(), &title, &body);
    let now: Timestamp = "2026-11-23T09:00:00Z".parse().expect("a time");
    let event = opened(now, (title, body), reading);
    let findings = Findings::default();
    let first = decide(None, &event, &findings, (&policy, now));
    assert!(!first.actions.is_empty(), "a request that changes nothing measures nothing");
    criterion.bench_function("decision on a new request", |bencher| {
        bencher.iter(|| black_box(decide(None, &event, &findings, (&policy, now))));
    });
}

/// Somebody files the request.
fn opened(at: Timestamp, (title, body): (String, String), reading: Reading) -> Event {
    let author = Person { id: UserId(7), login: Login("ada".to_owned()), is_bot: false };
    let issue = Snapshot {
        id: IssueId(17),
        number: IssueNumber(1),
        url: "https://github.com/acme/support/issues/1".to_owned(),
        author: Some(author.clone()),
        title,
        body,
        labels: vec!["account-recovery".to_owned()],
        is_open: true,
        is_locked: false,
        assignees: Vec::new(),
        opened_at: at,
        updated_at: at,
        reading,
    };
    Event {
        key: EventKey("issue:17:opened".to_owned()),
        at,
        actor: Actor::Human(author),
        issue: Some(issue),
        kind: EventKind::Opened,
    }
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    read_corpus(&mut criterion);
    decide_once(&mut criterion);
    criterion.final_summary();
}
