//! Slash-commands: who may give which, and what becomes of them.

use jiff::SignedDuration;
use keydesk::sandbox::github::{CallFault, CallFaultKind};

use crate::desk::{ADA, BEN, Desk, MIRA, lost_phone};

/// What a comment leads to, on a desk with one complete request.
fn told(person: &str, text: &str) -> String {
    let desk = Desk::open();
    desk.ada_asks(&lost_phone());
    desk.says(person, text);
    desk.shows()
}

#[test]
fn resolved_closes_for_the_requester() {
    insta::assert_snapshot!(told(ADA, "/resolved"), @r"
        closed as completed; turn: nobody, resolved
        [account-recovery] [lost 2FA]
        keydesk[bot]: <card>
        ada-locked-out: /resolved (+1)
        keydesk[bot]: <resolved>
        ");
}

#[test]
fn turn_gives_the_turn() {
    insta::assert_snapshot!(told(MIRA, "/turn requester"), @r"
        open; turn: requester, filed
        [account-recovery] [lost 2FA] [status: awaiting response]
        keydesk[bot]: <card>
        mira-maintainer: /turn requester (+1)
        ");
}

#[test]
fn escalate_takes_the_next_step() {
    insta::assert_snapshot!(told(MIRA, "/escalate"), @r"
        open; turn: maintainers, filed
        [account-recovery] [escalated] [lost 2FA] [status: awaiting maintainers]
        keydesk[bot]: <card>
        mira-maintainer: /escalate (+1)
        ");
}

#[test]
fn a_reply_without_its_argument_is_refused() {
    insta::assert_snapshot!(told(MIRA, "/need"), @r"
        open; turn: maintainers, filed
        [account-recovery] [lost 2FA] [status: awaiting maintainers]
        keydesk[bot]: <card>
        mira-maintainer: /need (confused)
        keydesk[bot]: <refused>
        ");
}

#[test]
fn an_outsiders_help_is_refused_by_a_sign() {
    insta::assert_snapshot!(told(BEN, "/help"), @r"
        open; turn: maintainers, filed
        [account-recovery] [lost 2FA] [status: awaiting maintainers]
        keydesk[bot]: <card>
        ben-bystander: /help (confused)
        ");
}

#[test]
fn several_commands_run_in_order() {
    insta::assert_snapshot!(told(MIRA, "/turn requester\r\n/need a project name\r\n/escalate"), @r"
        open; turn: maintainers, reviewing
        [account-recovery] [escalated] [lost 2FA] [needs information] [status: awaiting maintainers]
        keydesk[bot]: <card>
        mira-maintainer: /turn requester | /need a project name | /escalate (+1)
        keydesk[bot]: <need>
        ");
}

#[test]
fn an_edit_runs_only_what_is_new() {
    let desk = Desk::open();
    desk.ada_asks(&lost_phone());
    let comment = desk.says(MIRA, "/turn requester");
    desk.edits(MIRA, comment, "/turn requester\n/need a project name");
    desk.edits(MIRA, comment, "/turn requester\n/need a project name\n\nPlease.");
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: requester, reviewing
        [account-recovery] [lost 2FA] [needs information] [status: awaiting response]
        keydesk[bot]: <card>
        mira-maintainer: /turn requester | /need a project name |  | Please. (+1)
        keydesk[bot]: <need>
        ");
}

#[test]
fn a_maintainer_who_hides_the_membership_is_still_one() {
    let desk = Desk::open();
    desk.sandbox.with(|state| {
        state.add_user(MIRA, keydesk::sandbox::state::AccountKind::User).shows_membership = false;
    });
    desk.ada_asks(&lost_phone());
    desk.says(MIRA, "/turn requester");
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: requester, filed
        [account-recovery] [lost 2FA] [status: awaiting response]
        keydesk[bot]: <card>
        mira-maintainer: /turn requester (+1)
        ");
}

#[test]
fn closed_requests_refuse_what_needs_an_open_one() {
    let desk = Desk::open();
    desk.ada_asks(&lost_phone());
    desk.says(MIRA, "/recovered");
    desk.says(MIRA, "/initiated");
    insta::assert_snapshot!(desk.shows(), @r"
        closed as completed; turn: nobody, recovered
        [account-recovery] [lost 2FA]
        keydesk[bot]: <card>
        mira-maintainer: /recovered (+1)
        keydesk[bot]: <recovered>
        mira-maintainer: /initiated (confused)
        keydesk[bot]: <refused>
        ");
}

#[test]
fn a_command_in_the_same_second_as_another_persons_runs_once() {
    let desk = Desk::open().all_at_once();
    desk.ada_asks(&lost_phone());
    desk.says(MIRA, "/initiated");
    desk.says(ADA, "/resolved");
    insta::assert_snapshot!(desk.shows(), @r"
        closed as completed; turn: nobody, resolved
        [account-recovery] [lost 2FA]
        keydesk[bot]: <card>
        mira-maintainer: /initiated (+1)
        keydesk[bot]: <initiated>
        ada-locked-out: /resolved (+1)
        keydesk[bot]: <resolved>
        ");
}

#[test]
fn whose_role_cannot_be_read_is_an_outsider_and_whose_cannot_be_read_yet_waits() {
    let desk = Desk::open();
    desk.ada_asks(&lost_phone());
    let fails = |kind| {
        desk.github.fail(CallFault { call: Some("get_role"), skip: 0, times: 1, kind });
    };
    fails(CallFaultKind::Refused(403));
    desk.says(MIRA, "/recovered");
    fails(CallFaultKind::Unreachable);
    desk.says(MIRA, "/initiated");
    desk.wait(SignedDuration::from_secs(30));
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: requester, recovering
        [account-recovery] [lost 2FA] [status: awaiting response]
        keydesk[bot]: <card>
        mira-maintainer: /recovered (confused)
        mira-maintainer: /initiated (+1)
        keydesk[bot]: <initiated>
        ");
}
