//! The repository's own issue forms: read once, and again when a push changes them.

use crate::desk::{ADA, BEN, Desk, ROOT, lost_phone};
use keydesk::sandbox::seed::tracker;

const PATH: &str = ".github/ISSUE_TEMPLATE/account-recovery.yml";

const RENAMED: &str = "
name: Account recovery
body:
  - { type: input, id: who, attributes: { label: Your account on the index } }
  - { type: textarea, id: what, attributes: { label: What happened } }
";

const BODY: &str =
    "### Your account on the index\n\nada\n\n### What happened\n\nI lost my phone with the app.\n";

impl Desk {
    fn pushes_form(&self, path: &str, form: Option<&str>) {
        self.act(ROOT, |acting| acting.push_file(&tracker(), path, form.map(str::as_bytes)));
    }

    /// Files this body without a label; tells whether it was taken for a request, and by whom.
    fn tells(&self, number: u64, body: &str) -> Option<(Option<String>, bool)> {
        self.opens(ADA, body, &[]);
        let reading = self.report(number)?.ticket.reading;
        Some((reading.username, reading.is_account_recovery))
    }

    fn readings_of_forms(&self) -> usize {
        self.github
            .calls()
            .iter()
            .filter(|call| matches!(**call, "get_folder" | "find_file"))
            .count()
    }
}

#[test]
fn a_renamed_heading_is_read_once_the_form_says_so() {
    let desk = Desk::open();
    let ada = Some((Some("ada".to_owned()), true));
    assert_eq!(desk.tells(1, BODY), None, "nothing says that it is a request");
    desk.pushes_form(PATH, Some(RENAMED));
    assert_eq!(desk.tells(2, BODY), ada);
    // No word of the label tells, so the id must.
    let edited =
        RENAMED.replace("who", "username").replace("Your account on the index", "Who are you");
    desk.pushes_form(PATH, Some(&edited));
    assert_eq!(desk.tells(3, &BODY.replace("Your account on the index", "Who are you")), ada);
    assert_eq!(desk.tells(4, &lost_phone()), ada, "the form of old is still known");
}

#[test]
fn a_broken_form_counts_for_nothing() {
    let desk = Desk::open();
    desk.pushes_form(PATH, Some("name: [\nbody: 7\n"));
    desk.pushes_form(".github/ISSUE_TEMPLATE/second.yaml", Some(RENAMED));
    let ada = Some((Some("ada".to_owned()), true));
    assert_eq!(desk.tells(1, BODY), ada);
    desk.pushes_form(".github/ISSUE_TEMPLATE/second.yaml", None);
    assert_eq!(desk.tells(2, BODY), None);
    assert_eq!(desk.tells(3, &lost_phone()), ada);
}

#[test]
fn forms_are_asked_for_once() {
    let mut desk = Desk::open();
    desk.ada_asks(&lost_phone());
    let asked = desk.readings_of_forms();
    assert_eq!(asked, 3, "the policy, the folder, the form in it");
    desk.ada_asks(&lost_phone());
    desk.says(BEN, "Me too");
    desk.restart();
    desk.ada_asks(&lost_phone());
    assert_eq!(desk.readings_of_forms(), asked);
    desk.pushes_form("README.md", Some("# Support"));
    assert_eq!(desk.readings_of_forms(), asked);
    desk.pushes_form(".github/ISSUE_TEMPLATE/config.yml", Some("blank_issues_enabled: false"));
    assert_eq!(desk.readings_of_forms(), asked + 3);
}

#[test]
fn only_so_many_forms_are_read() {
    let desk = Desk::open();
    desk.opens(ADA, "Hello, is anybody there?", &[]);
    let before = desk.readings_of_forms();
    desk.sandbox.with(|state| {
        let now = "2026-11-23T09:00:00Z".parse().expect("a time");
        let mut root = state.acting(keydesk::sandbox::state::Actor::App, now);
        for number in 0..40 {
            let path = format!(".github/ISSUE_TEMPLATE/{number}.yml");
            root.push_file(&tracker(), &path, Some(b"body: []")).expect("pushed");
        }
        let long = "# long\n".repeat(10_000);
        root.push_file(&tracker(), ".github/ISSUE_TEMPLATE/0.yml", Some(long.as_bytes()))
            .expect("pushed");
        state.take_events();
    });
    desk.pushes_form(PATH, Some(RENAMED));
    assert_eq!(desk.readings_of_forms() - before, 2 + 20);
}
