//! SIGTERM, and a second process on the same file.

use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use keydesk::sandbox::faults::{FaultKind, Moment};

use super::desk::{Desk, SOON, eventually};
use super::stand_in::{BODY, SECRET, StandIn};
use super::wire::{Hook, signature};

#[tokio::test]
async fn sigterm_finishes_what_is_in_hand() {
    let github = StandIn::start().await;
    let mut desk = Desk::started(&github).await;
    let slow = FaultKind::Hang(Duration::from_secs(1), Moment::Before);
    github.spoil("POST /repos/*/*/issues/*/comments", (slow, 1));
    let number = github.file("I am locked out", BODY);
    eventually("the card is being posted", SOON, async || !github.has_faults_left()).await;
    desk.terminate();
    let status = desk.ended(Duration::from_secs(5)).await;
    assert_eq!(status.code(), Some(0), "{}", desk.log());
    assert_eq!(github.marked(number).len(), 1, "the card in hand was posted");
    github.open("Another", BODY, &["account-recovery"]);
    eventually("it was tried", SOON, async || {
        github.sandbox.with(|state| state.events_waiting()) == 0
    })
    .await;
    desk.start(&github).await;
    github.redeliver(false);
    desk.settled(&github, SOON).await;
    for number in [number, number + 1] {
        assert_eq!(github.marked(number).len(), 1);
        let wanted = ["account-recovery", "lost 2FA", "status: awaiting maintainers"];
        assert_eq!(github.labels(number), wanted);
    }
}

/// What GitHub takes long over is left to the next start, which looks before it posts.
#[tokio::test]
async fn sigterm_does_not_wait_for_a_hanging_github() {
    let github = StandIn::start().await;
    let mut desk = Desk::started(&github).await;
    let slow = FaultKind::Hang(Duration::from_secs(8), Moment::Before);
    github.spoil("POST /repos/*/*/issues/*/comments", (slow, 1));
    let number = github.file("I am locked out", BODY);
    eventually("the card is being posted", SOON, async || !github.has_faults_left()).await;
    desk.terminate();
    let status = desk.ended(Duration::from_secs(8)).await;
    assert_eq!(status.code(), Some(0), "{}", desk.log());
    assert!(github.marked(number).is_empty(), "GitHub is not done yet");
    desk.start(&github).await;
    desk.settled(&github, SOON).await;
    assert_eq!(github.marked(number).len(), 1, "it appeared by itself and was found");
}

#[tokio::test]
async fn sigterm_does_not_wait_for_those_who_say_nothing() {
    let github = StandIn::start().await;
    let mut desk = Desk::started(&github).await;
    assert_eq!(desk.wire.status(&Hook::opened("one", 1)).await, 202);
    let address = desk.wire.base.authority().expect("an address").to_string();
    let _silent = TcpStream::connect(&address).expect("a connection");
    let mut half = TcpStream::connect(&address).expect("a connection");
    let signature = signature(SECRET, b"{}");
    let head = format!(
        "POST /webhooks/github HTTP/1.1\r\nHost: x\r\nX-Hub-Signature-256: {signature}\r\n\
         Content-Length: 100\r\n\r\n{{"
    );
    half.write_all(head.as_bytes()).expect("half a request");
    let mut quarter = TcpStream::connect(&address).expect("a connection");
    quarter.write_all(b"POST /webhooks/gi").expect("a quarter of a request");
    assert_eq!(desk.wire.get("healthz").await.status, 200);
    desk.terminate();
    let status = desk.ended(Duration::from_secs(15)).await;
    assert_eq!(status.code(), Some(0), "{}", desk.log());
}

#[tokio::test]
async fn a_second_process_on_the_same_file_is_told_so() {
    let github = StandIn::start().await;
    let mut desk = Desk::started(&github).await;
    let mut second = desk.command(env!("CARGO_BIN_EXE_keydesk"));
    second.stderr(std::process::Stdio::piped());
    let output = second.arg("serve").output().expect("the binary");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(said.contains("error: ") && said.contains("another keydesk"), "{said}");
    assert!(said.contains("help: "), "{said}");
    assert!(desk.is_alive());
    assert_eq!(desk.wire.status(&Hook::opened("one", 1)).await, 202);
}
