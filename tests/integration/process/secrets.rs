//! No secret is in anything the process says, however much it is asked to tell.

use keydesk::sandbox::faults::{FaultKind, Moment};

use super::desk::{Desk, SOON};
use super::stand_in::{BODY, KEY_PATH, MAINTAINER, SECRET, StandIn};
use super::wire::{Hook, signature};

#[tokio::test]
async fn a_whole_run_at_trace_tells_no_secret() {
    let github = StandIn::start().await;
    let mut desk = Desk::new(&github).with("RUST_LOG", "trace");
    desk.start(&github).await;
    let body = format!("{BODY}\n\nMy password is hunter2-hunter2.");
    let number = github.file("I am locked out", &body);
    desk.settled(&github, SOON).await;
    github.sandbox.with(|state| state.revoke_tokens());
    github.comment(MAINTAINER, number, "/initiated");
    let hook = Hook::opened("wrong", 9);
    let wrong = signature("no secret of ours", &hook.body);
    assert_eq!(desk.wire.status(&hook.with("x-hub-signature-256", Some(&wrong))).await, 401);
    assert_eq!(desk.wire.status(&Hook::new("issues", "broken", "{")).await, 400);
    github.spoil("GET /repos/*/*/collaborators/**", (FaultKind::Status(500, Moment::Before), 1));
    desk.settled(&github, SOON).await;
    let figures = desk.wire.get("metrics").await.text;
    desk.terminate();
    assert_eq!(desk.ended(SOON).await.code(), Some(0));
    let said = desk.log() + &figures;
    assert!(said.contains("TRACE") && said.contains("DEBUG"), "it told much");

    let key = std::fs::read_to_string(KEY_PATH).expect("the key");
    let lines = key.lines().filter(|line| !line.starts_with("-----"));
    let person = github.sandbox.with(|state| state.create_personal_token(MAINTAINER));
    // What tokens begin with: the installation's, a person's, the App's own.
    let beginnings = ["ghs_", &person[..4], "eyJ", "Bearer"];
    for secret in lines.chain([SECRET]).chain(beginnings).chain(["hunter2", "authenticator app"]) {
        let at = said.find(secret);
        let line = at.and_then(|at| said[..at].lines().last()).unwrap_or_default();
        assert!(at.is_none(), "`{secret}` is told after: {line}");
    }
}
