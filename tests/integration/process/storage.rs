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

/// The nearest to a full disk without one: files may not grow beyond a megabyte and a half.
#[tokio::test]
async fn a_full_disk_loses_nothing_that_was_acknowledged() {
    let github = StandIn::start().await;
    let mut desk = Desk::new(&github);
    let mut limited = desk.command("sh");
    let script = "trap '' XFSZ; ulimit -f 3072; exec \"$0\" serve";
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

/// Raises the limit again without a restart: there is room, and what waited is done.
#[tokio::test]
async fn when_there_is_room_again_it_goes_on_by_itself() {
    let github = StandIn::start().await;
    let mut desk = Desk::new(&github);
    let mut limited = desk.command("sh");
    let script = "trap '' XFSZ; ulimit -S -f 2048; exec \"$0\" serve";
    limited.args(["-c", script, env!("CARGO_BIN_EXE_keydesk")]);
    desk.start_as(limited, &github).await;
    let filling = |issue: u64| {
        let mut payload = opened(issue);
        payload["issue"]["body"] = "x".repeat(60_000).into();
        Hook::new("issues", &format!("full-{issue}"), payload.to_string())
    };
    let mut issue = 1;
    while desk.wire.status(&filling(issue)).await == 202 {
        issue += 1;
        assert!(issue < 200, "the disk is full at some time");
    }
    // What is too much for a request may be room enough for a word; each try takes some of it.
    let mut is_ready = true;
    for _ in 0..200 {
        match desk.wire.status(&filling(issue)).await {
            202 => issue += 1,
            _ => is_ready = desk.wire.get("readyz").await.status != 503,
        }
        if !is_ready {
            break;
        }
    }
    assert!(!is_ready, "it says that it is not ready");
    assert_eq!(desk.wire.get("healthz").await.status, 200);
    assert_eq!(desk.wire.status(&filling(issue)).await, 503);
    desk.limit_files("unlimited");
    eventually("it is ready again", SOON, async || desk.wire.get("readyz").await.status == 200)
        .await;
    assert_eq!(desk.wire.status(&filling(issue)).await, 202, "sent again, it is kept");
    assert!(desk.is_alive());
}

/// SQLite would go on writing to a file that nobody finds any more.
#[tokio::test]
async fn a_file_that_was_moved_away_keeps_nothing() {
    let github = StandIn::start().await;
    let mut desk = Desk::started(&github).await;
    assert_eq!(desk.wire.status(&Hook::opened("before", 1)).await, 202);
    for name in ["desk.db", "desk.db-wal"] {
        let (there, aside) = (desk.path(name), desk.path("aside"));
        std::fs::rename(&there, &aside).expect("moved");
        let hook = Hook::opened(&format!("without-{name}"), 2);
        assert_eq!(desk.wire.status(&hook).await, 503, "{name} is gone");
        assert_eq!(desk.wire.get("readyz").await.status, 503);
        assert_eq!(desk.wire.get("healthz").await.status, 200);
        std::fs::write(&there, "another").expect("a file");
        assert_eq!(desk.wire.status(&hook).await, 503, "{name} is another");
        std::fs::rename(&aside, &there).expect("moved back");
        assert_eq!(desk.wire.status(&hook).await, 202, "it goes on by itself");
        assert_eq!(desk.wire.get("readyz").await.status, 200);
    }
    let said = desk.log();
    for words in ["desk.db: the file was deleted or moved away", "move it back", "another file"] {
        assert!(said.contains(words), "`{words}` was not said");
    }
    assert!(desk.is_alive());
}

#[tokio::test]
async fn garbage_in_the_file_is_seen_before_anything_is_acknowledged() {
    let github = StandIn::start().await;
    let mut desk = Desk::started(&github).await;
    assert_eq!(desk.wire.status(&Hook::opened("before", 1)).await, 202);
    let path = desk.path("desk.db");
    let whole = std::fs::read(&path).expect("the database");
    for garbage in ["", "PK garbage of another program"] {
        std::fs::write(&path, garbage).expect("written over");
        assert_eq!(desk.wire.status(&Hook::opened("meanwhile", 2)).await, 503);
        assert_eq!(desk.wire.get("readyz").await.status, 503);
    }
    assert!(desk.log().contains("something else was written over it; stop keydesk, put a backup"));
    assert!(desk.is_alive());
    desk.kill();
    for garbage in ["", "PK garbage of another program"] {
        std::fs::write(&path, garbage).expect("written over");
        let said = refused(&desk);
        assert!(said.contains("desk.db: ") && said.contains("help: stop keydesk"), "{said}");
    }
    std::fs::write(&path, whole).expect("as it was");
    desk.start(&github).await;
    assert_eq!(desk.wire.status(&Hook::opened("before", 1)).await, 200, "it was kept");
    assert_eq!(desk.wire.status(&Hook::opened("meanwhile", 2)).await, 202, "this was not");
}

#[tokio::test]
async fn what_stands_in_the_way_of_a_start_is_said_with_its_cure() {
    let github = StandIn::start().await;
    let desk = Desk::new(&github);
    std::fs::write(desk.path("desk.db"), "no database\n".repeat(1_000)).expect("a file");
    let said = refused(&desk);
    assert!(said.contains("error: desk.db: something else was written over it"), "{said}");
    assert!(said.contains("help: ") && said.contains("backup"), "{said}");

    std::fs::remove_file(desk.path("desk.db")).expect("removed");
    let other = Connection::open(desk.path("desk.db")).expect("the database");
    other.execute_batch("PRAGMA journal_mode = WAL; BEGIN IMMEDIATE").expect("the lock");
    let said = refused(&desk);
    assert!(said.contains("error: desk.db: ") && said.contains("is locked"), "{said}");
    assert!(said.contains("help: another program holds the database"), "{said}");
    drop(other);

    // Not even root may write there.
    let desk = desk.with("DATABASE_URL", "sqlite:///sys/desk.db");
    let said = refused(&desk);
    assert!(said.contains("error: ") && said.contains("/sys/desk.db"), "{said}");
    assert!(said.contains("help: set DATABASE_URL to a file in a folder"), "{said}");
}

/// What it says when it cannot start.
fn refused(desk: &Desk) -> String {
    let said_before = desk.log().len();
    let mut command = desk.command(env!("CARGO_BIN_EXE_keydesk"));
    let status = command.arg("serve").status().expect("the binary");
    let said = desk.log()[said_before..].to_owned();
    assert_eq!(status.code(), Some(1), "{said}");
    said
}
