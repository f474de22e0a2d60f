//! GitHub's events come late, twice and in any order.

use keydesk::sandbox::state::OutgoingEvent;

use crate::desk::{ADA, Desk, MIRA, lost_phone, request};

fn is_of_bot(event: &OutgoingEvent) -> bool {
    event.payload["sender"]["type"] == "Bot"
}

/// Ada asks, forgets her name, adds it, and says so; Mira asks back. Nothing was delivered yet.
pub(super) fn a_busy_morning() -> Desk {
    let desk = Desk::open();
    desk.hold();
    desk.ada_asks(&request(None, "I lost my phone.", true));
    desk.rewrites(ADA, &lost_phone());
    desk.says(ADA, "I added my user name.");
    desk.says(MIRA, "Which projects do you own?");
    desk
}

#[test]
fn in_order() {
    let desk = a_busy_morning();
    desk.release(|held| held);
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: requester, reviewing
        [account-recovery] [lost 2FA] [status: awaiting response]
        ada-locked-out: I added my user name.
        mira-maintainer: Which projects do you own?
        keydesk[bot]: <card>
        ");
}

#[test]
fn in_any_order_the_end_is_the_same() {
    let desk = a_busy_morning();
    desk.release(|held| held);
    let expected = desk.shows();
    let count = a_busy_morning().held().len();
    for first in 0..count {
        for last in 0..count {
            let desk = a_busy_morning();
            desk.release(|mut held| {
                let moved = held.remove(first);
                held.insert(last, moved);
                held
            });
            assert_eq!(desk.shows(), expected, "event {first} at place {last}");
        }
    }
    let desk = a_busy_morning();
    desk.release(|held| held.into_iter().rev().collect());
    assert_eq!(desk.shows(), expected, "backwards");
}

#[test]
fn each_on_its_own_between_the_bots_deeds() {
    let desk = a_busy_morning();
    desk.release(|held| held);
    let expected = desk.shows();
    let desk = a_busy_morning();
    let held = desk.held();
    desk.release(|_| Vec::new());
    for event in held.iter().rev() {
        desk.deliver(event);
    }
    assert_eq!(desk.shows(), expected);
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
