//! `keydesk simulate` over a live tracker: everything is read there, and nothing is written.

use std::process::{Output, Stdio};

use super::desk::Desk;
use super::stand_in::{BODY, MAINTAINER, REQUESTER, StandIn};

async fn simulate(desk: &Desk, from: &str) -> Output {
    let mut command = desk.command(env!("CARGO_BIN_EXE_keydesk"));
    command.args(["simulate", "--from", from, "--format", "json"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let ended = tokio::task::spawn_blocking(move || command.output());
    ended.await.expect("no panic").expect("the binary")
}

#[tokio::test]
async fn a_live_tracker_is_played_and_stays_as_it_is() {
    let github = StandIn::start().await;
    let number = github.file("Account recovery request", BODY);
    github.comment(MAINTAINER, number, "Which projects do you own?");
    github.comment("ben-bystander", number, "/recovered");
    github.comment(REQUESTER, number, "I own left-pad.\n\n/sent");
    let before = format!("{:?}", github.issue(number));
    let desk = Desk::new(&github);
    let name = keydesk::sandbox::seed::tracker();
    let output = simulate(&desk, &format!("{}/{}", name.owner, name.name)).await;
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let lines = String::from_utf8(output.stdout).expect("UTF-8");
    let own = format!("\"issue\":{number},");
    let lines: Vec<&str> = lines.lines().filter(|line| line.contains(&own)).collect();
    let did = |what: &str| lines.iter().any(|line| line.contains(what));
    assert!(did("\"action\":\"put the card\""), "{lines:#?}");
    assert!(did("A maintainer asked something"), "the role was asked for: {lines:#?}");
    assert!(did("\"action\":\"react +1\""), "the requester's command is done: {lines:#?}");
    assert!(!did("close as completed"), "an outsider's is not: {lines:#?}");
    assert_eq!(format!("{:?}", github.issue(number)), before, "nothing was written");
}

#[tokio::test]
async fn a_tracker_that_cannot_be_seen_is_named_with_a_cure() {
    let github = StandIn::start().await;
    let output = simulate(&Desk::new(&github), "acme/not-there").await;
    let errors = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(1));
    assert!(errors.contains("acme/not-there") && errors.contains("help: "), "{errors}");
    let desk = Desk::new(&github).with("GITHUB_APP_ID", "").with("GITHUB_PRIVATE_KEY_PATH", "");
    let output = simulate(&desk, "acme/support").await;
    let errors = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(errors.contains("error: there are no GitHub credentials\nhelp: set "), "{errors}");
}
