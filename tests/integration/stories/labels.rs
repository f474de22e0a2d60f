//! Labels: the bot's follow the state, a person's stay.

use keydesk::sandbox::seed::tracker;

use crate::desk::{ADA, Desk, MIRA, lost_phone, request};

const REASON: &str = "lost 2FA";
const NEEDS: &str = "needs information";

#[test]
fn a_label_taken_off_by_hand_stays_off() {
    let desk = Desk::open();
    desk.ada_asks(&lost_phone());
    desk.unlabels(MIRA, REASON);
    desk.says(MIRA, "/initiated");
    desk.rewrites(ADA, &format!("{}\nP.S. Please!", lost_phone()));
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: requester, recovering
        [account-recovery] [status: awaiting response]
        keydesk[bot]: <card>
        mira-maintainer: /initiated (+1)
        keydesk[bot]: <initiated>
        ");
}

#[test]
fn a_turn_label_moved_by_hand_within_one_second() {
    let desk = Desk::open().all_at_once();
    desk.ada_asks(&lost_phone());
    desk.unlabels(MIRA, "status: awaiting maintainers");
    desk.labels(MIRA, "status: awaiting response");
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: requester, filed
        [account-recovery] [lost 2FA] [status: awaiting response]
        keydesk[bot]: <card>
        ");
}

#[test]
fn a_turn_label_taken_off_by_hand_stays_off_until_a_command() {
    let desk = Desk::open();
    desk.ada_asks(&lost_phone());
    desk.unlabels(MIRA, "status: awaiting maintainers");
    assert!(!desk.shows().contains("status:"), "{}", desk.shows());
    desk.says(ADA, "Is there any news about it?");
    assert!(!desk.shows().contains("status:"), "{}", desk.shows());
    desk.says(MIRA, "/turn maintainers");
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: maintainers, filed
        [account-recovery] [lost 2FA] [status: awaiting maintainers]
        keydesk[bot]: <card>
        ada-locked-out: Is there any news about it?
        mira-maintainer: /turn maintainers (+1)
        ");
}

#[test]
fn labels_changed_while_the_bot_was_away_count_as_by_hand() {
    let desk = Desk::open();
    desk.ada_asks(&request(None, "I lost my phone.", true));
    desk.hold();
    desk.unlabels(MIRA, REASON);
    desk.unlabels(MIRA, NEEDS);
    desk.says(MIRA, "Which projects do you own?");
    // Only the last of them ever arrives.
    desk.release(|mut held| held.split_off(held.len() - 1));
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: requester, reviewing
        [account-recovery] [status: awaiting response]
        keydesk[bot]: <card>
        mira-maintainer: Which projects do you own?
        ");
    desk.rewrites(ADA, &lost_phone());
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: requester, reviewing
        [account-recovery] [status: awaiting response]
        keydesk[bot]: <card>
        mira-maintainer: Which projects do you own?
        ");
}

#[test]
fn a_label_removed_before_the_bot_gets_to_set_it_is_not_fought_over() {
    let desk = Desk::open();
    desk.ada_asks(&lost_phone());
    for _ in 0..3 {
        desk.unlabels(MIRA, REASON);
        desk.labels(MIRA, REASON);
    }
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: maintainers, filed
        [account-recovery] [lost 2FA] [status: awaiting maintainers]
        keydesk[bot]: <card>
        ");
}

#[test]
fn a_label_deleted_from_the_repository_is_made_again_when_it_is_wanted() {
    let desk = Desk::open();
    desk.ada_asks(&lost_phone());
    desk.says(MIRA, "/turn requester");
    desk.says(MIRA, "/turn maintainers");
    let label = "status: awaiting response";
    desk.act(MIRA, |acting| acting.delete_label(&tracker(), label));
    desk.says(MIRA, "/initiated");
    insta::assert_snapshot!(desk.shows(), @r"
        open; turn: requester, recovering
        [account-recovery] [lost 2FA] [status: awaiting response]
        keydesk[bot]: <card>
        mira-maintainer: /turn requester (+1)
        mira-maintainer: /turn maintainers (+1)
        mira-maintainer: /initiated (+1)
        keydesk[bot]: <initiated>
        ");
    let colour = desk.sandbox.with(|state| {
        let repository = state.find_repository(&tracker()).expect("the tracker");
        repository.find_label(label).map(|label| label.color.clone())
    });
    assert_eq!(colour.as_deref(), Some("c2e0c6"), "in the colour of the policy");
}
