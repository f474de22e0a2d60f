//! The policy: a repository's own, a broken one, and the desk that only watches.

use crate::desk::{ADA, Desk, MIRA, lost_phone};

#[test]
fn a_desk_that_observes_writes_nothing() {
    let desk = Desk::under("[desk]\nmode = \"observe\"\n");
    desk.ada_asks(&lost_phone());
    desk.says(MIRA, "/initiated");
    desk.says(ADA, "/help");
    desk.wait_days(60);
    assert!(desk.writes().is_empty(), "{:?}", desk.writes());
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: nobody, recovering
        [account-recovery]
        mira-maintainer: /initiated
        ada-locked-out: /help
        ");
    let report = desk.report(1).expect("a ticket");
    let decided: Vec<String> = report
        .actions
        .iter()
        .map(|action| format!("{}: {}", action.state, action.summary))
        .collect();
    insta::assert_snapshot!(decided.join("\n"), @r"
        observed: label lost 2FA, status: awaiting maintainers
        observed: put the card
        observed: unlabel status: awaiting maintainers
        observed: label status: awaiting response
        observed: put the card
        observed: comment initiated
        observed: react +1
        observed: comment help
        observed: react +1
        observed: comment reminder
        observed: unlabel status: awaiting response
        observed: comment closed-silent
        observed: close as not planned
        ");
}

#[test]
fn a_repository_has_its_own_words() {
    let desk = Desk::under(
        "[labels]\nrequest = \"account-recovery\"\n[labels.reasons]\nlost_2fa = \"2fa\"\n",
    );
    desk.ada_asks(&lost_phone());
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: maintainers, filed
        [2fa] [account-recovery] [status: awaiting maintainers]
        keydesk[bot]: <card>
        ");
}

#[test]
fn a_push_changes_the_policy_of_open_tickets() {
    let desk = Desk::open();
    desk.ada_asks(&lost_phone());
    desk.pushes_policy(
        "[[escalation]]\nname = \"soon\"\nafter = \"1 hour\"\nlabels = [\"escalated\"]\n",
    );
    desk.wait_days(1);
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: maintainers, filed
        [account-recovery] [escalated] [lost 2FA] [status: awaiting maintainers]
        keydesk[bot]: <card>
        ");
}

#[test]
fn a_renamed_label_takes_the_place_of_the_old_one() {
    let desk = Desk::open();
    desk.ada_asks(&lost_phone());
    desk.pushes_policy("[labels]\nawaiting_maintainers = \"our turn\"\n");
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: maintainers, filed
        [account-recovery] [lost 2FA] [our turn]
        keydesk[bot]: <card>
        ");
    desk.says(MIRA, "Which projects do you own?");
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: requester, reviewing
        [account-recovery] [lost 2FA] [status: awaiting response]
        keydesk[bot]: <card>
        mira-maintainer: Which projects do you own?
        ");
}

#[test]
fn a_broken_policy_keeps_the_last_good_one() {
    let desk = Desk::under("[labels.reasons]\nlost_2fa = \"2fa\"\n");
    desk.ada_asks(&lost_phone());
    desk.pushes_policy("[labels.reasons]\nlost_2fa = \"two\"\nno such key = 1\n");
    desk.ada_asks(&lost_phone());
    insta::assert_snapshot!(desk.shows_issue(2), @r"
        open; turn: maintainers, filed
        [2fa] [account-recovery] [status: awaiting maintainers]
        keydesk[bot]: <card>
        ");
    desk.pushes_policy("[labels.reasons]\nlost_2fa = \"two\"\n");
    desk.ada_asks(&lost_phone());
    insta::assert_snapshot!(desk.shows_issue(3), @r"
        open; turn: maintainers, filed
        [account-recovery] [status: awaiting maintainers] [two]
        keydesk[bot]: <card>
        ");
}
