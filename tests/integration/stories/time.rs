//! Time: the ladder, the reminder, the end by silence.

use jiff::SignedDuration;

use crate::desk::{ADA, Desk, MIRA, lost_phone};

const TWO_STEPS: &str = "[[escalation]]\nname = \"soon\"\nafter = \"4 seconds\"\nlabels = [\"escalated\"]\n\
    mention = [\"@mira-maintainer\"]\nassign = \"rota\"\n\
    [[escalation]]\nname = \"late\"\nafter = \"2 working days\"\nlabels = [\"very late\"]\n\
    mention = [\"@root\"]\n[rota]\nmembers = [\"@mira-maintainer\"]\n";

#[test]
fn the_ladder_is_climbed_once_a_turn() {
    let desk = Desk::under(TWO_STEPS);
    desk.ada_asks(&lost_phone());
    desk.wait(SignedDuration::from_secs(1));
    assert!(!desk.shows().contains("escalated"), "{}", desk.shows());
    desk.wait(SignedDuration::from_secs(5));
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: maintainers, filed
        [account-recovery] [escalated] [lost 2FA] [status: awaiting maintainers]
        assigned to mira-maintainer
        keydesk[bot]: <card>
        keydesk[bot]: <escalated>
        ");
    desk.wait_days(1);
    assert!(!desk.shows().contains("very late"), "{}", desk.shows());
    desk.wait_days(9);
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: maintainers, filed
        [account-recovery] [escalated] [lost 2FA] [status: awaiting maintainers] [very late]
        assigned to mira-maintainer
        keydesk[bot]: <card>
        keydesk[bot]: <escalated>
        keydesk[bot]: <escalated>
        ");
}

#[test]
fn working_days_leave_the_weekend_out() {
    let policy =
        "[[escalation]]\nname = \"late\"\nafter = \"5 working days\"\nlabels = [\"escalated\"]\n";
    let desk = Desk::under(policy);
    desk.wait_days(4);
    desk.ada_asks(&lost_phone());
    // Friday at nine: five working days end on the next Friday at nine.
    desk.wait(SignedDuration::from_hours(24 * 7 - 1));
    assert!(!desk.shows().contains("escalated"), "{}", desk.shows());
    desk.wait(SignedDuration::from_hours(2));
    assert!(desk.shows().contains("escalated"), "{}", desk.shows());
}

#[test]
fn an_answer_after_the_reminder_starts_anew() {
    let desk = Desk::open();
    desk.ada_asks(&lost_phone());
    desk.says(MIRA, "Which projects do you own?");
    desk.wait_days(31);
    desk.says(ADA, "I own left-pad.");
    desk.says(MIRA, "And who are the other owners?");
    desk.wait_days(29);
    assert!(desk.issue().is_open(), "{}", desk.shows());
    desk.wait_days(2);
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: requester, reviewing
        [account-recovery] [lost 2FA] [status: awaiting response]
        keydesk[bot]: <card>
        mira-maintainer: Which projects do you own?
        keydesk[bot]: <reminder>
        ada-locked-out: I own left-pad.
        mira-maintainer: And who are the other owners?
        keydesk[bot]: <reminder>
        ");
}

#[test]
fn a_hand_set_label_is_no_answer_of_a_human() {
    let desk = Desk::open();
    desk.ada_asks(&lost_phone());
    desk.labels(MIRA, "status: awaiting response");
    desk.wait_days(100);
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: requester, filed
        [account-recovery] [lost 2FA] [status: awaiting response]
        keydesk[bot]: <card>
        ");
}

#[test]
fn alarms_survive_a_restart_and_an_outage() {
    let mut desk = Desk::under(TWO_STEPS);
    desk.ada_asks(&lost_phone());
    desk.restart();
    desk.sandbox.move_clock(SignedDuration::from_hours(24 * 30));
    desk.restart();
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: maintainers, filed
        [account-recovery] [escalated] [lost 2FA] [status: awaiting maintainers] [very late]
        assigned to mira-maintainer
        keydesk[bot]: <card>
        keydesk[bot]: <escalated>
        keydesk[bot]: <escalated>
        ");
}
