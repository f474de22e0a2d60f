//! Whose turn it is, and how an issue ends, comes back and leaves.

use keydesk::sandbox::state::RepositoryName;

use crate::desk::{Desk, ROOT, issue, lost_phone};

#[test]
fn a_deleted_issue_is_forgotten() {
    let desk = Desk::open();
    desk.ada_asks(&lost_phone());
    desk.act(ROOT, |acting| acting.delete_issue(&issue(1)));
    let ticket = desk.report(1).expect("a ticket").ticket;
    assert!(ticket.is_gone && ticket.body.is_empty() && ticket.title.is_empty());
    let calls = desk.github.calls();
    desk.wait_days(60);
    assert_eq!(desk.github.calls(), calls);
}

#[test]
fn a_transferred_issue_ends_here_and_is_greeted_there() {
    let desk = Desk::open();
    let elsewhere = RepositoryName::new("acme", "elsewhere");
    desk.act(ROOT, |acting| {
        acting.create_repository(&elsewhere);
        acting.give_role(&elsewhere, ROOT, keydesk::sandbox::state::Role::Admin)
    });
    desk.ada_asks(&lost_phone());
    desk.act(ROOT, |acting| acting.transfer_issue(&issue(1), &elsewhere));
    assert!(desk.report(1).expect("a ticket").ticket.is_gone);
    let moved = desk.sandbox.with(|state| {
        state.find_repository(&elsewhere).expect("it is there").issues[0].comments.len()
    });
    assert_eq!(moved, 2, "the old card came along, and the desk there greets for itself");
}
