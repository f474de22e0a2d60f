//! What one new request costs, from its delivery until labels and card are sent.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::desk::Desk;
use crate::github::{Asked, GitHub};
use crate::row::Limit::AtMost;
use crate::row::{Row, median, rounded};

const ROUNDS: usize = 40;
/// How long the stand-in takes for an answer, about as GitHub does.
const ROUND_TRIP: Duration = Duration::from_millis(50);

/// The time on top of GitHub's own, and the requests.
pub(crate) async fn alone() -> Vec<Row> {
    let folder = tempfile::tempdir().expect("a folder");
    let github = GitHub::start().await;
    let desk = Desk::start(folder.path(), github.access());
    github.send_webhooks_to(Some(desk.port));
    github.file("first-of-all");
    settle(&github, 2).await;
    github.delay_answers(ROUND_TRIP);
    let (mut on_top, mut writes, mut reads) = (Vec::new(), Vec::new(), Vec::new());
    let mut read = BTreeSet::new();
    for round in 0..ROUNDS {
        github.forget_asked();
        let began = Instant::now();
        github.file(&format!("ada-{round}"));
        let asked = settle(&github, 2).await;
        let is_write = |one: &&Asked| one.method != http::Method::GET;
        writes.push(asked.iter().filter(is_write).count() as f64);
        read.extend(asked.iter().filter(|one| !is_write(one)).map(|one| one.path.clone()));
        reads.push(asked.iter().filter(|one| !is_write(one)).count() as f64);
        let last = asked.iter().filter(is_write).max_by_key(|one| one.came).expect("a card");
        let answers = asked.iter().filter(|one| one.came < last.came);
        let waited: Duration =
            answers.filter_map(|one| Some(one.answered?.min(last.came) - one.came)).sum();
        on_top.push((last.came - began).saturating_sub(waited).as_secs_f64() * 1e3);
    }
    vec![
        Row {
            work: "from a new request's delivery until labels and card are sent, on top of GitHub's own time",
            figure: median(on_top.clone()),
            unit: "ms",
            limit: AtMost(15.0),
            ground: format!(
                "slowest of {ROUNDS}: {} ms",
                rounded(on_top.into_iter().fold(0.0, f64::max))
            ),
        },
        Row {
            work: "writes to GitHub for a new request",
            figure: median(writes),
            unit: "",
            limit: AtMost(2.0),
            ground: "labels, card".to_owned(),
        },
        Row {
            work: "reads from GitHub for a new request",
            figure: median(reads),
            unit: "",
            limit: AtMost(0.0),
            ground: format!("read in {ROUNDS} requests: {read:?}"),
        },
    ]
}

/// Waits until so many writes were answered and nothing more comes.
async fn settle(github: &GitHub, writes: usize) -> Vec<Asked> {
    let mut asked: Vec<Asked> = Vec::new();
    let began = Instant::now();
    loop {
        tokio::time::sleep(Duration::from_millis(150)).await;
        let more = github.asked();
        let is_quiet = more.len() == asked.len();
        asked = more;
        let written = asked.iter().filter(|one| one.method != http::Method::GET).count();
        if written >= writes && is_quiet {
            return asked;
        }
        assert!(began.elapsed() < Duration::from_secs(30), "nothing was sent");
    }
}
