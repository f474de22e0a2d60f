//! Acknowledging deliveries: beside the least that keeps them, beside Probot, and with a full outbox
//! while GitHub hangs.

use std::sync::Arc;
use std::time::Duration;

use crate::bare::Bare;
use crate::desk::Desk;
use crate::github::GitHub;
use crate::load::{Answered, Payload, middle};
use crate::probot::{self, Probot};
use crate::row::Limit::{AtLeast, AtMost};
use crate::row::{Row, median, rounded};

const ROUNDS: usize = 5;
const TIME: Duration = Duration::from_secs(2);
/// Enough for connections to be there and the policy to be known.
const WARM_UP: Duration = Duration::from_millis(20);
/// Actions that wait while GitHub hangs.
const BACKLOG: f64 = 5_000.0;
const PATH: &str = "/webhooks/github";

/// Rates beside those of the bare handler and of Probot, and what a flood leaves in memory.
pub(crate) async fn beside_peers() -> Vec<Row> {
    probot::fetch();
    let folder = tempfile::tempdir().expect("a folder");
    let github = GitHub::start().await;
    let payload = Arc::new(Payload::new(&github));
    let bare = Bare::start(folder.path());
    let probot = Probot::start();
    let idle_probot = probot.memory();
    let (mut bares, mut ours, mut probots) = (Vec::new(), Vec::new(), Vec::new());
    let mut memories = (0.0, 0.0);
    for round in 0..ROUNDS {
        // A new desk each time: what it still has to decide on is not what the next is measured by.
        let folder = tempfile::tempdir().expect("a folder");
        let desk = Desk::start(folder.path(), github.access());
        memories.0 = desk.memory();
        for port in [bare.port, probot.port, desk.port] {
            payload.flood((port, PATH), Duration::from_millis(300)).await;
        }
        bares.push(payload.flood((bare.port, PATH), TIME).await);
        probots.push(payload.flood((probot.port, PATH), TIME).await);
        ours.push(payload.flood((desk.port, PATH), TIME).await);
        if round + 1 == ROUNDS {
            desk.wait_until_decided();
            memories.1 = desk.memory();
        }
    }
    let mut rows = rates(&ours, &bares, &probots);
    rows[0].ground.push_str(&format!(", {} bytes each", payload.bytes()));
    rows.push(memory("memory, idle", (memories.0, 15.0), idle_probot));
    rows.push(memory("memory, after the floods", (memories.1, 40.0), probot.memory()));
    rows
}

fn rates(ours: &[Answered], bares: &[Answered], probots: &[Answered]) -> Vec<Row> {
    let ratio = |peers: &[Answered]| {
        median(ours.iter().zip(peers).map(|(ours, peer)| ours.rate / peer.rate))
    };
    let against = |peers: &[Answered]| {
        format!("{} against {} a second", rounded(middle(ours).rate), rounded(middle(peers).rate))
    };
    vec![
        Row {
            work: "acknowledging, to a bare handler that keeps the bytes",
            figure: ratio(bares),
            unit: "times",
            limit: AtLeast(0.6),
            ground: against(bares),
        },
        Row {
            work: "acknowledging, 99 of 100 within",
            figure: middle(ours).late_ms,
            unit: "ms",
            limit: AtMost(25.0),
            ground: format!("the bare handler {} ms", rounded(middle(bares).late_ms)),
        },
        Row {
            work: "acknowledging, to Probot, which keeps nothing",
            figure: ratio(probots),
            unit: "times",
            limit: AtLeast(1.5),
            ground: against(probots),
        },
    ]
}

fn memory(work: &'static str, (figure, limit): (f64, f64), probot: f64) -> Row {
    let ground = format!("Probot {} MB", rounded(probot));
    Row { work, figure, unit: "MB", limit: AtMost(limit), ground }
}

/// The rate with a full outbox and a GitHub that hangs, to that of an idle desk.
pub(crate) async fn while_github_hangs() -> Vec<Row> {
    let folder = tempfile::tempdir().expect("a folder");
    let (github, idle_github) = (GitHub::start().await, GitHub::start().await);
    let payload = Arc::new(Payload::new(&github));
    let idle_payload = Arc::new(Payload::new(&idle_github));
    let desk = Desk::start(folder.path(), github.access());
    // The policy and the labels are known before.
    payload.flood((desk.port, PATH), WARM_UP).await;
    desk.wait_until_decided();
    github.hang();
    let waiting = || desk.figure("queue_depth{queue=\"actions\"}").unwrap_or_default();
    while waiting() < BACKLOG {
        payload.flood((desk.port, PATH), Duration::from_millis(200)).await;
        desk.wait_until_decided();
    }
    let (mut hindered, mut free) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        hindered.push(payload.flood((desk.port, PATH), TIME).await);
        // What it still has to decide on is not what the other is measured beside.
        desk.wait_until_decided();
        let folder = tempfile::tempdir().expect("a folder");
        let idle = Desk::start(folder.path(), idle_github.access());
        idle_payload.flood((idle.port, PATH), WARM_UP).await;
        idle.wait_until_decided();
        free.push(idle_payload.flood((idle.port, PATH), TIME).await);
    }
    let ratios = hindered.iter().zip(&free).map(|(hindered, free)| hindered.rate / free.rate);
    let (hindered_rate, free_rate) = (middle(&hindered).rate, middle(&free).rate);
    vec![Row {
        work: "acknowledging while 5,000 actions wait and GitHub hangs, to itself idle",
        figure: median(ratios),
        unit: "times",
        limit: AtLeast(0.8),
        ground: format!("{} against {} a second", rounded(hindered_rate), rounded(free_rate)),
    }]
}
