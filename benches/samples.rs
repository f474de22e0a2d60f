//! What the benches decide on.

use jiff::Timestamp;
use keydesk::policy::layers::built_in;
use keydesk::reading::form::Form;
use keydesk::reading::{Reading, read_request};
use keydesk::triage::{
    Actor, Decision, Event, EventKey, EventKind, Findings, IssueId, IssueNumber, Login, Person,
    Snapshot, UserId, decide,
};
use serde_json::Value;

const REQUESTS: &str = include_str!("../tests/corpus/requests.jsonl");

/// Titles and bodies of the corpus.
pub(crate) fn requests() -> Vec<(String, String)> {
    let text = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    let rows = REQUESTS.lines().map(|line| serde_json::from_str(line).expect("each line is JSON"));
    rows.map(|row: Value| (text(&row, "title"), text(&row, "body"))).collect()
}

/// Decides on a new request, as often as it is called.
pub(crate) fn decision_on_a_new_request() -> impl Fn() -> Decision {
    let policy = built_in();
    let (title, body) = requests().swap_remove(0);
    let reading = read_request(&Form::built_in(), &title, &body);
    let now: Timestamp = "2026-11-23T09:00:00Z".parse().expect("a time");
    let event = opened(now, (title, body), reading);
    let findings = Findings::default();
    let decide = move || decide(None, &event, &findings, (&policy, now));
    assert!(!decide().actions.is_empty(), "a request that changes nothing measures nothing");
    decide
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
