//! A tracker of a size that takes many pages.

use std::time::{Duration, Instant};

use super::*;

#[test]
fn twelve_hundred_issues_are_taken_in_soon() {
    let desk = Desk::under(PATIENT);
    let now = desk.sandbox.now();
    for number in 1..=1_200_u64 {
        let new = NewIssue {
            title: "Account recovery request".to_owned(),
            body: Some(request(Some(&format!("user{number}")), "I lost my phone.", true)),
            labels: vec!["account-recovery".to_owned()],
            ..NewIssue::default()
        };
        desk.sandbox.with(|state| {
            let ada = keydesk::sandbox::state::Actor::Person(ADA.to_owned());
            let mira = keydesk::sandbox::state::Actor::Person(MIRA.to_owned());
            let mut acting = state.acting(ada, now);
            acting.create_issue(&tracker(), new).expect("an issue");
            let mut acting = state.acting(mira, now);
            acting.create_comment(&issue(number), "Which projects do you own?").expect("a comment");
            if number % 4 != 0 {
                let closed = IssueChange { open: Some(false), ..IssueChange::default() };
                acting.edit_issue(&issue(number), closed).expect("closed");
            }
            state.take_events();
        });
    }
    let store = store();
    let before = desk.github.calls().len();
    let began = Instant::now();
    let done = desk.imports(&store);
    let took = began.elapsed();
    assert_eq!((done.issues, done.open, done.closed), (1_200, 300, 900));
    // 12 pages of issues and of comments, a thirteenth is not linked, and 300 timelines.
    let calls = desk.github.calls().len() - before;
    assert!(calls <= 12 + 12 + 300 + 10, "{calls} calls");
    println!("taken in after {took:?}");
    assert!(took < Duration::from_secs(60), "it took {took:?}");
    let answered = (1..=1_200).step_by(97).filter_map(|number| report(&store, number));
    assert!(answered.into_iter().all(|report| report.ticket.answered_at.is_some()));
}
