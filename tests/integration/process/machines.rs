//! Several processes on one PostgreSQL, and what can happen to them: killed, stopped for longer than
//! their claims last, cut off from the server, and the server's own end.

use std::collections::BTreeMap;
use std::time::Duration;

use super::desk::{Desk, eventually};
use super::killed::{Chance, Tale, check, file_some};
use super::stand_in::{BODY, StandIn};
use crate::postgres::server::Server;

/// A claim lasts 30 s without a sign of life.
pub(super) const LONGER_THAN_A_CLAIM: Duration = Duration::from_secs(32);
pub(super) const PATIENCE: Duration = Duration::from_secs(120);

/// Processes that share a database.
pub(super) struct Machines {
    pub(super) server: Server,
    pub(super) address: String,
    pub(super) desks: Vec<Desk>,
}

impl Machines {
    pub(super) async fn start(github: &StandIn, count: usize) -> Self {
        let server = Server::start();
        let address = server.new_database();
        let mut desks = Vec::new();
        for _ in 0..count {
            let mut desk = Desk::new(github).with("DATABASE_URL", &address);
            desk.start(github).await;
            desks.push(desk);
        }
        Self { server, address, desks }
    }

    /// GitHub's load balancer chooses this one.
    pub(super) fn choose(&self, github: &StandIn, index: usize) {
        github.send_webhooks_to(&self.desks[index].wire.base);
    }

    pub(super) async fn settle(&self, github: &StandIn) {
        self.desks[0].settled(github, PATIENCE).await;
    }

    /// Changes the database behind their backs.
    pub(super) fn change(&self, sql: &str) {
        self.server.change(&self.address, sql);
    }

    fn count(&self, sql: &str) -> i64 {
        self.server.query(&self.address, sql)[0].get(0)
    }

    /// What the desks remember is right, and nothing was given up.
    pub(super) fn check(&self, tales: &BTreeMap<u64, Tale>) {
        let rows =
            self.server.query(&self.address, "SELECT number, turn FROM tickets ORDER BY number");
        let turns: Vec<(i64, String)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
        let wanted: Vec<(i64, String)> = tales
            .iter()
            .map(|(number, tale)| (number.cast_signed(), tale.ends().0.to_owned()))
            .collect();
        assert_eq!(turns, wanted);
        assert_eq!(self.count("SELECT count(*) FROM actions WHERE state <> 'done'"), 0);
        assert_eq!(self.count("SELECT count(*) FROM deliveries WHERE state <> 'done'"), 0);
    }
}

#[tokio::test]
async fn machines_that_die_or_freeze_lose_nothing_and_double_nothing() {
    let mut chance = Chance(29);
    let github = StandIn::start().await;
    let mut machines = Machines::start(&github, 3).await;
    let mut tales: BTreeMap<u64, Tale> = BTreeMap::new();
    let mut filed = Vec::new();
    for round in 0..6 {
        filed.drain(..).for_each(|(number, tale): (u64, Tale)| tale.go_on(&github, number));
        // Freezes in the midst of its work, and goes on after the others took it over.
        if round == 2 {
            machines.desks[2].signal("STOP");
        }
        machines.choose(&github, round % 2);
        filed = file_some(&github, &mut chance, (12, round < 4));
        tales.extend(filed.iter().copied());
        tokio::time::sleep(chance.millis(1_500)).await;
        if round == 3 {
            machines.desks[1].kill();
            machines.desks[1].start(&github).await;
        }
    }
    tokio::time::sleep(LONGER_THAN_A_CLAIM).await;
    machines.desks[2].signal("CONT");
    filed.drain(..).for_each(|(number, tale)| tale.go_on(&github, number));
    machines.settle(&github).await;
    github.redeliver(true);
    machines.settle(&github).await;
    check(&github, &tales, "three machines");
    machines.check(&tales);
}

#[tokio::test]
async fn a_server_that_dies_and_comes_back_has_lost_nothing() {
    let mut chance = Chance(31);
    let github = StandIn::start().await;
    let machines = Machines::start(&github, 2).await;
    let mut filed = file_some(&github, &mut chance, (20, false));
    tokio::time::sleep(Duration::from_millis(400)).await;
    machines.server.stop();
    let wire = &machines.desks[0].wire;
    eventually("it says so", PATIENCE, async || wire.get("readyz").await.status == 503).await;
    assert_eq!(wire.get("healthz").await.status, 200);
    filed.extend(file_some(&github, &mut chance, (3, false)));
    eventually("webhooks are refused", PATIENCE, async || {
        github.sandbox.with(|state| state.events_waiting()) == 0
    })
    .await;
    machines.server.start_again();
    eventually("it goes on", PATIENCE, async || wire.get("readyz").await.status == 200).await;
    github.redeliver(false);
    machines.settle(&github).await;
    filed.iter().for_each(|(number, tale)| tale.go_on(&github, *number));
    machines.settle(&github).await;
    let tales: BTreeMap<u64, Tale> = filed.into_iter().collect();
    check(&github, &tales, "a server that died");
    machines.check(&tales);
}

#[tokio::test]
async fn what_one_machine_takes_in_another_may_do_at_once() {
    let github = StandIn::start().await;
    let machines = Machines::start(&github, 2).await;
    // Only the second is left to do what the first acknowledged.
    machines.choose(&github, 0);
    let number = github.file("I am locked out", BODY);
    eventually("it is in the store", PATIENCE, async || {
        machines.count("SELECT count(*) FROM deliveries") > 0
    })
    .await;
    machines.desks[0].signal("STOP");
    eventually("the card is there", PATIENCE, async || github.marked(number).len() == 1).await;
    machines.desks[0].signal("CONT");
}

#[tokio::test]
async fn what_is_wrong_with_the_address_is_said_with_its_cure() {
    let github = StandIn::start().await;
    let server = Server::start();
    let missing = server.address("nowhere");
    let closed = "postgres://keydesk:hush-hush@127.0.0.1:1/desk";
    for (address, said, cure) in [
        (
            missing.as_str(),
            "database \"nowhere\" does not exist",
            "create the user and the database",
        ),
        (closed, "error connecting to server", "is PostgreSQL running"),
        ("postgres://keydesk:hush-hush@127.0.0.1:99999/desk", "DATABASE_URL", "postgres://"),
        ("mysql://keydesk:hush-hush@127.0.0.1/desk", "DATABASE_URL", "postgres://"),
    ] {
        let desk = Desk::new(&github).with("DATABASE_URL", address);
        let status = desk.command(env!("CARGO_BIN_EXE_keydesk")).arg("serve").status();
        let log = desk.log();
        assert_eq!(status.expect("the binary").code(), Some(1), "{log}");
        assert!(log.contains(said) && log.contains(cure), "{log}");
        assert!(!log.contains("hush-hush"), "{log}");
    }
}
