//! What is kept of people's words, and how long: `docs/RETENTION.md` as a test.

use keydesk::sandbox::state::IssueChange;
use keydesk::store::{Address, Erased, Store};

use crate::desk::{ADA, BEN, Desk, MIRA, request};
use crate::rows::told;

/// A sentence that stands nowhere else.
const WORDS: &str = "my purple telephone fell into the Danube";
const ANSWER: &str = "a heron watched it sink";

fn desk_on_a_file(policy: &str) -> (Desk, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let address = Address::File(folder.path().join("desk.db"));
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let store = runtime.block_on(Store::open_beside(&address)).expect("a store");
    let mut desk = Desk::under(policy);
    desk.works_on(&store);
    desk.ada_asks(&request(Some("ada"), &format!("I lost my phone: {WORDS}."), true));
    desk.says(MIRA, "Which projects do you own?");
    desk.says(ADA, &format!("I own left-pad, and {ANSWER}."));
    (desk, folder)
}

/// The lines of the database in which these words stand.
fn lines_with(folder: &tempfile::TempDir, words: &str) -> Vec<String> {
    let lines = told(&folder.path().join("desk.db"));
    assert!(lines.len() > 10);
    lines.into_iter().filter(|line| line.contains(words)).collect()
}

#[test]
fn the_text_of_a_request_is_forgotten_half_a_year_after_it_was_closed() {
    let (desk, folder) = desk_on_a_file("");
    assert_eq!(lines_with(&folder, ANSWER), Vec::<String>::new(), "comments are not kept");
    desk.wait_days(20);
    let [line] = &lines_with(&folder, WORDS)[..] else { panic!("it stands in one place") };
    assert!(line.starts_with("tickets "), "{line}");
    desk.closes(MIRA);
    desk.wait_days(179);
    assert_eq!(lines_with(&folder, WORDS).len(), 1);
    desk.wait_days(2);
    assert_eq!(lines_with(&folder, WORDS), Vec::<String>::new());
    let ticket = desk.report(1).expect("a ticket").ticket;
    assert_eq!((ticket.title.as_str(), ticket.body.as_str()), ("", ""));

    desk.says(ADA, "Thank you!");
    assert_eq!(lines_with(&folder, WORDS), Vec::<String>::new(), "a comment brings nothing back");
    desk.changes(MIRA, IssueChange { open: Some(true), ..IssueChange::default() });
    assert_eq!(lines_with(&folder, WORDS).len(), 1, "it is needed again");
}

#[test]
fn a_desk_may_keep_it_for_less() {
    let (desk, folder) = desk_on_a_file("[retention]\nrequest_text = \"2 days\"\n");
    desk.wait_days(5);
    assert_eq!(lines_with(&folder, WORDS).len(), 1, "while it is open it is needed");
    desk.closes(MIRA);
    desk.wait_days(1);
    assert_eq!(lines_with(&folder, WORDS).len(), 1);
    desk.wait_days(2);
    assert_eq!(lines_with(&folder, WORDS), Vec::<String>::new());
}

#[test]
fn a_person_who_is_erased_is_named_nowhere_and_left_alone() {
    let (desk, folder) = desk_on_a_file("");
    desk.opens(BEN, &request(Some("ben"), "I lost my phone.", true), &["account-recovery"]);
    desk.says_at(2, MIRA, "/assign @ada-locked-out");
    desk.says_at(2, ADA, "I know Ben.");
    assert!(!lines_with(&folder, ADA).is_empty());
    let erased = desk.erases(ADA);
    assert_eq!(erased.tickets, ["acme/support#1"]);
    assert_eq!(lines_with(&folder, ADA), Vec::<String>::new());
    assert_eq!(lines_with(&folder, WORDS), Vec::<String>::new());
    assert!(desk.report(2).expect("Ben's").ticket.body.contains("I lost my phone"));

    let comments = desk.issue().comments.len();
    desk.says(ADA, "Hello? My account is ada.");
    desk.says(MIRA, "/initiated");
    desk.wait_days(40);
    assert_eq!(desk.issue().comments.len(), comments + 2, "nothing is said there any more");
    assert_eq!(lines_with(&folder, ADA), Vec::<String>::new(), "nothing comes back");
    assert_eq!(desk.erases(ADA), Erased::default());
}
