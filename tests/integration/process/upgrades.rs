//! Machines of two versions on one database, and migrations that fail.

use super::desk::{Desk, SOON};
use super::machines::Machines;
use super::stand_in::{BODY, StandIn};
use crate::postgres::server::Server;

/// A step of a version to come, which older ones survive.
const TO_COME: &str =
    "INSERT INTO migrations (number, name, beside) VALUES (900, '0900_to_come', 8);
    CREATE TABLE to_come (id BIGINT PRIMARY KEY);
    ALTER TABLE tickets ADD COLUMN to_come TEXT NOT NULL DEFAULT 'nothing';
    ALTER TABLE deliveries ADD COLUMN to_come BIGINT;
    ALTER TABLE actions ADD COLUMN to_come BIGINT";

/// A step that they do not survive.
const BEYOND: &str =
    "INSERT INTO migrations (number, name, beside) VALUES (901, '0901_beyond', 901)";

/// Starts in vain, and tells why.
async fn refused(desk: &Desk) -> String {
    let mut command = desk.command(env!("CARGO_BIN_EXE_keydesk"));
    let ended = tokio::task::spawn_blocking(move || command.arg("serve").status()).await;
    let log = desk.log();
    assert_eq!(ended.expect("no panic").expect("the binary").code(), Some(1), "{log}");
    assert!(log.contains("error: ") && log.contains("help: "), "{log}");
    log
}

#[tokio::test]
async fn an_older_version_goes_on_while_machines_are_renewed() {
    let github = StandIn::start().await;
    let mut machines = Machines::start(&github, 2).await;
    let mut numbers: Vec<u64> = (0..5).map(|_| github.file("I am locked out", BODY)).collect();
    machines.change(TO_COME);
    numbers.extend((0..5).map(|_| github.file("I am locked out", BODY)));
    machines.settle(&github).await;
    // Nor does it mind being started anew meanwhile.
    machines.desks[0].terminate();
    machines.desks[0].ended(SOON).await;
    machines.desks[0].start(&github).await;
    numbers.extend((0..5).map(|_| github.file("I am locked out", BODY)));
    machines.settle(&github).await;
    for number in numbers {
        assert_eq!(github.marked(number).len(), 1, "#{number} has its card");
    }
    machines.change(BEYOND);
    machines.desks[1].terminate();
    machines.desks[1].ended(SOON).await;
    let log = refused(&machines.desks[1]).await;
    assert!(log.contains("written by a newer keydesk"), "{log}");
}

#[tokio::test]
async fn a_migration_that_failed_half_way_is_taken_again() {
    let github = StandIn::start().await;
    let server = Server::start();
    let address = server.new_database();
    server.change(&address, "CREATE TABLE sessions (somebody_elses TEXT)");
    let mut desk = Desk::new(&github).with("DATABASE_URL", &address);
    let log = refused(&desk).await;
    assert!(log.contains("migration 0009_pages failed") && log.contains("\"sessions\""), "{log}");
    let taken = server.query(&address, "SELECT count(*) FROM migrations");
    assert_eq!(taken[0].get::<_, i64>(0), 1, "the one before it");
    server.change(&address, "DROP TABLE sessions");
    desk.start(&github).await;
    let number = github.file("I am locked out", BODY);
    desk.settled(&github, SOON).await;
    assert_eq!(github.marked(number).len(), 1);
}
