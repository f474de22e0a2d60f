//! A database that cannot be written: nothing is acknowledged that would be lost.

use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::desk::{Desk, SOON, eventually};
use super::stand_in::StandIn;
use super::wire::{Hook, opened};

#[tokio::test]
async fn a_locked_database_is_no_reason_to_lie() {
    let github = StandIn::start().await;
    let mut desk = Desk::started(&github).await;
    let other = Connection::open(desk.path("desk.db")).expect("the database");
    other.execute_batch("BEGIN IMMEDIATE").expect("the lock");
    let hook = Hook::opened("locked-out", 1);
    let began = Instant::now();
    let answer = desk.wire.post(&hook).await;
    assert!(
        began.elapsed() < Duration::from_secs(10),
        "GitHub waits 10 s, not {:?}",
        began.elapsed()
    );
    assert_eq!(answer.status, 503, "{}", answer.text);
    let seconds = answer.headers["retry-after"].to_str().expect("text");
    assert!(seconds.parse::<u32>().is_ok_and(|seconds| seconds > 0));
    assert_eq!(desk.wire.get("readyz").await.status, 503);
    assert_eq!(desk.wire.get("healthz").await.status, 200);
    other.execute_batch("ROLLBACK").expect("the lock given back");
    eventually("it is ready again", SOON, async || desk.wire.get("readyz").await.status == 200)
        .await;
    assert_eq!(desk.wire.status(&hook).await, 202, "sent again, it is kept");
    desk.settled(&github, SOON).await;
    assert!(desk.is_alive());
}

/// The nearest to a full disk without one: files may not grow beyond a megabyte.
#[tokio::test]
async fn a_full_disk_loses_nothing_that_was_acknowledged() {
    let github = StandIn::start().await;
    let mut desk = Desk::new(&github);
    let mut limited = desk.command("sh");
    let script = "trap '' XFSZ; ulimit -f 2048; exec \"$0\" serve";
    limited.args(["-c", script, env!("CARGO_BIN_EXE_keydesk")]);
    desk.start_as(limited, &github).await;
    let mut kept = 0;
    let mut refused = None;
    for issue in 1..=200 {
        let mut payload = opened(issue);
        payload["issue"]["body"] = "x".repeat(60_000).into();
        let hook = Hook::new("issues", &format!("full-{issue}"), payload.to_string());
        match desk.wire.post(&hook).await.status {
            202 => kept += 1,
            503 => {
                refused = Some(hook);
                break;
            }
            other => panic!("answered {other}"),
        }
    }
    let refused = refused.expect("the disk was full at some time");
    assert!(kept > 3 && desk.is_alive(), "{kept} were kept before");
    assert_eq!(desk.wire.get("healthz").await.status, 200);
    desk.kill();
    desk.start(&github).await;
    desk.settled(&github, Duration::from_secs(30)).await;
    assert_eq!(desk.wire.depths().await.set_aside, 0);
    let database = Connection::open(desk.path("desk.db")).expect("the database");
    let done: i64 = database
        .query_row("SELECT count(*) FROM deliveries WHERE state = 'done'", [], |row| row.get(0))
        .expect("a count");
    assert_eq!(done, kept, "all that was acknowledged was handled, and nothing else");
    assert_eq!(desk.wire.status(&refused).await, 202);
}
