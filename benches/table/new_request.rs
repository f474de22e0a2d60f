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
        let (took, asked) = file(&github, &format!("ada-{round}")).await;
        let read_now = asked.iter().filter(|one| !is_write(one));
        read.extend(read_now.clone().map(|one| one.path.clone()));
        reads.push(read_now.count() as f64);
        writes.push(asked.iter().filter(is_write).count() as f64);
        on_top.push(took);
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

/// The same at a desk that has many tickets already.
pub(crate) async fn among_many(github: &GitHub, desk: &Desk, ground: String) -> Row {
    github.send_webhooks_to(Some(desk.port));
    github.forget_asked();
    file(github, "first-of-many").await;
    github.delay_answers(ROUND_TRIP);
    let mut on_top = Vec::new();
    for round in 0..ROUNDS / 4 {
        on_top.push(file(github, &format!("one-of-many-{round}")).await.0);
    }
    Row {
        work: "labels and card of a new request among a million tickets, on top of GitHub's own time",
        figure: median(on_top),
        unit: "ms",
        limit: AtMost(15.0),
        ground,
    }
}

/// Somebody files a request: what labels and card took on top of GitHub's own time, in
/// milliseconds, and what GitHub was asked.
async fn file(github: &GitHub, login: &str) -> (f64, Vec<Asked>) {
    github.forget_asked();
    let began = Instant::now();
    github.file(login);
    let asked = settle(github, 2).await;
    let last = asked.iter().filter(is_write).max_by_key(|one| one.came).expect("a card");
    let answers = asked.iter().filter(|one| one.came < last.came);
    let waited: Duration =
        answers.filter_map(|one| Some(one.answered?.min(last.came) - one.came)).sum();
    ((last.came - began).saturating_sub(waited).as_secs_f64() * 1e3, asked)
}

fn is_write(one: &&Asked) -> bool {
    one.method != http::Method::GET
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
        let written = asked.iter().filter(is_write).count();
        if written >= writes && is_quiet {
            return asked;
        }
        assert!(began.elapsed() < Duration::from_secs(30), "nothing was sent");
    }
}
