//! GitHub on a bad day: what it applied without saying so is not done twice.

use std::time::Duration;

use keydesk::sandbox::faults::{FaultKind, Moment};

use super::desk::{Desk, SOON};
use super::stand_in::{BODY, StandIn};

/// An unclear answer is looked into no earlier than 15 s later, and a hanging one ends after 15 s.
const LONG: Duration = Duration::from_secs(60);

/// One desk, one fault an issue, so that the waiting times overlap.
#[tokio::test]
async fn nothing_is_done_twice_whatever_github_answers() {
    let github = StandIn::start().await;
    let desk = Desk::started(&github).await;
    let minute = Duration::from_secs(60);
    let faults = [
        (FaultKind::Status(500, Moment::After), 1),
        (FaultKind::Status(502, Moment::Before), 1),
        (FaultKind::Close(Moment::After), 1),
        (FaultKind::Close(Moment::Before), 1),
        (FaultKind::Hang(minute, Moment::After), 1),
        (FaultKind::SecondaryLimit(2), 1),
        (FaultKind::Status(401, Moment::Before), 1),
        (FaultKind::Status(429, Moment::Before), 0),
    ];
    for (number, fault) in (1..).zip(faults).filter(|(_, (_, times))| *times > 0) {
        github.spoil(&format!("POST /repos/*/*/issues/{number}/comments"), fault);
    }
    github.spoil("POST /repos/*/*/labels", (FaultKind::Status(500, Moment::After), 1));
    github.spoil("POST /repos/*/*/issues/8/labels", (FaultKind::Close(Moment::After), 1));
    github.spoil("GET /repos/*/*/contents/**", (FaultKind::Status(503, Moment::Before), 1));
    let numbers: Vec<u64> = faults.iter().map(|_| github.file("I am locked out", BODY)).collect();
    desk.settled(&github, LONG).await;
    assert!(!github.has_faults_left(), "every fault struck");
    for number in numbers {
        let authors: Vec<String> =
            github.issue(number).comments.into_iter().map(|comment| comment.author).collect();
        assert_eq!(authors, ["keydesk[bot]"], "issue {number}");
        let labels = github.labels(number);
        assert_eq!(labels, ["account-recovery", "lost 2FA", "status: awaiting maintainers"]);
    }
    assert_eq!(desk.wire.depths().await.set_aside, 0);
    assert!(!desk.log().contains("given up"));
}

/// The budget is ours to keep: GitHub must never have to say no.
#[tokio::test]
async fn the_own_limit_holds_back_what_is_too_much() {
    let github = StandIn::start().await;
    let mut desk = Desk::new(&github).with("GITHUB_CONTENT_PER_MINUTE", "7");
    desk.start(&github).await;
    let numbers: Vec<u64> = (0..12).map(|_| github.file("I am locked out", BODY)).collect();
    super::desk::eventually("the budget is used up", SOON, async || {
        desk.log().contains("limit on writing")
    })
    .await;
    let cards: usize = numbers.iter().map(|number| github.marked(*number).len()).sum();
    // Two labels were created; what is over is for the next minute.
    assert!(cards <= 5, "{cards} cards");
    let limited = desk.wire.get("metrics").await.text;
    assert!(!limited.contains("status=\"limited\""), "GitHub never had to refuse");
}
