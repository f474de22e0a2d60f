//! What stays: killed anywhere, beside a bot at work, and with steps that were overdue.

use jiff::SignedDuration;
use keydesk::engine::import::Overdue;
use keydesk::store::Address;

use super::*;

/// A ladder of an hour.
const HASTY: &str = "[[escalation]]\nname = \"first\"\nafter = \"1 hour\"\nlabels = [\"escalated\"]\n\
    mention = [\"@mira-maintainer\"]\n[silence]\nremind_after = \"1 day\"\nclose_after = \"7 days\"\n";

/// Everything in a store that can be compared.
fn contents(store: &Store) -> Vec<String> {
    let shown = |number| {
        report(store, number).map(|report| {
            let history: Vec<_> =
                report.history.iter().map(|row| (row.at, &row.event_key, &row.reason)).collect();
            format!("{:?}\n{:?}\n{history:#?}", report.ticket, report.wake_at)
        })
    };
    (1..=9).filter_map(shown).collect()
}

/// Two requests of one account, one of them over.
fn a_small_tracker(desk: &Desk) {
    desk.ada_asks(&lost_phone());
    says(desk, 1, MIRA, "Which projects do you own?");
    closes(desk, 1, MIRA, false);
    desk.opens(BEN, &lost_phone(), &["account-recovery"]);
    says(desk, 2, BEN, "Any news?");
}

#[test]
fn killed_anywhere_it_goes_on_and_asks_nothing_twice() {
    let desk = Desk::under(PATIENT);
    desk.hold();
    a_small_tracker(&desk);
    let whole = store();
    desk.imports(&whole);
    let expected = contents(&whole);
    for step_count in 1..2_000 {
        let store = store();
        let asked = desk.github.pages().len();
        if desk.import_steps(&store, step_count) {
            assert!(step_count > 60, "{step_count} steps show nothing");
            return;
        }
        let killed = desk.github.pages()[asked..].to_vec();
        desk.imports(&store);
        assert_eq!(contents(&store), expected, "killed after {step_count} steps");
        // Only the page in hand at the end, and a timeline whose issue was not taken in yet, may
        // be read a second time.
        let again = desk.github.pages()[asked + killed.len()..].to_vec();
        let twice = killed.iter().filter(|page| {
            again.iter().any(|other| other.path == page.path && !other.is_unchanged)
        });
        let twice: Vec<_> = twice.collect();
        assert!(twice.len() <= 1, "killed after {step_count} steps: {twice:?}");
    }
    panic!("no end");
}

#[test]
fn killed_again_and_again_it_comes_to_the_same_end() {
    let desk = Desk::under(PATIENT);
    desk.hold();
    a_busy_tracker(&desk);
    let whole = store();
    desk.imports(&whole);
    let store = store();
    let mut kills = 0;
    // So many steps are enough to begin and to take one or two in.
    while !desk.import_steps(&store, 50 + kills % 7) {
        kills += 1;
        assert!(kills < 100, "it never gets on");
    }
    assert!(kills > 2, "{kills} kills show nothing");
    assert_eq!(contents(&store), contents(&whole));
}

#[test]
fn nothing_is_written_until_something_happens() {
    let mut desk = Desk::under(PATIENT);
    desk.hold();
    a_busy_tracker(&desk);
    desk.take_held();
    let store = store();
    desk.imports(&store);
    desk.works_on(&store);
    desk.wait_days(1);
    assert_eq!(desk.writes(), Vec::<&str>::new());
    desk.release(|_| Vec::new());
    says(&desk, 2, MIRA, "/ask-address");
    assert!(desk.writes().contains(&"create_comment"), "{:?}", desk.writes());
    let ticket = report(&store, 2).expect("a ticket").ticket;
    assert_eq!((ticket.is_imported, ticket.turn.name()), (false, "requester"));
}

#[test]
fn overdue_steps_are_told_of_or_done() {
    for (overdue, is_done) in [(Overdue::Withheld, false), (Overdue::Done, true)] {
        let mut desk = Desk::under(HASTY);
        desk.hold();
        desk.ada_asks(&lost_phone());
        desk.opens(BEN, &request(Some("ben"), "I lost my phone.", true), &["account-recovery"]);
        says(&desk, 2, MIRA, "Which projects do you own?");
        desk.wait_days(30);
        desk.take_held();
        let store = store();
        let done = desk.tells_import(&store, overdue).0.expect("an import");
        assert_eq!(done.overdue, 2);
        desk.works_on(&store);
        desk.release(|_| Vec::new());
        desk.wait(SignedDuration::from_hours(3));
        assert_eq!(desk.writes().is_empty(), !is_done, "{overdue:?}: {:?}", desk.writes());
        let ticket = report(&store, 1).expect("a ticket").ticket;
        assert_eq!(ticket.climbed.is_empty(), !is_done);
    }
}

#[test]
fn what_was_withheld_can_be_let_loose_later() {
    let mut desk = Desk::under(HASTY);
    desk.hold();
    desk.ada_asks(&lost_phone());
    desk.wait_days(30);
    desk.take_held();
    let store = store();
    desk.imports(&store);
    assert_eq!(report(&store, 1).expect("a ticket").wake_at, None);
    desk.works_on(&store);
    desk.release(|_| Vec::new());
    assert_eq!(desk.writes(), Vec::<&str>::new());
    let done = desk.tells_import(&store, Overdue::Done).0.expect("an import");
    assert_eq!((done.issues, done.overdue), (0, 1));
    desk.wait(SignedDuration::from_hours(3));
    assert_eq!(report(&store, 1).expect("a ticket").ticket.climbed, ["first"]);
    assert!(desk.writes().contains(&"create_comment"), "{:?}", desk.writes());
}

#[test]
fn a_bot_at_work_beside_it_loses_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("desk.db");
    let mut desk = Desk::under(PATIENT);
    desk.hold();
    a_busy_tracker(&desk);
    desk.take_held();
    let address = Address::File(path);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let serving = runtime.block_on(Store::open(&address)).expect("a store");
    desk.works_on(&serving);
    desk.release(|_| Vec::new());
    let beside = runtime.block_on(Store::open_beside(&address)).expect("a second way in");
    // The import gets on a little, something happens, and so on.
    let texts = ["How long will it take?", "My mailbox is fine.", "Hello?", "Any news?"];
    for (round, text) in texts.into_iter().cycle().take(40).enumerate() {
        let is_done = desk.import_steps(&beside, 31);
        if is_done {
            break;
        }
        says(&desk, 2, BEN, &format!("{text} ({round})"));
        says(&desk, 3, MIRA, &format!("Which mail address is it? ({round})"));
    }
    desk.imports(&beside);
    for number in [2, 3] {
        let issue = desk.issue_at(number);
        let report = report(&serving, number).expect("a ticket");
        let people = issue.comments.iter().filter(|comment| !comment.author.contains("[bot]"));
        for comment in people {
            let key = format!("comment:{}:created", comment.id);
            let heard = report.history.iter().filter(|row| row.event_key == key).count();
            assert!(heard > 0, "#{number}: {:?} was not heard", comment.body);
        }
        assert!(!report.ticket.is_imported);
    }
    assert_eq!(report(&serving, 3).expect("a ticket").ticket.turn.name(), "requester");
}
