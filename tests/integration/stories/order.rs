//! GitHub's events come late, twice and in any order.

use keydesk::sandbox::state::OutgoingEvent;

use crate::desk::{ADA, Desk, MIRA, lost_phone, request};

fn is_of_bot(event: &OutgoingEvent) -> bool {
    event.payload["sender"]["type"] == "Bot"
}

/// Ada asks, forgets her name, adds it, and says so; Mira looks at it. Nothing was delivered yet.
fn a_busy_morning(desk: Desk) -> Desk {
    desk.hold();
    desk.ada_asks(&request(None, "I lost my phone.", true));
    desk.rewrites(ADA, &lost_phone());
    desk.says(ADA, "I added my user name.");
    desk.labels(MIRA, "vip");
    desk.says(ADA, "Thank you!");
    desk
}

/// The end is the same however the events of that morning arrive.
fn comes_to_the_same_in_any_order(open: fn() -> Desk) {
    let expected = {
        let desk = a_busy_morning(open());
        desk.release(|held| held);
        desk.shows()
    };
    let count = a_busy_morning(open()).held().len();
    for first in 0..count {
        for last in 0..count {
            let desk = a_busy_morning(open());
            desk.release(|mut held| {
                let moved = held.remove(first);
                held.insert(last, moved);
                held
            });
            assert_eq!(desk.shows(), expected, "event {first} at place {last}");
        }
    }
    let desk = a_busy_morning(open());
    let held = desk.held();
    desk.release(|_| Vec::new());
    for event in held.iter().rev() {
        desk.deliver(event);
    }
    assert_eq!(desk.shows(), expected, "backwards, each on its own");
}

#[test]
fn in_order() {
    let desk = a_busy_morning(Desk::open());
    desk.release(|held| held);
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: maintainers, filed
        [account-recovery] [lost 2FA] [status: awaiting maintainers] [vip]
        ada-locked-out: I added my user name.
        ada-locked-out: Thank you!
        keydesk[bot]: <card>
        ");
}

#[test]
fn in_any_order_the_end_is_the_same() {
    comes_to_the_same_in_any_order(Desk::open);
}

#[test]
fn in_any_order_within_one_second_too() {
    comes_to_the_same_in_any_order(|| Desk::open().all_at_once());
}

#[test]
fn a_requester_is_greeted_though_a_maintainer_was_heard_first() {
    let desk = Desk::open();
    desk.hold();
    desk.ada_asks(&lost_phone());
    desk.says(MIRA, "Which projects do you own?");
    desk.release(|held| held.into_iter().rev().collect());
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: requester, reviewing
        [account-recovery] [lost 2FA] [status: awaiting response]
        mira-maintainer: Which projects do you own?
        keydesk[bot]: <card>
        ");
}

#[test]
fn our_echoes_come_an_hour_late() {
    let desk = Desk::open();
    desk.ada_asks(&lost_phone());
    desk.hold();
    desk.says(MIRA, "/need a project name");
    let first = desk.held();
    for event in &first {
        desk.deliver(event);
    }
    desk.says(ADA, "It is called left-pad.");
    let mut late = Vec::new();
    for event in desk.held() {
        if is_of_bot(&event) { late.push(event) } else { desk.deliver(&event) }
    }
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: maintainers, reviewing
        [account-recovery] [lost 2FA] [status: awaiting maintainers]
        keydesk[bot]: <card>
        mira-maintainer: /need a project name (+1)
        keydesk[bot]: <need>
        ada-locked-out: It is called left-pad.
        ");
    for event in &late {
        desk.deliver(event);
    }
    desk.release(|held| held);
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: maintainers, reviewing
        [account-recovery] [lost 2FA] [status: awaiting maintainers]
        keydesk[bot]: <card>
        mira-maintainer: /need a project name (+1)
        keydesk[bot]: <need>
        ada-locked-out: It is called left-pad.
        ");
}

#[test]
fn what_was_said_before_the_end_does_not_undo_it() {
    let desk = Desk::open();
    desk.ada_asks(&lost_phone());
    desk.hold();
    desk.says(ADA, "I own left-pad.");
    desk.says(MIRA, "/decline there is no proof");
    desk.release(|held| held.into_iter().rev().collect());
    insta::assert_snapshot!(desk.shows(), @r"
        closed as not_planned; turn: nobody, reviewing
        [account-recovery] [lost 2FA]
        keydesk[bot]: <card>
        ada-locked-out: I own left-pad.
        mira-maintainer: /decline there is no proof (+1)
        keydesk[bot]: <decline>
        ");
}

#[test]
fn an_escalation_that_is_heard_of_late_does_not_reach_into_the_next_turn() {
    let desk = Desk::open();
    desk.ada_asks(&lost_phone());
    desk.hold();
    desk.says(MIRA, "/escalate");
    desk.says(MIRA, "/need a project name");
    desk.release(|held| held.into_iter().rev().collect());
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: requester, reviewing
        [account-recovery] [lost 2FA] [needs information] [status: awaiting response]
        keydesk[bot]: <card>
        mira-maintainer: /escalate (confused)
        mira-maintainer: /need a project name (+1)
        keydesk[bot]: <need>
        keydesk[bot]: <refused>
        ");
}

#[test]
fn a_question_that_is_heard_of_after_its_answer_is_answered() {
    let desk = Desk::open();
    desk.ada_asks(&lost_phone());
    desk.hold();
    desk.says(MIRA, "/need a project name");
    desk.says(ADA, "It is called left-pad.");
    desk.release(|held| held.into_iter().rev().collect());
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: maintainers, reviewing
        [account-recovery] [lost 2FA] [status: awaiting maintainers]
        keydesk[bot]: <card>
        mira-maintainer: /need a project name (+1)
        ada-locked-out: It is called left-pad.
        keydesk[bot]: <need>
        ");
}
