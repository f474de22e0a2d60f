//! Stories: what people do at the desk, and what they find there afterwards.

use super::desk::{ADA, BEN, Desk, MIRA, lost_phone, request};

#[test]
fn a_request_gets_its_labels_and_one_comment() {
    let desk = Desk::open();
    desk.ada_asks(&lost_phone());
    insta::assert_snapshot!(desk.shows(), @r"
        open; maintainers' turn, filed
        [account-recovery] [lost 2FA] [status: awaiting maintainers]
        keydesk[bot]: <card>
        ");
    let _ = (BEN, request(None, "", false));
    desk.says(MIRA, "/initiated");
    insta::assert_snapshot!(desk.shows(), @r"
        open; requester' turn, recovering
        [account-recovery] [lost 2FA] [status: awaiting response]
        keydesk[bot]: <card>
        mira-maintainer: /initiated (+1)
        keydesk[bot]: <initiated>
        ");
    desk.says(ADA, "Thanks!");
    insta::assert_snapshot!(desk.shows(), @r"
        open; requester' turn, recovering
        [account-recovery] [lost 2FA] [status: awaiting response]
        keydesk[bot]: <card>
        mira-maintainer: /initiated (+1)
        keydesk[bot]: <initiated>
        ada-locked-out: Thanks!
        ");
    insta::assert_snapshot!(desk.reasons(), @r"
        A request, read as: lost_2fa.
        The request is complete, so it is the desk's turn.
        ada-locked-out put the label on by hand; it stays.
        This is older than what is known; only what happened counts, not how the issue looked.
        This is what the bot itself did.
        This is older than what is known; only what happened counts, not how the issue looked.
        This is what the bot itself did.
        This is older than what is known; only what happened counts, not how the issue looked.
        Programs give no turn and no commands.
        /initiated gave the turn to requester.
        mira-maintainer said /initiated.
        This is older than what is known; only what happened counts, not how the issue looked.
        This is what the bot itself did.
        This is older than what is known; only what happened counts, not how the issue looked.
        This is what the bot itself did.
        This is older than what is known; only what happened counts, not how the issue looked.
        Programs give no turn and no commands.
        The requester's words leave the turn where it is.
        ");
}
