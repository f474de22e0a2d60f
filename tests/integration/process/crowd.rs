//! Whoever is slow, or many, or says too much, delays nobody: GitHub's webhooks are answered.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::desk::Desk;
use super::stand_in::StandIn;
use super::wire::{Hook, Wire};

/// GitHub waits for no answer longer.
const PATIENCE: Duration = Duration::from_secs(10);

/// More than the desk keeps open at once.
const CROWD: usize = 700;

async fn connect(wire: &Wire) -> TcpStream {
    let authority = wire.base.authority().expect("an address").as_str();
    TcpStream::connect(authority).await.expect("an open door")
}

/// A connection that has said this much.
async fn said(wire: &Wire, text: &str) -> TcpStream {
    let mut stream = connect(wire).await;
    // An error means that it had to make room already.
    let _ = stream.write_all(text.as_bytes()).await;
    stream
}

/// Headers of a delivery whose body is still to come.
fn begun(body_bytes: usize) -> String {
    format!(
        "POST /webhooks/github HTTP/1.1\r\nHost: desk\r\nX-Hub-Signature-256: sha256={}\r\n\
         Content-Length: {body_bytes}\r\n\r\n{{",
        "0".repeat(64)
    )
}

/// GitHub's deliveries from `first` on, one after the other, each on a connection of its own.
async fn deliver(desk: &Desk, first: u64) {
    for issue in first..first + 20 {
        let wire = Wire::to(&desk.wire.base.to_string());
        let hook = Hook::opened(&format!("in-a-crowd-{issue}"), issue);
        let status = tokio::time::timeout(PATIENCE, wire.status(&hook)).await;
        assert_eq!(status, Ok(202), "delivery {issue}");
    }
}

#[tokio::test]
async fn hundreds_who_never_finish_a_request_hold_nobody_up() {
    let github = StandIn::start().await;
    let desk = Desk::started(&github).await;
    let mut crowd = Vec::new();
    for _ in 0..CROWD {
        crowd.push(said(&desk.wire, "POST /webhooks/github HTTP/1.1\r\nHost: d").await);
    }
    deliver(&desk, 1).await;
    for _ in 0..CROWD {
        crowd.push(said(&desk.wire, &begun(100)).await);
    }
    deliver(&desk, 101).await;
    // More large bodies than are read at once.
    for _ in 0..10 {
        crowd.push(said(&desk.wire, &begun(24 << 20)).await);
    }
    deliver(&desk, 201).await;
    drop(crowd);
    desk.settled(&github, super::desk::SOON).await;
    assert_eq!(desk.wire.depths().await.set_aside, 0);
}

#[tokio::test]
async fn a_flood_of_forged_deliveries_holds_nobody_up() {
    let github = StandIn::start().await;
    let desk = Desk::started(&github).await;
    let mut flood = JoinSet::new();
    for number in 0..16 {
        let wire = Wire::to(&desk.wire.base.to_string());
        flood.spawn(async move {
            let wrong = format!("sha256={}", "0".repeat(64));
            let hook = Hook::opened(&format!("forged-{number}"), 9_000 + number)
                .with("x-hub-signature-256", Some(&wrong));
            loop {
                assert_eq!(wire.status(&hook).await, 401);
            }
        });
    }
    deliver(&desk, 1).await;
    assert!(flood.try_join_next().is_none(), "the flood went on all the time");
    flood.shutdown().await;
}

#[tokio::test]
async fn headers_beyond_reason_are_refused() {
    let github = StandIn::start().await;
    let desk = Desk::started(&github).await;
    let long =
        format!("GET /healthz HTTP/1.1\r\nHost: desk\r\nX-Long: {}\r\n\r\n", "x".repeat(64 << 10));
    let many =
        format!("GET /healthz HTTP/1.1\r\nHost: desk\r\n{}\r\n", "X-Many: x\r\n".repeat(200));
    for request in [long, many] {
        let mut stream = said(&desk.wire, &request).await;
        let mut answer = Vec::new();
        let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer)).await;
        read.expect("it is closed").ok();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
    }
    assert_eq!(desk.wire.get("healthz").await.status, 200);
}
