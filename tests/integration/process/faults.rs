//! GitHub on a bad day: what it applied without saying so is not done twice.

use std::process::Stdio;
use std::time::Duration;

use keydesk::sandbox::faults::{FaultKind, Moment};
use keydesk::sandbox::state::Permission;

use super::desk::{Desk, SOON};
use super::stand_in::{BODY, MAINTAINER, StandIn};

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

/// What GitHub refuses for good is not tried again, and whoever asks is told why.
#[tokio::test]
async fn a_refusal_for_good_ends_with_a_reason_people_can_read() {
    let github = StandIn::start().await;
    let mut desk = Desk::started(&github).await;
    let refusals = [
        (404, "GitHub does not find the issue"),
        (410, "GitHub does not find the issue"),
        (422, "GitHub refused with 422"),
        (403, "GitHub refused it (Server Error); the App needs the permission `issues: write`"),
    ];
    for (number, (status, _)) in (1..).zip(refusals) {
        let fault = (FaultKind::Status(status, Moment::Before), 100);
        github.spoil(&format!("POST /repos/*/*/issues/{number}/comments"), fault);
    }
    let numbers: Vec<u64> = refusals.iter().map(|_| github.file("I am locked out", BODY)).collect();
    desk.settled(&github, SOON).await;
    let unassignable = github.file("I am locked out", BODY);
    github.comment(MAINTAINER, unassignable, "/assign @ben-bystander");
    desk.settled(&github, SOON).await;
    for (number, (status, why)) in numbers.into_iter().zip(refusals) {
        let told = explained(&desk, number);
        assert!(github.marked(number).is_empty(), "{status}: nothing was posted: {told}");
        let wanted = ["account-recovery", "lost 2FA", "status: awaiting maintainers"];
        assert_eq!(github.labels(number), wanted, "{status}: the rest goes on");
        assert!(told.contains(&format!("put the card: given_up {why}")), "{status}: {told}");
    }
    let told = explained(&desk, unassignable);
    let wanted = "assign ben-bystander: given_up GitHub does not let @ben-bystander be assigned";
    assert!(told.contains(wanted), "{told}");
    let figures = desk.wire.get("metrics").await.text;
    assert!(figures.contains("given_up"), "it is counted");
    assert!(desk.is_alive());
}

/// Without the permission nothing can be written, and it is said once for the repository.
#[tokio::test]
async fn a_lacking_permission_is_told_and_its_return_is_noticed() {
    let github = StandIn::start().await;
    let desk = Desk::started(&github).await;
    github.sandbox.with(|state| state.settings.lacking.insert(Permission::IssuesWrite));
    let number = github.file("I am locked out", BODY);
    desk.settled(&github, SOON).await;
    let told = explained(&desk, number);
    assert!(told.contains("Resource not accessible by integration"), "{told}");
    assert!(told.contains("the App needs the permission `issues: write`"), "{told}");
    assert_eq!(desk.log().matches("the App lacks a permission").count(), 1, "{}", desk.log());
    github.sandbox.with(|state| state.settings.lacking.clear());
    let number = github.file("I am locked out, too", BODY);
    desk.settled(&github, SOON).await;
    assert_eq!(github.marked(number).len(), 1, "it writes again");
}

/// What `keydesk explain` says of an issue.
fn explained(desk: &Desk, number: u64) -> String {
    let mut command = desk.command(env!("CARGO_BIN_EXE_keydesk"));
    let ticket = format!("acme/support#{number}");
    let output = command.args(["explain", &ticket]).stdout(Stdio::piped()).output();
    String::from_utf8_lossy(&output.expect("the binary").stdout).into_owned()
}
