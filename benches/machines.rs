//! How 1, 2 and 4 processes on one PostgreSQL, and one on a file, handle new requests of which some
//! 20,000 deliveries come: `cargo bench --bench machines`, `KEYDESK_TICKETS=500` for other numbers of
//! requests than 4,000.
//!
//! Everything shares this machine: the processes, the database, and the stand-in GitHub, which sends
//! its webhooks one after the other and answers over HTTP. Limits are off. For each ticket GitHub
//! sends two webhooks (opened, labelled) and those of what the bot did, and the bot does two things
//! (labels, card). Printed are deliveries and tickets a second, how often a process waited for the
//! database per ticket, idle questions included, and how many comments there are too many. What one
//! ticket costs from its delivery on is counted by `tests/integration/postgres/round_trips.rs`.

#[path = "table/desk.rs"]
#[expect(dead_code, reason = "the table uses more of it")]
mod desk;
#[path = "table/github.rs"]
#[expect(dead_code, reason = "the table uses more of it")]
mod github;
#[path = "../tests/integration/postgres/server.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod server;

use std::time::{Duration, Instant};

use desk::Desk;
use github::GitHub;
use server::Server;
use tempfile::TempDir;

/// The processes of one run, each with its folder.
struct Machines(Vec<(Desk, TempDir)>);

impl Machines {
    fn start(github: &GitHub, database: &str, count: u16) -> Self {
        let start = |_| {
            let folder = tempfile::tempdir().expect("a folder");
            let mut desk = Desk::spawn_on(database, folder.path(), github.access());
            desk.wait_until_ready();
            (desk, folder)
        };
        Self((0..count).map(start).collect())
    }

    /// The sum of a figure over all processes.
    fn sum(&self, name: &str) -> f64 {
        self.0.iter().filter_map(|(desk, _)| desk.figure(name)).sum()
    }
}

/// Files requests in ten parts, each sent to the next process.
async fn file(github: &GitHub, machines: &Machines, count: u64) {
    for part in 0..10 {
        github.send_webhooks_to(Some(machines.0[part % machines.0.len()].0.port));
        for index in 0..count / 10 {
            // Nobody asks twice.
            github.file(&format!("ada-{part}-{index}-{count}"));
        }
        github.wait_until_told().await;
    }
}

/// Waits until every request has its card and no webhook is left.
async fn settle(github: &GitHub, count: u64) {
    let began = Instant::now();
    while github.comments() < count || github.sandbox.with(|state| state.events_waiting()) > 0 {
        assert!(began.elapsed() < Duration::from_secs(1_800), "it does not end");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn run(name: &str, (database, count): (&str, u16), tickets: u64) {
    let github = GitHub::start().await;
    let machines = Machines::start(&github, database, count);
    file(&github, &machines, 10).await;
    settle(&github, 10).await;
    let counted = || ["store_round_trips", "deliveries_total"].map(|name| machines.sum(name));
    let (before, began) = (counted(), Instant::now());
    file(&github, &machines, tickets).await;
    settle(&github, tickets + 10).await;
    let seconds = began.elapsed().as_secs_f64();
    let after = counted();
    let [round_trips, deliveries] = [0, 1].map(|index| after[index] - before[index]);
    let cards = github.comments();
    println!(
        "{name:<26} {deliveries:>10} {:>13.0} {:>10.0} {:>12.1} {:>11}",
        deliveries / seconds,
        tickets as f64 / seconds,
        round_trips / tickets as f64,
        cards - tickets - 10
    );
}

fn main() {
    let tickets = std::env::var("KEYDESK_TICKETS").ok().and_then(|count| count.parse().ok());
    let tickets: u64 = tickets.unwrap_or(4_000);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    println!(
        "{:<26} {:>10} {:>13} {:>10} {:>12} {:>11}",
        format!("{tickets} new requests"),
        "deliveries",
        "deliveries/s",
        "tickets/s",
        "round trips",
        "done twice"
    );
    let folder = tempfile::tempdir().expect("a folder");
    let file = format!("sqlite://{}", folder.path().join("desk.db").display());
    runtime.block_on(run("SQLite, 1 process", (&file, 1), tickets));
    let server = Server::start();
    for count in [1, 2, 4] {
        let name = format!("PostgreSQL, {count} processes");
        runtime.block_on(run(&name, (&server.new_database(), count), tickets));
    }
}
