//! `keydesk migrate` as a process: between two ways to serve, killed, and where it cannot.

use std::process::{Output, Stdio};
use std::time::Duration;

use serde_json::Value;

use super::desk::{Desk, SOON};
use super::stand_in::{BODY, MAINTAINER, StandIn};
use crate::postgres::server::Server;

async fn migrate(desk: &Desk, from: &str, to: &str) -> Output {
    let mut command = desk.command(env!("CARGO_BIN_EXE_keydesk"));
    command.args(["migrate", "--format", "json", "--from", from, "--to", to]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let ended = tokio::task::spawn_blocking(move || command.output());
    ended.await.expect("no panic").expect("the binary")
}

async fn moved(desk: &Desk, from: &str, to: &str) -> Value {
    let output = migrate(desk, from, to).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("one object of JSON")
}

/// Why it was refused.
async fn refused(desk: &Desk, from: &str, to: &str) -> String {
    let output = migrate(desk, from, to).await;
    let said = String::from_utf8([output.stdout, output.stderr].concat()).expect("UTF-8");
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("error: ") && said.contains("help: "), "{said}");
    said
}

#[tokio::test]
async fn a_desk_moves_to_a_server_and_back_and_goes_on() {
    let github = StandIn::start().await;
    let server = Server::start();
    let (file, there) = ("sqlite://desk.db", server.new_database());
    let mut desk = Desk::started(&github).await;
    let numbers: Vec<u64> = (0..12).map(|_| github.file("I am locked out", BODY)).collect();
    desk.settled(&github, SOON).await;
    let said = refused(&desk, file, &there).await;
    assert!(said.contains("--from: a process of keydesk's works with it"), "{said}");
    desk.terminate();
    desk.ended(SOON).await;
    for kill_after in [5, 15, 30, 60, 90] {
        let mut command = desk.command(env!("CARGO_BIN_EXE_keydesk"));
        let mut child = command.args(["migrate", "--from", file, "--to", &there]).spawn();
        tokio::time::sleep(Duration::from_millis(kill_after)).await;
        let child = child.as_mut().expect("the binary");
        // An error means that it was done already.
        let _ = child.kill();
        child.wait().expect("its end");
    }
    let done = moved(&desk, file, &there).await;
    let of = |name: &str| {
        let tables = done["tables"].as_array().expect("tables");
        tables.iter().find(|table| table["table"] == name).expect("a table")["rows"].clone()
    };
    assert_eq!((of("tickets"), of("comments")), (12.into(), 12.into()));

    let mut moved_desk = Desk::new(&github).with("DATABASE_URL", &there);
    moved_desk.start(&github).await;
    github.comment(MAINTAINER, numbers[0], "/recovered");
    moved_desk.settled(&github, SOON).await;
    assert!(!github.issue(numbers[0]).is_open());
    assert!(refused(&desk, &there, "sqlite://back.db").await.contains("--from: "));
    moved_desk.terminate();
    moved_desk.ended(SOON).await;
    let stale = refused(&desk, file, &there).await;
    assert!(stale.contains("something else than a part of the source"), "{stale}");
    moved(&desk, &there, "sqlite://back.db").await;
    let back = Desk::new(&github);
    std::fs::copy(desk.path("back.db"), back.path("desk.db")).expect("a copy");
    let mut back = back;
    back.start(&github).await;
    github.comment(MAINTAINER, numbers[1], "/recovered");
    back.settled(&github, SOON).await;
    assert!(!github.issue(numbers[1]).is_open());
    assert!(numbers[2..].iter().all(|number| github.marked(*number).len() == 1));
}

#[tokio::test]
async fn what_is_wrong_is_said_with_its_place_and_no_password() {
    let github = StandIn::start().await;
    let desk = Desk::new(&github);
    std::fs::write(desk.path("notes.db"), "these are notes, and a good many of them")
        .expect("a file");
    let closed = "postgres://keydesk:hush-hush@127.0.0.1:1/desk";
    for (from, to, place, cure) in [
        (
            closed,
            "sqlite://new.db",
            "--from: PostgreSQL: ",
            "is PostgreSQL running, and does --from",
        ),
        ("mysql://keydesk:hush-hush@host/desk", closed, "--from names no database", "postgres://"),
        ("sqlite://nowhere.db", closed, "--from: there is no database", "DATABASE_URL"),
        ("sqlite://notes.db", "sqlite://new.db", "--from: ", "backup"),
        ("sqlite://nowhere.db", "sqlite:", "--to names no database", "sqlite://"),
    ] {
        let said = refused(&desk, from, to).await;
        assert!(said.contains(place) && said.contains(cure), "{said}");
        assert!(!said.contains("hush-hush"), "{said}");
    }
    let mut command = desk.command(env!("CARGO_BIN_EXE_keydesk"));
    let help = command.args(["migrate", "--help"]).stdout(Stdio::piped()).output();
    let help = String::from_utf8(help.expect("the binary").stdout).expect("UTF-8");
    assert!(help.contains("Example: keydesk migrate --from"), "{help}");
}
