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

#[path = "../tests/integration/postgres/server.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod server;

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use keydesk::sandbox::clock::Flow;
use keydesk::sandbox::seed::tracker;
use keydesk::sandbox::state::{AccountKind, Actor, NewIssue, Role};
use keydesk::sandbox::{Sandbox, SandboxSettings};
use server::Server;

const SECRET: &str = "a-webhook-secret-for-benches";
const BODY: &str = "### PyPI Username\n\nada\n\n### Reason for request\n\nI lost my phone with the \
    authenticator app and I have no recovery codes.\n";

/// The processes of one run.
struct Machines {
    children: Vec<Child>,
    ports: Vec<u16>,
}

impl Machines {
    async fn start(github: &GitHub, database: &str, count: u16) -> Self {
        let mut machines = Self { children: Vec::new(), ports: Vec::new() };
        for _ in 0..count {
            let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
            let port = free.local_addr().expect("an address").port();
            drop(free);
            let child = Command::new(env!("CARGO_BIN_EXE_keydesk"))
                .arg("serve")
                .env_clear()
                .envs([
                    ("DATABASE_URL", database),
                    ("GITHUB_TOKEN", &github.token),
                    ("GITHUB_WEBHOOK_SECRET", SECRET),
                    ("GITHUB_API_URL", &github.api_url),
                    ("GITHUB_CONTENT_PER_MINUTE", "0"),
                    ("GITHUB_CONTENT_PER_HOUR", "0"),
                    ("LISTEN", &format!("127.0.0.1:{port}")),
                    ("RUST_LOG", "error"),
                ])
                .stdout(Stdio::null())
                .spawn();
            machines.children.push(child.expect("the binary"));
            machines.ports.push(port);
            let began = Instant::now();
            while machines.figure(machines.children.len() - 1, "queue_depth").is_none() {
                assert!(began.elapsed() < Duration::from_secs(30), "it does not start");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        machines
    }

    /// The sum of a figure of `/metrics`; none where it is not told.
    fn figure(&self, index: usize, name: &str) -> Option<f64> {
        use std::io::{Read, Write};
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", self.ports[index])).ok()?;
        stream
            .write_all(b"GET /metrics HTTP/1.1\r\nHost: desk\r\nConnection: close\r\n\r\n")
            .ok()?;
        let mut text = String::new();
        stream.read_to_string(&mut text).ok()?;
        let wanted = format!("keydesk_{name}");
        let lines = text.lines().filter(|line| line.starts_with(&wanted));
        let figures: Vec<f64> =
            lines.filter_map(|line| line.rsplit(' ').next()?.parse().ok()).collect();
        (!figures.is_empty()).then(|| figures.iter().sum())
    }

    /// The sum of a figure over all processes.
    fn sum(&self, name: &str) -> f64 {
        let indexes = 0..self.children.len();
        indexes.filter_map(|index| self.figure(index, name)).sum()
    }
}

impl Drop for Machines {
    fn drop(&mut self) {
        for child in &mut self.children {
            // An error means that it has ended already.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// The stand-in, served over HTTP.
struct GitHub {
    sandbox: Sandbox,
    api_url: String,
    token: String,
}

impl GitHub {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let home = format!("http://{}", listener.local_addr().expect("an address"));
        let start = keydesk::clock::system()();
        let sandbox = Sandbox::new(SandboxSettings {
            flow: Flow::Flowing,
            webhook_secret: SECRET.to_owned(),
            api_url: format!("{home}/api/v3"),
            requests_per_hour: 100_000_000,
            content_limits: (100_000_000, 100_000_000),
            ..SandboxSettings::starting_at(start)
        });
        let token = sandbox.with(|state| {
            state.seed_demo(start, None).expect("a tracker");
            let login = SandboxSettings::starting_at(start).bot_login();
            let role = state.acting(Actor::App, start).give_role(&tracker(), &login, Role::Write);
            role.expect("a role");
            state.create_personal_token(&login)
        });
        let service = axum::Router::new().merge(sandbox.api_at("/api/v3"));
        tokio::spawn(async move { axum::serve(listener, service).await });
        let delivering = sandbox.clone();
        tokio::spawn(async move { delivering.keep_delivering().await });
        Self { sandbox, api_url: format!("{home}/api/v3"), token }
    }

    /// Files requests in ten parts, each sent to the next process.
    async fn file(&self, ports: &[u16], count: u64) {
        for part in 0..10 {
            let port = ports[part % ports.len()];
            let url = Some(format!("http://127.0.0.1:{port}/webhooks/github"));
            self.sandbox.with(|state| state.settings.webhook_url = url);
            let now = self.sandbox.now();
            for index in 0..count / 10 {
                // Nobody asks twice.
                let login = format!("ada-{part}-{index}-{count}");
                let new = NewIssue {
                    title: "I am locked out".to_owned(),
                    body: Some(BODY.replacen("ada", &login, 1)),
                    labels: vec!["account-recovery".to_owned()],
                    ..NewIssue::default()
                };
                self.sandbox.with(|state| {
                    state.add_user(&login, AccountKind::User);
                    let mut ada = state.acting(Actor::Person(login), now);
                    ada.create_issue(&tracker(), new).expect("an issue")
                });
            }
            while self.sandbox.with(|state| state.events_waiting()) > 0 {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        }
    }

    /// Waits until every request has its card and no webhook is left.
    async fn settle(&self, count: u64) {
        let began = Instant::now();
        while self.cards() < count || self.sandbox.with(|state| state.events_waiting()) > 0 {
            assert!(began.elapsed() < Duration::from_secs(1_800), "it does not end");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    fn cards(&self) -> u64 {
        self.sandbox.with(|state| {
            let repository = state.find_repository(&tracker()).expect("the tracker");
            let comments = repository.issues.iter().map(|issue| issue.comments.len() as u64);
            comments.sum()
        })
    }
}

async fn run(name: &str, (database, count): (&str, u16), tickets: u64) {
    let github = GitHub::start().await;
    let machines = Machines::start(&github, database, count).await;
    github.file(&machines.ports, 10).await;
    github.settle(10).await;
    let counted = || ["store_round_trips", "deliveries_total"].map(|name| machines.sum(name));
    let (before, began) = (counted(), Instant::now());
    github.file(&machines.ports, tickets).await;
    github.settle(tickets + 10).await;
    let seconds = began.elapsed().as_secs_f64();
    let after = counted();
    let [round_trips, deliveries] = [0, 1].map(|index| after[index] - before[index]);
    let cards = github.cards();
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
