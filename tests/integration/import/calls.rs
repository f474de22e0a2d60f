//! What an import costs: few calls, and next to none the second time.

use std::collections::BTreeMap;
use std::time::Duration;

use keydesk::engine::import::{ImportError, News, Overdue};
use keydesk::github::CallError;
use keydesk::sandbox::github::{AskedPage, CallFault, CallFaultKind};

use super::*;

/// Calls by name, since so many.
fn calls_since(desk: &Desk, before: usize) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for call in desk.github.calls().into_iter().skip(before) {
        *counts.entry(call).or_default() += 1;
    }
    counts
}

/// A tracker the bot never heard of.
fn a_silent_tracker() -> Desk {
    let desk = Desk::under(PATIENT);
    desk.hold();
    a_busy_tracker(&desk);
    desk
}

#[test]
fn an_import_makes_few_calls_and_a_second_one_none_that_counts() {
    let desk = a_silent_tracker();
    let before = desk.github.calls().len();
    let store = store();
    desk.imports(&store);
    let calls = calls_since(&desk, before);
    let count = |name: &str| calls.get(name).copied().unwrap_or_default();
    assert_eq!((count("list_issues"), count("list_comments")), (1, 1));
    assert_eq!(count("list_timeline"), 5, "one for each open ticket");
    assert_eq!(count("get_role"), 3, "each person once: {calls:?}");
    assert_eq!((count("get_repository"), count("get_identity")), (1, 1));
    assert!(calls.keys().all(|name| !name.starts_with("put_") && !name.starts_with("create_")));

    let (before, asked) = (desk.github.calls().len(), desk.github.pages().len());
    let done = desk.imports(&store);
    assert_eq!(done.issues, 0);
    let calls: Vec<_> = calls_since(&desk, before).into_iter().collect();
    assert_eq!(calls, [("get_repository", 1), ("list_comments", 1), ("list_issues", 1)]);
    assert!(desk.github.pages()[asked..].iter().all(|page| page.is_unchanged));
}

#[test]
fn what_changed_is_asked_for_and_nothing_else() {
    let desk = a_silent_tracker();
    let store = store();
    desk.imports(&store);
    says(&desk, 2, MIRA, "Can you read your mailbox?");
    let asked = desk.github.pages().len();
    desk.imports(&store);
    let pages = desk.github.pages();
    let new = |page: &&AskedPage| !page.is_unchanged;
    let new: Vec<&str> = pages[asked..].iter().filter(new).map(|page| page.path.as_str()).collect();
    let home = "/repos/acme/support/issues";
    assert_eq!(new, [home, &format!("{home}/comments"), &format!("{home}/2/timeline")]);
    assert!(pages[asked..].iter().all(|page| page.is_conditional));
    let ticket = report(&store, 2).expect("a ticket").ticket;
    assert_eq!(ticket.turn.name(), "requester");
    assert!(ticket.is_imported, "nothing but history was ever told");
}

#[test]
fn limits_are_waited_for_and_told_of() {
    let desk = a_silent_tracker();
    for call in ["get_repository", "list_issues", "list_timeline", "get_role"] {
        let kind = CallFaultKind::Limited(Duration::from_millis(20));
        desk.github.fail(CallFault { call: Some(call), skip: 0, times: 2, kind });
    }
    let (done, told) = desk.tells_import(&store(), Overdue::Withheld);
    assert_eq!(done.expect("an import").open, 5);
    let waits = told.iter().filter(|news| matches!(news, News::Waiting(_))).count();
    assert_eq!(waits, 8, "{told:?}");
}

#[test]
fn refusals_end_it_with_a_word() {
    let desk = a_silent_tracker();
    let refuse = |call, status| {
        let kind = CallFaultKind::Refused(status);
        desk.github.fail(CallFault { call: Some(call), skip: 0, times: 1, kind });
        desk.tells_import(&store(), Overdue::Withheld).0.expect_err("refused")
    };
    assert!(matches!(refuse("get_repository", 404), ImportError::NotThere(_)));
    let is_refused = |error| matches!(error, ImportError::Call(CallError::Refused { .. }));
    assert!(is_refused(refuse("list_issues", 403)));
    assert!(is_refused(refuse("list_timeline", 403)));
    // A role that cannot be read makes an outsider.
    let kind = CallFaultKind::Refused(403);
    desk.github.fail(CallFault { call: Some("get_role"), skip: 0, times: 1, kind });
    assert!(desk.tells_import(&store(), Overdue::Withheld).0.is_ok());
}
