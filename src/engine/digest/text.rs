//! A digest in words: plain lines that read well in any chat and in a terminal.
//!
//! To tell something more: a function here, a line in [`lines`], and its facts in the store.

use jiff::Timestamp;

use super::Digest;
use crate::store::{DigestFacts, GivenUp, LongWait, WaitSummary};

/// What of a reason is shown; the log has the rest.
const REASON_CHARACTERS_MAX: usize = 300;

/// All lines, those that have nothing to tell left out.
pub(super) fn lines(digest: &Digest) -> Vec<String> {
    let facts = &digest.facts;
    let day = |at: Timestamp| digest.timezone.to_datetime(at).date().to_string();
    let mut lines = vec![
        format!("{}: digest of {}, since {}", digest.repository, day(digest.at), day(facts.since)),
        open(facts),
    ];
    if digest.is_observing {
        lines.push("This desk only observes: nothing of this was written to GitHub.".to_owned());
    }
    if !facts.longest.is_empty() {
        lines.push("Waiting longest for maintainers:".to_owned());
        lines.extend(facts.longest.iter().map(|wait| {
            let waited = age(digest.at.duration_since(wait.since).as_secs());
            longest(wait, (&waited, wait.snoozed_until.map(day)))
        }));
    }
    lines.push(happened(facts));
    lines.extend(facts.first_reply.map(|waits| waited("First reply", waits)));
    lines.extend(facts.resolution.map(|waits| waited("Until it was closed", waits)));
    lines.extend(late(facts.late));
    lines.extend(withheld(facts.withheld));
    lines.extend(facts.given_up.iter().map(given_up));
    lines.extend(set_aside(facts.set_aside));
    lines.extend(digest.problem.as_deref().map(problem));
    lines
}

fn open(facts: &DigestFacts) -> String {
    let count = |turn: &str| facts.open.get(turn).copied().unwrap_or(0);
    match (count("maintainers"), count("requester")) {
        (0, 0) => "Nothing is open.".to_owned(),
        (maintainers, requester) => {
            let waits = if maintainers == 1 { "waits" } else { "wait" };
            format!("Open: {maintainers} {waits} for maintainers, {requester} for the requester.")
        }
    }
}

fn longest(wait: &LongWait, (waited, snoozed_until): (&str, Option<String>)) -> String {
    let escalated = match wait.steps.join(", ") {
        steps if steps.is_empty() => String::new(),
        steps => format!(", escalated ({steps})"),
    };
    let snoozed = snoozed_until.map(|until| format!(", snoozed until {until}")).unwrap_or_default();
    format!("- #{}, {waited}{escalated}{snoozed}: {}", wait.number, wait.url)
}

/// Everything that happened in one line, what did not happen left out.
fn happened(facts: &DigestFacts) -> String {
    let count = |kind: &str| -> u64 {
        let counted = facts.happened.iter().filter(|counted| counted.kind == kind);
        counted.map(|counted| counted.count).sum()
    };
    let some = |kind: &str, words: &str| match count(kind) {
        0 => None,
        count => Some(format!("{count} {words}")),
    };
    let steps: Vec<String> = facts
        .happened
        .iter()
        .filter(|counted| counted.kind == "escalated")
        .map(|counted| format!("{}: {}", counted.detail, counted.count))
        .collect();
    let escalated =
        some("escalated", "escalated").map(|line| format!("{line} ({})", steps.join(", ")));
    let endings: Vec<String> = [
        some("recovered", "recovered"),
        some("deflected", "solved without staff"),
        some("closed_for_silence", "for silence"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let closed = some("closed", "closed").map(|line| match endings.join(", ") {
        endings if endings.is_empty() => line,
        endings => format!("{line} ({endings})"),
    });
    let parts: Vec<String> = [
        some("opened", "opened"),
        some("answered", "answered for the first time"),
        escalated,
        some("reminded", "reminded"),
        closed,
        some("reopened", "opened again"),
        some("left", "deleted or moved"),
    ]
    .into_iter()
    .flatten()
    .collect();
    if parts.is_empty() {
        return "Since then nothing happened.".to_owned();
    }
    format!("Since then: {}.", parts.join(", "))
}

fn waited(what: &str, waits: WaitSummary) -> String {
    format!(
        "{what}, over the last 90 days: half within {}, nine in ten within {} ({}).",
        span(waits.half_hours),
        span(waits.most_hours),
        requests(waits.count)
    )
}

fn late(count: u64) -> Option<String> {
    let rate = "the policy's `overdue_per_hour` says how many an hour";
    (count > 0).then(|| format!("Overdue, waiting to be taken up: {}; {rate}.", requests(count)))
}

fn withheld(count: u64) -> Option<String> {
    let what = "Overdue when they were imported, and not escalated or reminded for it";
    (count > 0).then(|| format!("{what}: {}.", requests(count)))
}

fn given_up(given_up: &GivenUp) -> String {
    let kind = given_up.kind.replace('_', " ");
    format!("Given up: {} × {kind}: {}", given_up.count, brief(&given_up.why))
}

fn set_aside(count: u64) -> Option<String> {
    let words = match count {
        0 => return None,
        1 => "1 delivery could not be handled and is set aside. It is".to_owned(),
        _ => format!("{count} deliveries could not be handled and are set aside. They are"),
    };
    Some(format!("{words} not lost; the log says why, under “set aside”."))
}

fn problem(words: &str) -> String {
    format!("Something is wrong with the desk's settings: {}", brief(words))
}

/// One line of bounded length.
fn brief(words: &str) -> String {
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(REASON_CHARACTERS_MAX) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// How long it has been: whole hours in the first two days, then whole days.
fn age(seconds: i64) -> String {
    let hours = u32::try_from(seconds.max(0) / 3_600).unwrap_or(u32::MAX);
    if hours < 48 { count(hours, "hour") } else { count(hours / 24, "day") }
}

/// How long it took at most: the same, rounded up.
fn span(hours: u32) -> String {
    if hours < 48 { count(hours, "hour") } else { count(hours.div_ceil(24), "day") }
}

fn requests(count: u64) -> String {
    if count == 1 { "1 request".to_owned() } else { format!("{count} requests") }
}

fn count(count: u32, unit: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}
