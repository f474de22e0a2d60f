//! The laws about people: what they set stays, who may do what, what must stay secret, and that
//! GitHub shows what the ticket says.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use keydesk::sandbox::github::CallFaultKind;
use keydesk::sandbox::state::{Happening, Issue, TimelineEntry};
use keydesk::triage::{LabelState, Stage, Turn};

use super::laws::{Law, rows, words_of_staff};
use super::people::{SECRET, STAFF};
use super::words::words;
use super::world::World;
use crate::desk::BOT;

/// Those about people.
pub(super) const LAWS: &[Law] = &[
    ("5, labels of people stay", labels_stay),
    ("6, nothing closed unanswered", closed_after_an_answer),
    ("7, nobody without the role", nobody_without_the_role),
    ("8, secrets stay secret", secrets_stay_secret),
    ("the ticket says what GitHub shows", agrees),
];

/// Law 5: a label that a person put on or took off stays so, from when the bot knows of it, until
/// a person or a command changes it.
fn labels_stay(world: &World) -> Vec<String> {
    let calls = world.desk.github.seen_calls();
    let said = words(world);
    let mut breaches = Vec::new();
    for (at, event) in world.sent.iter().enumerate() {
        let is_on = event.action.as_deref() == Some("labeled");
        let is_off = event.action.as_deref() == Some("unlabeled");
        let payload = &event.payload;
        if event.event != "issues" || !(is_on || is_off) || payload["sender"]["login"] == BOT {
            continue;
        }
        let known = world.taken.get(&event.guid).filter(|taken| taken.is_handled_at_once);
        let Some(known) = known else { continue };
        let number = payload["issue"]["number"].as_u64().unwrap_or_default();
        // Where an issue moves to it begins anew, and may have the number it had.
        let place =
            format!("{}#{number}", payload["repository"]["full_name"].as_str().unwrap_or_default());
        let label = payload["label"]["name"].as_str().unwrap_or_default().to_lowercase();
        let is_commanded = said.iter().any(|word| {
            let taken = world.taken.get(&word.guid);
            let is_later = word.at > at
                || taken.is_none_or(|taken| {
                    taken.call_count >= known.call_count || !taken.is_handled_at_once
                });
            word.issue == number && may_change(&word.body, &label) && word.is_of_staff() && is_later
        });
        let is_changed = world.sent[at + 1..].iter().any(|later| {
            later.payload["issue"]["number"] == number
                && later.payload["repository"]["id"] == payload["repository"]["id"]
                && later.payload["sender"]["login"] != BOT
                && later.payload["label"]["name"] == payload["label"]["name"]
        });
        if is_commanded || is_changed {
            continue;
        }
        let against = if is_on { "put_issue_unlabelled" } else { "put_issue_labels" };
        let is_it = |about: &str| {
            about.split_once(' ').is_some_and(|(issue, labels)| {
                issue == place && labels.split(", ").any(|one| one.to_lowercase() == label)
            })
        };
        let done = calls[known.call_count..].iter();
        if let Some(call) = done.clone().find(|call| call.name == against && is_it(&call.about)) {
            breaches.push(format!("{} {} at {}", call.name, call.about, call.at));
        }
    }
    breaches
}

/// Whether these words may command something about this label.
fn may_change(words: &str, label: &str) -> bool {
    let commands: &[&str] = match label {
        "escalated" => &["/label", "/unlabel", "/calm"],
        "needs information" => &["/label", "/unlabel", "/need"],
        _ => &["/label", "/unlabel"],
    };
    commands.iter().any(|command| words.contains(command))
}

fn issues(world: &World) -> Vec<Issue> {
    world.desk.sandbox.with(|state| {
        let tracker = keydesk::sandbox::seed::tracker();
        state.find_repository(&tracker).expect("the tracker").issues.clone()
    })
}

/// Law 6: what the bot closed had been answered by a human of the desk, or its author asked for it.
fn closed_after_an_answer(world: &World) -> Vec<String> {
    let said = words(world);
    let mut breaches = Vec::new();
    for issue in issues(world) {
        let closings = issue
            .timeline
            .iter()
            .filter(|entry| entry.actor == BOT && matches!(entry.happening, Happening::Closed(_)));
        if closings.count() == 0 {
            continue;
        }
        let is_asked_for = said.iter().any(|word| {
            let asks = ["/resolved", "please close", "Thank you"];
            word.issue == issue.number
                && word.speaker == issue.author
                && asks.iter().any(|ask| word.body.contains(ask))
        });
        if !is_asked_for && words_of_staff(world, issue.number).is_empty() {
            breaches.push(format!("#{} was closed", issue.number));
        }
    }
    breaches
}

/// Law 7: comments of those without the role lead to no closing, opening or assigning, and to no
/// words but answers to themselves; and no account is given back but by staff's own command.
fn nobody_without_the_role(world: &World) -> Vec<String> {
    let mut actions: BTreeMap<u64, Vec<Vec<String>>> = BTreeMap::new();
    for row in rows(world, "SELECT action_key, kind, action FROM actions") {
        let mut parts = row[0].split(':');
        if let (Some("comment"), Some(id)) = (parts.next(), parts.next()) {
            let id = id.parse().expect("a comment's id");
            actions.entry(id).or_default().push(row);
        }
    }
    let said = words(world);
    let mut breaches = Vec::new();
    for word in &said {
        let is_nobody = !STAFF.contains(&word.speaker.as_str())
            && word.speaker != word.requester
            && word.author == word.speaker
            && word.speaker != BOT;
        for row in actions.get(&word.comment).into_iter().flatten().filter(|_| is_nobody) {
            let is_effect = ["close", "reopen", "assign", "unassign"].contains(&row[1].as_str());
            let templates = ["\"faq", "\"help", "\"blanked", "\"private", "\"refused"];
            let is_answer = templates.iter().any(|name| row[2].contains(name));
            if is_effect || row[1] == "comment" && !is_answer {
                breaches.push(format!("{} led to {row:?}", word.speaker));
            }
        }
    }
    for issue in issues(world) {
        let stage = world.desk.report(issue.number).map(|report| report.ticket.stage);
        let is_given =
            words_of_staff(world, issue.number).iter().any(|word| word.body.contains("/recovered"));
        if stage == Some(Stage::Recovered) && !is_given {
            breaches.push(format!("#{} is recovered", issue.number));
        }
    }
    breaches
}

/// Law 8: the planted secret is in no column, log line, figure or comment of ours.
fn secrets_stay_secret(world: &World) -> Vec<String> {
    let leaks = rows(world, "SELECT DISTINCT place FROM leaks");
    let mut breaches: Vec<String> =
        leaks.into_iter().flatten().map(|table| format!("was in {table}")).collect();
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table'";
    for table in rows(world, tables).into_iter().flatten() {
        for row in rows(world, &format!("SELECT * FROM {table}")) {
            if row.iter().any(|text| text.contains(SECRET)) {
                let row = format!("{row:?}").replace(SECRET, "[secret]");
                breaches.push(format!("in {table}: {:.200}", row));
            }
        }
    }
    let log = String::from_utf8_lossy(&world.log.lock().expect("no panic")).into_owned();
    breaches.extend(log.lines().filter(|line| line.contains(SECRET)).map(str::to_owned));
    if world.desk.figures().contains(SECRET) {
        breaches.push("in the figures".to_owned());
    }
    for comment in issues(world).iter().flat_map(|issue| &issue.comments) {
        if comment.author == BOT && comment.body.contains(SECRET) {
            breaches.push(format!("said by us: {}", comment.body));
        }
    }
    breaches
}

/// GitHub and the tickets say the same.
fn agrees(world: &World) -> Vec<String> {
    issues(world)
        .iter()
        .filter(|issue| issue.gone.is_none())
        .flat_map(|it| disagree(world, it))
        .collect()
}

/// Whether the bot and a person closed and opened it within one minute: who was last is not always
/// told by what GitHub sends.
fn was_fought_over(issue: &Issue) -> bool {
    let is_state = |entry: &&TimelineEntry| {
        matches!(entry.happening, Happening::Closed(_) | Happening::Reopened)
    };
    let states: Vec<&TimelineEntry> = issue.timeline.iter().filter(is_state).collect();
    states.windows(2).any(|pair| {
        let gap = pair[1].created_at.duration_since(pair[0].created_at);
        (pair[0].actor == BOT) != (pair[1].actor == BOT) && gap < SignedDuration::from_mins(1)
    })
}

/// Whether GitHub refused for good to close the issue or to open it.
fn was_state_refused(world: &World, number: u64) -> bool {
    let about = keydesk::sandbox::seed::tracker().issue(number).to_string();
    world.desk.github.seen_calls().iter().any(|call| {
        let is_refused = matches!(call.fault, Some(CallFaultKind::Refused(_)));
        is_refused && call.name == "put_issue_state" && call.about == about
    })
}

fn disagree(world: &World, issue: &Issue) -> Vec<String> {
    let Some(report) = world.desk.report(issue.number) else {
        return vec![format!("#{} has no ticket", issue.number)];
    };
    let ticket = report.ticket;
    let may_differ = was_fought_over(issue) || was_state_refused(world, issue.number);
    if ticket.is_open != issue.is_open() && may_differ {
        return Vec::new();
    }
    if ticket.is_open != issue.is_open() {
        return vec![format!("#{}: the ticket is open: {}", issue.number, ticket.is_open)];
    }
    if !issue.is_open() {
        return Vec::new();
    }
    let labels = world.desk.labels_of(issue);
    let mut breaches = Vec::new();
    for (label, state) in &ticket.labels {
        let is_there = labels.iter().any(|name| name.to_lowercase() == *label);
        let is_wanted = match state {
            LabelState::Adding
            | LabelState::PuttingBack
            | LabelState::Present
            | LabelState::PinnedPresent
            | LabelState::RefusedRemoving => true,
            LabelState::Removing | LabelState::PinnedAbsent | LabelState::RefusedAdding => false,
        };
        if is_there != is_wanted {
            breaches.push(format!("#{}: {label} is {state:?}, {labels:?}", issue.number));
        }
    }
    let wanted = match ticket.turn {
        Turn::Maintainers => "status: awaiting maintainers",
        Turn::Requester => "status: awaiting response",
        Turn::Nobody => return vec![format!("#{} is open and nobody's", issue.number)],
    };
    let is_kept_off = matches!(
        ticket.labels.get(wanted),
        Some(LabelState::PinnedAbsent | LabelState::RefusedAdding)
    );
    if !is_kept_off && !labels.iter().any(|label| label == wanted) {
        breaches.push(format!("#{}: {:?}, but {labels:?}", issue.number, ticket.turn));
    }
    breaches
}
