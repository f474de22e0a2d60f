//! The same history played by webhooks and imported: the stores agree.

use keydesk::store::{Measure, Store};
use serde_json::Value;

use super::*;

/// What may differ, and why. All else is the same to the last field.
const MAY_DIFFER: [(&str, &str); 2] = [
    ("is_imported", "it says how the ticket came to be known"),
    ("waiting", "how long others waited when the card was put is told by cards alone"),
];

/// What may differ where an issue is closed, because its timeline is not asked for.
const MAY_DIFFER_CLOSED: [(&str, &str); 4] = [
    ("labels", "who put labels on and took them off, and when, is not known"),
    ("title", "it is as it is now all along"),
    ("is_locked", "it is as it is now all along"),
    ("assignees", "they are as they are now all along"),
];

fn compared(report: &TicketReport) -> Value {
    let mut ticket = serde_json::to_value(&report.ticket).expect("JSON");
    let fields = ticket.as_object_mut().expect("an object");
    for (field, _) in MAY_DIFFER {
        fields.remove(field);
    }
    for (field, _) in MAY_DIFFER_CLOSED.iter().filter(|_| !report.ticket.is_open) {
        fields.remove(*field);
    }
    fields.insert("wake_at".to_owned(), serde_json::to_value(report.wake_at).expect("JSON"));
    ticket
}

/// The fields in which two tickets differ, for a failure that can be read.
fn differences(live: &Value, imported: &Value) -> Vec<String> {
    let fields = live.as_object().expect("an object");
    let differ = fields.iter().filter(|(name, value)| imported.get(name.as_str()) != Some(value));
    differ.map(|(name, value)| format!("{name}: {value} / {}", imported[name.as_str()])).collect()
}

fn assert_alike(live: &Store, imported: &Store, count: u64) {
    for number in 1..=count {
        match (report(live, number), report(imported, number)) {
            (Some(live), Some(imported)) => {
                let (live, imported) = (compared(&live), compared(&imported));
                assert!(live == imported, "#{number}: {:#?}", differences(&live, &imported));
            }
            (None, None) => {}
            (live, _) => panic!("#{number} is known to one alone, live: {}", live.is_some()),
        }
    }
}

#[test]
fn an_import_ends_as_webhooks_would_have() {
    let desk = Desk::under(&format!("{PATIENT}[desk]\nmode = \"observe\"\n"));
    a_busy_tracker(&desk);
    let imported = store();
    let done = desk.imports(&imported);
    assert_alike(&desk.store, &imported, 9);
    assert_eq!((done.issues, done.open, done.closed, done.overdue), (8, 5, 2, 0));
    assert!(report(&imported, 4).is_none() && report(&imported, 8).is_none());
}

#[test]
fn reasons_and_times_are_those_of_the_past() {
    let desk = Desk::under(&format!("{PATIENT}[desk]\nmode = \"observe\"\n"));
    a_busy_tracker(&desk);
    let imported = store();
    desk.imports(&imported);
    for number in [1, 2, 3, 5, 6, 7, 9] {
        let (live, imported) = (
            report(&desk.store, number).expect("a ticket"),
            report(&imported, number).expect("a ticket"),
        );
        assert!(imported.actions.is_empty(), "nothing is to be done");
        let told = |report: &TicketReport, is_open: bool| -> Vec<String> {
            let rows = report.history.iter().filter(|row| {
                // Of closed ones labels, locks and titles tell nothing; and who is told of whom
                // first does not matter.
                let is_telling = row.event_key.starts_with("comment:");
                is_telling || (is_open && !row.event_key.starts_with("related:"))
            });
            rows.map(|row| format!("{} {}", row.at, row.reason)).collect()
        };
        let is_open = live.ticket.is_open;
        assert_eq!(told(&live, is_open), told(&imported, is_open), "#{number}");
    }
}

#[test]
fn an_import_over_what_webhooks_told_changes_nothing() {
    let desk = Desk::under(&format!("{PATIENT}[desk]\nmode = \"observe\"\n"));
    a_busy_tracker(&desk);
    let before: Vec<_> = (1..=9).map(|number| report(&desk.store, number)).collect();
    let done = desk.imports(&desk.store);
    assert_eq!(done.issues, 8);
    for (number, before) in (1..=9).zip(before) {
        let after = report(&desk.store, number);
        let ticket = |report: &Option<TicketReport>| {
            report
                .as_ref()
                .map(|report| (report.ticket.clone(), report.wake_at, report.history.len()))
        };
        assert_eq!(ticket(&before), ticket(&after), "#{number}");
    }
}

#[test]
fn webhooks_that_came_late_are_caught_up_with() {
    let desk = Desk::under(&format!("{PATIENT}[desk]\nmode = \"observe\"\n"));
    desk.ada_asks(&lost_phone());
    // The bot hears nothing of all this.
    desk.hold();
    says(&desk, 1, MIRA, "Which projects do you own?");
    desk.take_held();
    desk.release(|held| held);
    says(&desk, 1, ADA, "left-pad and right-pad.");
    let complete = Desk::under(&format!("{PATIENT}[desk]\nmode = \"observe\"\n"));
    complete.ada_asks(&lost_phone());
    says(&complete, 1, MIRA, "Which projects do you own?");
    says(&complete, 1, ADA, "left-pad and right-pad.");
    let lacking = report(&desk.store, 1).expect("a ticket").ticket;
    assert_eq!(lacking.answered_at, None);
    desk.imports(&desk.store);
    let caught_up = report(&desk.store, 1).expect("a ticket").ticket;
    let heard = report(&complete.store, 1).expect("a ticket").ticket;
    assert_eq!(caught_up.answered_at, heard.answered_at);
    assert_eq!((caught_up.turn, caught_up.turn_since), (heard.turn, heard.turn_since));
    assert!(!caught_up.is_imported);
}

#[test]
fn waits_and_moments_are_counted_as_if_the_desk_had_been_there() {
    let desk = Desk::under(&format!("{PATIENT}[desk]\nmode = \"observe\"\n"));
    a_busy_tracker(&desk);
    let imported = store();
    desk.imports(&imported);
    let counted = |store: &Store| {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        [Measure::FirstReply, Measure::Resolution].map(|measure| {
            let lately = store.waits_lately(None, measure, desk.sandbox.now());
            format!("{:?}", runtime.block_on(lately).expect("an answer"))
        })
    };
    assert_eq!(counted(&desk.store), counted(&imported));
    assert!(counted(&imported).iter().all(|counted| counted != "None"));
}

#[test]
fn a_first_answer_that_may_lie_too_far_back_is_none() {
    let desk = Desk::under(&format!("{PATIENT}[desk]\nmode = \"observe\"\n"));
    desk.hold();
    desk.ada_asks(&lost_phone());
    says(&desk, 1, MIRA, "Which projects do you own?");
    desk.opens(BEN, &request(Some("ben"), "I lost my phone.", true), &["account-recovery"]);
    says(&desk, 2, MIRA, "Which projects do you own?");
    desk.wait_days(410);
    says(&desk, 1, MIRA, "Are you still there?");
    closes(&desk, 1, MIRA, false);
    let imported = store();
    desk.imports(&imported);
    let answered = |number| report(&imported, number).expect("a ticket").ticket.answered_at;
    assert_eq!(answered(1), None, "it is closed, and what was said first was not read");
    assert!(answered(2).is_some(), "an open one is read whole");
}

#[test]
fn a_closing_the_desk_would_have_made_was_not_made() {
    let desk = Desk::under(&format!("{PATIENT}[desk]\nmode = \"observe\"\n"));
    desk.ada_asks(&lost_phone());
    says(&desk, 1, ADA, "I found my recovery codes and I am in again, thank you!");
    let imported = store();
    desk.imports(&imported);
    let ticket = report(&imported, 1).expect("a ticket").ticket;
    assert_eq!((ticket.turn.name(), ticket.stage.name()), ("maintainers", "resolved"));
    assert!(ticket.is_open && ticket.closed_at.is_none());
}
