//! Slash-commands: who may give which, and what becomes of them.

use jiff::SignedDuration;
use keydesk::sandbox::github::{CallFault, CallFaultKind};
use keydesk::sandbox::seed::tracker;
use keydesk::sandbox::state::Role;

use crate::desk::{ADA, BEN, Desk, MIRA, ROOT, lost_phone};

/// What a comment leads to, on a desk with one complete request.
fn told(person: &str, text: &str) -> String {
    let desk = Desk::open();
    desk.ada_asks(&lost_phone());
    desk.says(person, text);
    desk.shows()
}

#[test]
fn initiated_says_it_and_gives_the_turn() {
    insta::assert_snapshot!(told(MIRA, "/initiated"), @r"
        open; turn: requester, recovering
        [account-recovery] [lost 2FA] [status: awaiting response]
        keydesk[bot]: <card>
        mira-maintainer: /initiated (+1)
        keydesk[bot]: <initiated>
        ");
}

#[test]
fn recovered_says_it_and_closes() {
    insta::assert_snapshot!(told(MIRA, "/recovered"), @r"
        closed as completed; turn: nobody, recovered
        [account-recovery] [lost 2FA]
        keydesk[bot]: <card>
        mira-maintainer: /recovered (+1)
        keydesk[bot]: <recovered>
        ");
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
fn need_takes_the_rest_of_the_line() {
    insta::assert_snapshot!(told(MIRA, "/need the name of your first project"), @r"
        open; turn: requester, reviewing
        [account-recovery] [lost 2FA] [needs information] [status: awaiting response]
        keydesk[bot]: <card>
        mira-maintainer: /need the name of your first project (+1)
        keydesk[bot]: <need>
        ");
}

#[test]
fn a_reply_without_its_argument_is_refused() {
    insta::assert_snapshot!(told(MIRA, "/need"), @r"
        open; turn: maintainers, reviewing
        [account-recovery] [lost 2FA] [status: awaiting maintainers]
        keydesk[bot]: <card>
        mira-maintainer: /need (confused)
        keydesk[bot]: <refused>
        ");
}

#[test]
fn help_lists_to_each_what_they_may_do() {
    let desk = Desk::open();
    desk.ada_asks(&lost_phone());
    desk.says(ADA, "/help");
    desk.says(MIRA, "/help");
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: maintainers, filed
        [account-recovery] [lost 2FA] [status: awaiting maintainers]
        keydesk[bot]: <card>
        ada-locked-out: /help (+1)
        keydesk[bot]: <help>
        mira-maintainer: /help (+1)
        keydesk[bot]: <help>
        ");
    let comments = desk.issue().comments;
    assert!(comments[2].body.contains("/resolved") && !comments[2].body.contains("/initiated"));
    assert!(comments[4].body.contains("/resolved") && comments[4].body.contains("/initiated"));
}

#[test]
fn an_outsider_gets_a_sign_only() {
    insta::assert_snapshot!(told(BEN, "/recovered"), @r"
        open; turn: maintainers, filed
        [account-recovery] [lost 2FA] [status: awaiting maintainers]
        keydesk[bot]: <card>
        ben-bystander: /recovered (confused)
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
fn the_requester_gets_a_reason() {
    insta::assert_snapshot!(told(ADA, "/initiated"), @r"
        open; turn: maintainers, filed
        [account-recovery] [lost 2FA] [status: awaiting maintainers]
        keydesk[bot]: <card>
        ada-locked-out: /initiated (confused)
        keydesk[bot]: <refused>
        ");
}

#[test]
fn a_near_miss_gets_the_right_spelling() {
    let desk = Desk::open();
    desk.ada_asks(&lost_phone());
    desk.says(MIRA, "/initated");
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: maintainers, reviewing
        [account-recovery] [lost 2FA] [status: awaiting maintainers]
        keydesk[bot]: <card>
        mira-maintainer: /initated (confused)
        keydesk[bot]: <refused>
        ");
    assert!(desk.issue().comments[2].body.contains("/initiated"));
}

#[test]
fn a_near_miss_of_the_requester_is_answered_too() {
    insta::assert_snapshot!(told(ADA, "/resloved"), @r"
        open; turn: maintainers, filed
        [account-recovery] [lost 2FA] [status: awaiting maintainers]
        keydesk[bot]: <card>
        ada-locked-out: /resloved (confused)
        keydesk[bot]: <refused>
        ");
}

#[test]
fn unknown_words_and_paths_are_no_commands() {
    insta::assert_snapshot!(told(MIRA, "/etc/hosts\n/frobnicate\n/usr is full"), @r"
        open; turn: maintainers, reviewing
        [account-recovery] [lost 2FA] [status: awaiting maintainers]
        keydesk[bot]: <card>
        mira-maintainer: /etc/hosts | /frobnicate | /usr is full
        ");
}

#[test]
fn quotes_and_code_are_no_commands() {
    let text = "> /recovered\n\n```\n/recovered\n```\n\n    /recovered\n\n`/recovered`\n\n<!-- /recovered -->";
    insta::assert_snapshot!(told(MIRA, text), @r"
        open; turn: maintainers, reviewing
        [account-recovery] [lost 2FA] [status: awaiting maintainers]
        keydesk[bot]: <card>
        mira-maintainer: > /recovered |  | ``` | /recovered | ``` |  |     /recovered |  | `/recovered` |  | <!-- /recovered -->
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
fn an_edit_by_somebody_else_runs_nothing() {
    let desk = Desk::open();
    desk.ada_asks(&lost_phone());
    let comment = desk.says(ADA, "My other name is lovelace.");
    desk.edits(ROOT, comment, "/recovered");
    let staff = desk.says(MIRA, "Looking into it.");
    desk.edits(ROOT, staff, "/recovered");
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: maintainers, reviewing
        [account-recovery] [lost 2FA] [status: awaiting maintainers]
        keydesk[bot]: <card>
        ada-locked-out: /recovered
        mira-maintainer: /recovered
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
fn a_role_that_was_taken_away_counts_no_more() {
    let desk = Desk::open();
    desk.ada_asks(&lost_phone());
    desk.act(ROOT, |acting| acting.give_role(&tracker(), MIRA, Role::Read));
    desk.says(MIRA, "/recovered");
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: maintainers, filed
        [account-recovery] [lost 2FA] [status: awaiting maintainers]
        keydesk[bot]: <card>
        mira-maintainer: /recovered (confused)
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
