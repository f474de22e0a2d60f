//! A request comes in.

use crate::desk::{ADA, BEN, Desk, MIRA, lost_phone, request};

#[test]
fn everything_in_one_second_is_the_same() {
    let desk = Desk::open().all_at_once();
    desk.ada_asks(&lost_phone());
    desk.says(MIRA, "Which projects do you own?");
    desk.says(ADA, "left-pad and right-pad.");
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: maintainers, reviewing
        [account-recovery] [lost 2FA] [status: awaiting maintainers]
        keydesk[bot]: <card>
        mira-maintainer: Which projects do you own?
        ada-locked-out: left-pad and right-pad.
        ");
}

#[test]
fn a_second_delivery_changes_nothing() {
    let desk = Desk::open();
    desk.hold();
    desk.ada_asks(&lost_phone());
    let sent = desk.held();
    desk.release(|held| held);
    desk.says(MIRA, "Which projects do you own?");
    let before = (desk.shows(), desk.reasons(), desk.github.calls());
    for event in &sent {
        desk.deliver(event);
    }
    assert_eq!((desk.shows(), desk.reasons(), desk.github.calls()), before);
}

#[test]
fn the_same_event_under_another_guid_changes_nothing() {
    let desk = Desk::open();
    desk.hold();
    desk.ada_asks(&lost_phone());
    let opened = desk.held().remove(0);
    desk.release(|held| held);
    let before = (desk.shows(), desk.reasons(), desk.writes());
    let mut again = opened;
    again.guid = "00000000-0000-4000-8000-000000000001".to_owned();
    desk.deliver(&again);
    assert_eq!((desk.shows(), desk.reasons(), desk.writes()), before);
}

#[test]
fn what_is_missing_is_asked_for_and_an_edit_brings_it() {
    let desk = Desk::open();
    desk.ada_asks(&request(None, "I lost my phone.", false));
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: requester, filed
        [account-recovery] [lost 2FA] [needs information] [status: awaiting response]
        keydesk[bot]: <card>
        ");
    let card = desk.issue().comments[0].body.clone();
    desk.rewrites(ADA, &lost_phone());
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: maintainers, filed
        [account-recovery] [lost 2FA] [status: awaiting maintainers]
        keydesk[bot]: <card>
        ");
    assert_ne!(desk.issue().comments[0].body, card, "the card follows");
}

#[test]
fn an_unticked_box_alone_needs_information() {
    let desk = Desk::open();
    desk.ada_asks(&request(Some("ada"), "I lost my phone.", false));
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: requester, filed
        [account-recovery] [lost 2FA] [needs information] [status: awaiting response]
        keydesk[bot]: <card>
        ");
}

#[test]
fn what_is_missing_may_come_as_an_answer() {
    let desk = Desk::open();
    desk.ada_asks(&request(None, "I lost my phone.", true));
    desk.says(ADA, "My user name is ada, sorry.");
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: maintainers, filed
        [account-recovery] [lost 2FA] [status: awaiting maintainers]
        keydesk[bot]: <card>
        ada-locked-out: My user name is ada, sorry.
        ");
}

#[test]
fn asking_for_news_is_no_answer() {
    let desk = Desk::open();
    desk.ada_asks(&request(None, "I lost my phone.", true));
    desk.says(ADA, "Is there any news?");
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: maintainers, filed
        [account-recovery] [lost 2FA] [needs information] [status: awaiting maintainers]
        keydesk[bot]: <card>
        ada-locked-out: Is there any news?
        ");
}

#[test]
fn a_request_without_the_label_is_known_by_its_headings() {
    let desk = Desk::open();
    desk.opens(ADA, &lost_phone(), &[]);
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: maintainers, filed
        [account-recovery] [lost 2FA] [status: awaiting maintainers]
        keydesk[bot]: <card>
        ");
}

#[test]
fn another_issue_is_left_alone_until_it_is_labelled() {
    let desk = Desk::open();
    desk.opens(ADA, "The site is slow today, can you have a look?", &[]);
    desk.says(BEN, "/help");
    desk.opens(BEN, "It is slow for me, too.", &[]);
    assert!(desk.report(1).is_none());
    let mut asked = desk.github.calls();
    asked.retain(|call| *call != "get_identity");
    assert_eq!(asked, ["find_file", "get_folder", "find_file"], "policy and form, and only once");
    desk.labels(MIRA, "account-recovery");
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: requester, filed
        [account-recovery] [needs information] [status: awaiting response]
        ben-bystander: /help
        keydesk[bot]: <card>
        ");
}

#[test]
fn pull_requests_are_ignored() {
    use keydesk::sandbox::seed::tracker;
    use keydesk::sandbox::state::NewIssue;

    let desk = Desk::open();
    let new = NewIssue {
        title: "Account recovery request".to_owned(),
        body: Some(lost_phone()),
        labels: vec!["account-recovery".to_owned()],
        is_pull_request: true,
        ..NewIssue::default()
    };
    desk.act(ADA, |acting| acting.create_issue(&tracker(), new));
    desk.says(MIRA, "/initiated");
    desk.closes(MIRA);
    assert!(desk.github.calls().is_empty() && desk.report(1).is_none());
}
