//! The laws, each a function that looks at a world after everything is over and tells what breaks
//! it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use keydesk::sandbox::github::{CallFaultKind, SeenCall};
use rusqlite::types::Value;

use super::words::{Word, words};
use super::world::World;

/// A law: its name, and what looks whether it was kept.
pub(super) type Law = (&'static str, fn(&World) -> Vec<String>);

/// Those about what came in and what went out.
pub(super) const LAWS: &[Law] = &[
    ("1, applied exactly once", applied_once),
    ("2, no comment twice", commented_once),
    ("2, no effect lost", nothing_lost),
    ("2, fifteen seconds", looked_in_time),
    ("3, in order", in_order),
    ("4, limits", within_limits),
    ("4, bulk a second apart", bulk_apart),
    ("4, GitHub's request to wait", waits_when_asked),
];

/// The rows of a question to the bot's memory, as texts.
pub(super) fn rows(world: &World, sql: &str) -> Vec<Vec<String>> {
    let mut statement = world.eye.prepare_cached(sql).expect("SQL");
    let width = statement.column_count();
    let found = statement.query_map([], |row| {
        (0..width).map(|at| row.get::<_, Value>(at).map(|value| text_of(&value))).collect()
    });
    found.expect("an answer").collect::<Result<_, _>>().expect("rows")
}

fn text_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::Blob(bytes) => String::from_utf8_lossy(bytes).into_owned(),
    }
}

fn calls(world: &World) -> Vec<SeenCall> {
    world.desk.github.seen_calls()
}

/// Law 1: everything GitHub sent was taken, nothing waits or was set aside, what is of a ticket
/// was applied, and nothing was applied at two times.
fn applied_once(world: &World) -> Vec<String> {
    let undone = "SELECT guid, event, state, problem FROM deliveries WHERE state <> 'done'";
    let mut breaches: Vec<String> =
        rows(world, undone).iter().map(|row| format!("delivery {row:?}")).collect();
    breaches.extend(world.kept_twice.iter().map(|guid| format!("kept twice: {guid}")));
    breaches.extend(world.not_found.iter().map(|event| format!("looked for in vain: {event}")));
    for event in &world.sent {
        if !world.taken.contains_key(&event.guid) {
            breaches.push(format!("never taken: {}", super::world::told(event)));
        }
    }
    let applied: BTreeSet<String> =
        rows(world, "SELECT event_key FROM events").into_iter().flatten().collect();
    let tickets: BTreeSet<String> =
        rows(world, "SELECT issue FROM tickets").into_iter().flatten().collect();
    for event in &world.sent {
        let issue = event.payload["issue"]["id"].to_string();
        let key = match (event.event.as_str(), event.action.as_deref()) {
            ("issue_comment", Some("created")) => {
                format!("comment:{}:created", event.payload["comment"]["id"])
            }
            ("issues", Some("opened")) => format!("issue:{issue}:opened"),
            _ => continue,
        };
        if tickets.contains(&issue) && !applied.contains(&key) {
            breaches.push(format!("never applied: {key}"));
        }
    }
    let twice = "SELECT event_key FROM history GROUP BY event_key HAVING count(DISTINCT at) > 1";
    breaches.extend(rows(world, twice).iter().map(|row| format!("applied twice: {row:?}")));
    breaches
}

/// Law 2: no marker is under two comments, and no two answers to one comment are the same.
fn commented_once(world: &World) -> Vec<String> {
    let mut breaches = Vec::new();
    let mut seen = BTreeSet::new();
    for call in calls(world) {
        let is_posting = call.name == "create_comment" && call.was_done();
        if is_posting && !seen.insert(call.about.clone()) {
            breaches.push(format!("twice: {} at {}", call.about, call.at));
        }
    }
    let mut answers = BTreeSet::new();
    let said = "SELECT action_key, action FROM actions WHERE kind = 'comment'";
    for row in rows(world, said) {
        let comment: Vec<&str> = row[0].splitn(3, ':').take(2).collect();
        if comment[0] == "comment" && !answers.insert((comment.join(":"), row[1].clone())) {
            breaches.push(format!("the same answer twice: {}", row[0]));
        }
    }
    breaches
}

/// Law 2: every action was done, or given up because GitHub refused it; what is said to have been
/// posted was posted.
fn nothing_lost(world: &World) -> Vec<String> {
    let waiting = "SELECT action_key, kind, outcome FROM actions WHERE state = 'waiting'";
    let mut breaches: Vec<String> =
        rows(world, waiting).iter().map(|row| format!("undone: {row:?}")).collect();
    let given_up = rows(
        world,
        "SELECT action_key, kind, outcome FROM actions WHERE state = 'given_up' AND kind <> 'notify'",
    );
    let is_refusal = |call: &&SeenCall| {
        call.refused.is_some() || matches!(call.fault, Some(CallFaultKind::Refused(_)))
    };
    let refused = calls(world).iter().filter(is_refusal).count();
    if given_up.len() > refused {
        breaches.push(format!("given up though GitHub refused only {refused}: {given_up:?}"));
    }
    let posted: BTreeSet<String> = calls(world)
        .into_iter()
        .filter(|call| call.name == "create_comment" && call.was_done())
        .map(|call| call.about)
        .collect();
    let done = "SELECT action_key FROM actions WHERE kind = 'comment' AND state = 'done'
                AND outcome IN ('posted', 'was there already')";
    for key in rows(world, done).into_iter().flatten() {
        if !posted.contains(&keydesk::github::marker(&key)) {
            breaches.push(format!("said to be posted: {key}"));
        }
    }
    breaches
}

/// Law 2: after an attempt of which the bot cannot know the end, nobody looks or sends again
/// before fifteen seconds.
fn looked_in_time(world: &World) -> Vec<String> {
    let mut last: BTreeMap<String, SeenCall> = BTreeMap::new();
    let mut breaches = Vec::new();
    for call in calls(world) {
        if !["create_comment", "find_comment"].contains(&call.name) {
            continue;
        }
        if let Some(before) = last.get(&call.about) {
            let gap = call.at.duration_since(before.at);
            let is_unclear = before.may_have_arrived() && before.refused.is_none();
            if is_unclear && gap < SignedDuration::from_secs(15) {
                breaches.push(format!("{} again after {gap:#}: {}", call.name, call.about));
            }
        }
        if call.name == "create_comment" {
            last.insert(call.about.clone(), call);
        }
    }
    breaches
}

/// Law 3: the actions of an issue end in the order in which they were decided on.
fn in_order(world: &World) -> Vec<String> {
    let mut last: BTreeMap<String, i64> = BTreeMap::new();
    let mut breaches = Vec::new();
    for row in rows(world, "SELECT issue, action FROM ends ORDER BY id") {
        let action: i64 = row[1].parse().expect("a number");
        let before = last.insert(row[0].clone(), action).unwrap_or_default();
        if before > action {
            breaches.push(format!("action {action} ended after {before}"));
        }
    }
    breaches
}

/// Law 4: no window over what GitHub saw is fuller than allowed.
fn within_limits(world: &World) -> Vec<String> {
    let content =
        ["create_comment", "put_comment", "put_label", "put_issue_text", "put_issue_state"];
    let arrived: Vec<SeenCall> =
        calls(world).into_iter().filter(SeenCall::may_have_arrived).collect();
    let mut breaches = Vec::new();
    let windows = [(world.limits.per_minute, 60), (world.limits.per_hour, 3_600)];
    for (limit, seconds) in windows {
        let limit = limit.map_or(usize::MAX, |limit| limit as usize);
        let writes: Vec<&SeenCall> =
            arrived.iter().filter(|call| content.contains(&call.name)).collect();
        let span = SignedDuration::from_secs(seconds);
        for pair in writes.windows(limit.saturating_add(1).min(writes.len() + 1)) {
            let (first, last) = (pair[0], pair[pair.len() - 1]);
            if last.at.duration_since(first.at) < span {
                breaches.push(format!("more than {limit} in {seconds} s from {}", first.at));
            }
        }
    }
    let points = |call: &SeenCall| if call.is_write() { 5 } else { 1 };
    for (at, call) in arrived.iter().enumerate() {
        let minute = arrived[at..]
            .iter()
            .take_while(|later| later.at.duration_since(call.at) < SignedDuration::from_mins(1));
        let sum: u32 = minute.map(points).sum();
        if sum > 900 {
            breaches.push(format!("{sum} points from {}", call.at));
        }
    }
    breaches
}

/// Law 4: comments nobody waits for are posted a second apart.
fn bulk_apart(world: &World) -> Vec<String> {
    let bulk: BTreeSet<String> = rows(world, "SELECT action_key FROM actions WHERE urgency > 0")
        .into_iter()
        .flatten()
        .map(|key| keydesk::github::marker(&key))
        .collect();
    let mut posted = calls(world);
    posted.retain(|call| {
        call.name == "create_comment" && call.may_have_arrived() && bulk.contains(&call.about)
    });
    let is_near =
        |pair: &&[SeenCall]| pair[1].at.duration_since(pair[0].at) < SignedDuration::from_secs(1);
    let near = posted.windows(2).filter(is_near);
    near.map(|pair| format!("{} and {}", pair[0].about, pair[1].about)).collect()
}

/// Law 4: who is asked to wait while writing writes nothing until then.
fn waits_when_asked(world: &World) -> Vec<String> {
    let calls = calls(world);
    let mut breaches = Vec::new();
    for (at, call) in calls.iter().enumerate() {
        let Some(CallFaultKind::Limited(span)) = call.fault.filter(|_| call.is_write()) else {
            continue;
        };
        // Who dies over the answer has not heard it; another worker goes on until it is kept, and
        // while they work time stands still.
        let others = world.worker_count - 1;
        let is_heard = !(at + 1..=at + 1 + others).any(|count| world.crashes.contains(&count));
        let until = call.at + SignedDuration::try_from(span).expect("short");
        let is_early = |later: &&SeenCall| {
            later.is_write() && later.at < until && (others == 0 || later.at > call.at)
        };
        let early = calls[at + 1..].iter().find(is_early);
        if let Some(early) = early.filter(|_| is_heard) {
            breaches.push(format!("{} at {} though asked at {}", early.name, early.at, call.at));
        }
    }
    breaches
}

/// The words of staff on an issue, for laws that ask whether somebody answered.
pub(super) fn words_of_staff(world: &World, issue: u64) -> Vec<Word> {
    let mut said = words(world);
    said.retain(|word| word.issue == issue && word.is_of_staff());
    said
}
