//! Whose turn it is, and how an issue ends, comes back and leaves.

use keydesk::sandbox::state::RepositoryName;

use crate::desk::{ADA, BEN, Desk, MIRA, ROOT, issue, lost_phone};

#[test]
fn the_turn_goes_back_and_forth() {
    let desk = Desk::open();
    desk.ada_asks(&lost_phone());
    let turn = || desk.report(1).expect("a ticket").ticket.turn.name();
    desk.says(MIRA, "Which projects do you own?");
    assert_eq!(turn(), "requester");
    desk.says(ADA, "Thanks for looking into it!");
    assert_eq!(turn(), "requester");
    desk.says(BEN, "Same for me, any news?");
    assert_eq!(turn(), "requester");
    desk.says(ADA, "I own left-pad and right-pad.");
    assert_eq!(turn(), "maintainers");
    desk.says(MIRA, "All right, I am looking into it.");
    assert_eq!(turn(), "maintainers");
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: maintainers, reviewing
        [account-recovery] [lost 2FA] [status: awaiting maintainers]
        keydesk[bot]: <card>
        mira-maintainer: Which projects do you own?
        ada-locked-out: Thanks for looking into it!
        ben-bystander: Same for me, any news?
        ada-locked-out: I own left-pad and right-pad.
        mira-maintainer: All right, I am looking into it.
        ");
}

#[test]
fn found_codes_end_it_happily() {
    let desk = Desk::open();
    desk.ada_asks(&lost_phone());
    desk.says(ADA, "I found my recovery codes and could log in again. Please close this.");
    insta::assert_snapshot!(desk.shows(), @r"
        closed as completed; turn: nobody, resolved
        [account-recovery] [lost 2FA]
        keydesk[bot]: <card>
        ada-locked-out: I found my recovery codes and could log in again. Please close this.
        keydesk[bot]: <resolved>
        ");
}

#[test]
fn a_requester_who_asks_to_close_it_is_obeyed() {
    let desk = Desk::open();
    desk.ada_asks(&lost_phone());
    desk.says(ADA, "You can close this issue, thanks.");
    insta::assert_snapshot!(desk.shows(), @r"
        closed as completed; turn: nobody, filed
        [account-recovery] [lost 2FA]
        keydesk[bot]: <card>
        ada-locked-out: You can close this issue, thanks.
        ");
}

#[test]
fn closed_and_opened_again_by_hand() {
    let desk = Desk::open();
    desk.ada_asks(&lost_phone());
    desk.closes(MIRA);
    insta::assert_snapshot!(desk.shows(), @r"
        closed as completed; turn: nobody, filed
        [account-recovery] [lost 2FA]
        keydesk[bot]: <card>
        ");
    desk.says(ADA, "But I still cannot log in to my account.");
    insta::assert_snapshot!(desk.shows(), @r"
        closed as completed; turn: nobody, filed
        [account-recovery] [lost 2FA]
        keydesk[bot]: <card>
        ada-locked-out: But I still cannot log in to my account.
        ");
    desk.reopens(ADA);
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: maintainers, filed
        [account-recovery] [lost 2FA] [status: awaiting maintainers]
        keydesk[bot]: <card>
        ada-locked-out: But I still cannot log in to my account.
        ");
}

#[test]
fn an_answer_after_the_bots_closing_opens_it_again() {
    let desk = Desk::open();
    desk.ada_asks(&lost_phone());
    desk.says(MIRA, "Which projects do you own?");
    desk.wait_days(40);
    insta::assert_snapshot!(desk.shows(), @r"
        closed as not_planned; turn: nobody, reviewing
        [account-recovery] [lost 2FA]
        keydesk[bot]: <card>
        mira-maintainer: Which projects do you own?
        keydesk[bot]: <reminder>
        keydesk[bot]: <closed-silent>
        ");
    desk.says(ADA, "Thank you!");
    assert!(!desk.issue().is_open(), "thanks open nothing");
    desk.says(ADA, "Sorry, I was ill. I own left-pad.");
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: maintainers, reviewing
        [account-recovery] [lost 2FA] [status: awaiting maintainers]
        keydesk[bot]: <card>
        mira-maintainer: Which projects do you own?
        keydesk[bot]: <reminder>
        keydesk[bot]: <closed-silent>
        ada-locked-out: Thank you!
        ada-locked-out: Sorry, I was ill. I own left-pad.
        ");
}

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

#[test]
fn a_deleted_card_stays_away() {
    let desk = Desk::open();
    desk.ada_asks(&crate::desk::request(None, "I lost my phone.", true));
    let card = desk.issue().comments[0].id;
    desk.act(ROOT, |acting| acting.delete_comment(&keydesk::sandbox::seed::tracker(), card));
    desk.rewrites(ADA, &lost_phone());
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: maintainers, filed
        [account-recovery] [lost 2FA] [status: awaiting maintainers]
        ");
}
