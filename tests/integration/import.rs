//! An import: it ends as webhooks would have, costs few calls, survives being killed, and writes
//! nothing.

mod alike;
mod calls;
mod kept;
mod large;

use keydesk::sandbox::seed::tracker;
use keydesk::sandbox::state::{IssueChange, NewIssue, Role};
use keydesk::store::{Store, TicketReport};

use super::desk::{ADA, BEN, Desk, MIRA, ROOT, issue, lost_phone, new_store, request};

/// Steps that come due, but not within the stories told here.
const PATIENT: &str = "[[escalation]]\nname = \"first\"\nafter = \"60 days\"\nlabels = [\"escalated\"]\n\
    mention = [\"@mira-maintainer\"]\n[silence]\nremind_after = \"90 days\"\nclose_after = \"7 days\"\n";

fn store() -> Store {
    new_store()
}

fn says(desk: &Desk, number: u64, person: &str, text: &str) -> u64 {
    desk.act(person, |acting| acting.create_comment(&issue(number), text))
}

fn changes(desk: &Desk, number: u64, person: &str, change: IssueChange) {
    desk.act(person, |acting| acting.edit_issue(&issue(number), change));
}

fn closes(desk: &Desk, number: u64, person: &str, open: bool) {
    changes(desk, number, person, IssueChange { open: Some(open), ..IssueChange::default() });
}

fn labels(desk: &Desk, number: u64, person: &str, label: &str) {
    desk.act(person, |acting| acting.add_labels(&issue(number), &[label.to_owned()]));
}

/// The tickets of a store, as `explain` tells them.
fn report(store: &Store, number: u64) -> Option<TicketReport> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(store.report("acme/support".to_owned(), number)).expect("an answer")
}

/// Everything that can happen to requests and can be read from GitHub afterwards.
fn a_busy_tracker(desk: &Desk) {
    // 1: asked, answered, started, ended by hand.
    desk.ada_asks(&lost_phone());
    says(desk, 1, MIRA, "Which projects do you own?");
    says(desk, 1, ADA, "left-pad and right-pad.");
    desk.wait_days(2);
    says(desk, 1, MIRA, "I have initiated the recovery, please check your mail.");
    says(desk, 1, ADA, "I have sent the email to support@pypi.org.");
    closes(desk, 1, MIRA, false);
    // 2: a name is missing, and comes in a comment.
    desk.opens(BEN, &request(None, "I lost my phone.", true), &["account-recovery"]);
    says(desk, 2, BEN, "My user name is ben.");
    says(desk, 2, ADA, "Same here!");
    // 3: the account of the first, by somebody else; still open.
    desk.opens(BEN, &lost_phone(), &["account-recovery"]);
    labels(desk, 3, MIRA, "status: awaiting response");
    labels(desk, 3, MIRA, "escalated");
    desk.act(MIRA, |mira| mira.remove_label(&issue(3), "account-recovery"));
    desk.act(MIRA, |mira| mira.assign(&issue(3), &[MIRA.to_owned()]));
    // 4: no request.
    desk.opens(BEN, "The website is slow today.", &[]);
    says(desk, 4, MIRA, "Which page?");
    // 5: words of its own, labelled by hand.
    desk.opens(ADA, "I cannot log in, my phone is gone. My user name is ada2.", &[]);
    says(desk, 5, MIRA, "Do you still have recovery codes?");
    labels(desk, 5, MIRA, "account-recovery");
    desk.wait_days(1);
    says(desk, 5, ADA, "No, I lost them.");
    // 6: commands, a lock, another title, closed and opened again.
    desk.opens(ADA, &request(Some("ada3"), "I lost my phone.", true), &["account-recovery"]);
    says(desk, 6, MIRA, "/reason lost_email\n/username ada33\n/snooze 3 days");
    says(desk, 6, MIRA, "/ask-address");
    desk.act(MIRA, |mira| mira.lock_issue(&issue(6), true));
    desk.act(MIRA, |mira| mira.lock_issue(&issue(6), false));
    let title = IssueChange { title: Some("Locked out".to_owned()), ..IssueChange::default() };
    changes(desk, 6, MIRA, title);
    closes(desk, 6, MIRA, false);
    desk.wait_days(1);
    closes(desk, 6, MIRA, true);
    says(desk, 6, ADA, "/mailbox no");
    // 7: closed without a word.
    desk.opens(ADA, &request(Some("ada7"), "I lost my phone.", true), &["account-recovery"]);
    closes(desk, 7, ADA, false);
    // 8: code, not a request.
    let pull = NewIssue {
        title: "Account recovery request".to_owned(),
        body: Some(lost_phone()),
        labels: vec!["account-recovery".to_owned()],
        is_pull_request: true,
        ..NewIssue::default()
    };
    desk.act(BEN, |ben| ben.create_issue(&tracker(), pull));
    says(desk, 8, MIRA, "Nice.");
    // 9: somebody of the team who was none when speaking: a role counts as it is.
    desk.opens(ADA, &request(Some("ada9"), "I lost my phone.", true), &["account-recovery"]);
    says(desk, 9, ROOT, "Can you read the mailbox?");
    desk.act(ROOT, |root| root.give_role(&tracker(), ROOT, Role::Admin));
}
