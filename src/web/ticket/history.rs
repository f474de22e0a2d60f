//! What happened to a ticket and why, and what was done about it.

use jiff::Timestamp;
use serde::Serialize;

use crate::store::{ActionRow, HistoryRow, SetAside};
use crate::web::words::Moment;

/// One event and the reasons of its decision.
#[derive(Debug, Serialize)]
pub(super) struct Entry {
    at: Moment,
    what: &'static str,
    key: String,
    reasons: Vec<String>,
}

/// The history, newest first, the reasons of one event together.
pub(super) fn entries(rows: &[HistoryRow], now: Timestamp) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for row in rows {
        match entries.last_mut().filter(|last| last.key == row.event_key) {
            Some(last) => last.reasons.push(row.reason.clone()),
            None => entries.push(Entry {
                at: Moment::new(row.at, now),
                what: what(&row.event_key),
                key: row.event_key.clone(),
                reasons: vec![row.reason.clone()],
            }),
        }
    }
    entries.reverse();
    entries
}

/// What an event was, by its key.
fn what(key: &str) -> &'static str {
    let mut parts = key.split(':');
    match (parts.next().unwrap_or_default(), parts.nth(1).unwrap_or_default()) {
        ("issue", "opened") => "Request opened",
        ("issue", "deleted") => "Issue deleted",
        ("issue", "transferred") => "Issue moved away",
        ("comment", "created") => "Comment",
        ("comment", "edited") => "Comment edited",
        ("comment", "deleted") => "Comment deleted",
        ("button", _) => "Button",
        ("wake", _) => "Clock",
        ("rules", _) => "Other rules",
        ("related", _) => "Another request",
        ("labels-refused" | "labels_refused", _) => "Labels refused",
        _ => "Change on GitHub",
    }
}

/// What was or is to be done on GitHub.
#[derive(Debug, Serialize)]
pub(super) struct Done {
    at: Moment,
    what: String,
    outcome: String,
}

/// Actions by what became of them.
#[derive(Debug, Serialize)]
pub(super) struct Actions {
    /// Still to be done.
    waiting: Vec<Done>,
    /// Given up.
    given_up: Vec<Done>,
    /// Done, newest first.
    done: Vec<Done>,
    /// Only shown: the desk observes.
    observed: Vec<Done>,
    /// What came and could not be handled.
    aside: Vec<Done>,
}

impl Actions {
    /// The actions of a ticket, and what was set aside of it.
    pub(super) fn of(rows: &[ActionRow], aside: Vec<SetAside>, now: Timestamp) -> Self {
        let of_state = |state: &str| -> Vec<Done> {
            let rows = rows.iter().filter(|row| row.state == state);
            rows.map(|row| done(row, now)).collect()
        };
        let mut newest_first = of_state("done");
        newest_first.reverse();
        Self {
            waiting: of_state("waiting"),
            given_up: of_state("given_up"),
            done: newest_first,
            observed: of_state("observed"),
            aside: aside
                .into_iter()
                .map(|one| Done {
                    at: Moment::new(one.received_at, now),
                    what: one.event,
                    outcome: one.problem,
                })
                .collect(),
        }
    }
}

fn done(row: &ActionRow, now: Timestamp) -> Done {
    let outcome = match (row.state.as_str(), row.outcome.as_str()) {
        ("waiting", "") => "waits for its turn".to_owned(),
        (_, outcome) => outcome.to_owned(),
    };
    Done { at: Moment::new(row.planned_at, now), what: row.summary.clone(), outcome }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_of_one_event_stand_together_newest_first() {
        let at: Timestamp = "2026-11-23T09:00:00Z".parse().expect("a time");
        let row = |key: &str, reason: &str| HistoryRow {
            at,
            event_key: key.to_owned(),
            reason: reason.to_owned(),
        };
        let rows = [
            row("issue:1:opened", "a"),
            row("issue:1:opened", "b"),
            row("comment:2:edited:7-ab", "c"),
            row("button:00", "d"),
            row("delivery:x", "e"),
        ];
        let entries = entries(&rows, at);
        let shown: Vec<(&str, usize)> =
            entries.iter().map(|entry| (entry.what, entry.reasons.len())).collect();
        let wanted =
            [("Change on GitHub", 1), ("Button", 1), ("Comment edited", 1), ("Request opened", 2)];
        assert_eq!(shown, wanted);
    }
}
