//! What grows with what is stored: the file, the start, the pages, and memory.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::desk::{Desk, page};
use crate::github::{GitHub, tracker_name};
use crate::new_request;
use crate::probot::{self, Probot};
use crate::row::Limit::{AtLeast, AtMost};
use crate::row::{Row, median, rounded};

/// Requests that go the whole way; all others are copies of theirs.
const TICKETS: u64 = 1_000;
const ROUNDS: usize = 9;

/// Fills a desk by the whole way, tells what that takes on the disk, and copies it up to a million.
pub(crate) async fn growth_start_and_pages() -> Vec<Row> {
    let folder = tempfile::tempdir().expect("a folder");
    let github = GitHub::start().await;
    let desk = Desk::start(folder.path(), github.access());
    github.send_webhooks_to(Some(desk.port));
    converse(&github, &desk).await;
    github.send_webhooks_to(None);
    desk.stop();
    let file = folder.path().join("desk.db");
    let mut rows = vec![growth(&file)];
    multiply(&file, 100_000 / TICKETS);
    rows.extend(start(folder.path(), &github));
    multiply(&file, 1_000_000 / 100_000);
    rows.extend(pages(folder.path(), &github).await);
    rows
}

/// Ten events a request: opened, labelled by whoever files it and twice by the bot, a card, an answer
/// and a question, whose turn it is by label anew, and a word more.
async fn converse(github: &GitHub, desk: &Desk) {
    let mut numbers = Vec::new();
    for index in 0..TICKETS {
        let login = format!("ada-{index}");
        numbers.push((github.file(&login), login));
    }
    settle(github, desk, TICKETS).await;
    for (number, login) in &numbers {
        github.comment((login, *number), "I looked again, and I still can't get in.");
        github.comment(("mira-maintainer", *number), "Thank you. What do you see now?");
    }
    settle(github, desk, 3 * TICKETS).await;
    for (number, _) in &numbers {
        github.comment(("mira-maintainer", *number), "A picture without your name on it will do.");
    }
    settle(github, desk, 4 * TICKETS).await;
}

async fn settle(github: &GitHub, desk: &Desk, comments: u64) {
    github.wait_until_told().await;
    let began = Instant::now();
    let mut quiet = 0;
    while quiet < 5 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let depth = |queue: &str| desk.figure(&format!("queue_depth{{queue=\"{queue}\"}}"));
        let is_done = depth("deliveries") == Some(0.0) && depth("actions") == Some(0.0);
        let is_quiet = is_done && github.sandbox.with(|state| state.events_waiting()) == 0;
        quiet = if is_quiet && github.comments() >= comments { quiet + 1 } else { 0 };
        assert!(began.elapsed() < Duration::from_secs(600), "it does not end");
    }
}

fn growth(file: &Path) -> Row {
    let base = Connection::open(file).expect("a database");
    let events: f64 = count(&base, "SELECT count(*) FROM events");
    let bytes = std::fs::metadata(file).expect("a file").len() as f64;
    Row {
        work: "on the disk for a request with its events",
        figure: bytes / 1e3 / TICKETS as f64,
        unit: "kB",
        limit: AtMost(8.0),
        ground: format!("{} events each", rounded(events / TICKETS as f64)),
    }
}

fn count(base: &Connection, sql: &str) -> f64 {
    base.query_row(sql, [], |row| row.get(0)).expect("a figure")
}

/// Counts the moments as the migration does that made the table.
const COUNT_WEEKS: &str = "
    DELETE FROM weeks;
    INSERT INTO weeks (repository, week, kind, detail, count)
        SELECT repository, (at - 345600000000) / 604800000000, kind, detail, count(*)
        FROM moments GROUP BY 1, 2, 3, 4;";

/// Adds so many copies of every ticket that there are `times` as many: closed ones, each of a person
/// and an account of its own, filed half a day before the copy before it.
fn multiply(file: &Path, times: u64) {
    let base = Connection::open(file).expect("a database");
    base.execute_batch(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000;",
    )
    .expect("a database of ours alone");
    let step: i64 = base
        .query_row("SELECT max(max(issue), max(number), max(author)) + 1 FROM tickets", [], |row| {
            row.get(0)
        })
        .expect("tickets");
    let tickets = [
        ("issue", "issue + copy * STEP"),
        ("number", "number + copy * STEP"),
        ("author", "author + copy * STEP"),
        ("account", "account || '-' || copy || '-STEP'"),
        ("is_open", "0"),
        ("turn", "'nobody'"),
        ("wake_at", "NULL"),
        ("opened_at", "opened_at - copy * 43200000000"),
        ("answered_at", "answered_at - copy * 43200000000"),
        ("closed_at", "answered_at - copy * 43200000000 + 3600000000"),
        (
            "state",
            "json_set(state, '$.id', issue + copy * STEP, '$.number', number + copy * STEP,
                '$.is_open', json('false'), '$.turn', 'nobody')",
        ),
    ];
    let issue = ("issue", "issue + copy * STEP");
    copy(&base, ("history", &[issue]), (times, step));
    copy(&base, ("comments", &[issue, ("comment", "comment + copy * STEP")]), (times, step));
    copy(&base, ("moments", &[issue, ("at", "at - copy * 43200000000")]), (times, step));
    copy(&base, ("tickets", &tickets), (times, step));
    base.execute_batch(COUNT_WEEKS).expect("weeks");
    // Not analysed: the database of a desk never is.
    base.execute_batch("PRAGMA journal_mode = WAL").expect("a database");
}

/// Copies the rows of a table, some columns changed.
fn copy(base: &Connection, (table, changed): (&str, &[(&str, &str)]), (times, step): (u64, i64)) {
    let mut statement = base
        .prepare(&format!("SELECT name FROM pragma_table_info('{table}') WHERE name <> 'id'"))
        .expect("a table");
    let columns = statement.query_map([], |row| row.get::<_, String>(0)).expect("its columns");
    let columns: Vec<String> = columns.map(|name| name.expect("a name")).collect();
    let values: Vec<String> = columns
        .iter()
        .map(|name| {
            let value =
                changed.iter().find(|(changed, _)| changed == name).map(|(_, value)| *value);
            value.unwrap_or(name).replace("STEP", &step.to_string())
        })
        .collect();
    let sql = format!(
        "WITH RECURSIVE copies (copy) AS (SELECT 1 UNION ALL SELECT copy + 1 FROM copies WHERE copy < {times} - 1)
         INSERT INTO {table} ({}) SELECT {} FROM copies, {table}",
        columns.join(", "),
        values.join(", ")
    );
    base.execute(&sql, []).expect("copies");
}

/// From the start of the process until it says that it is ready, beside Probot.
fn start(folder: &Path, github: &GitHub) -> Vec<Row> {
    probot::fetch();
    let (mut ours, mut probots) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let mut desk = Desk::spawn(folder, github.access());
        ours.push(desk.wait_until_ready().as_secs_f64() * 1e3);
        desk.stop();
        probots.push(Probot::start().took.as_secs_f64() * 1e3);
    }
    let ratios: Vec<f64> = probots.iter().zip(&ours).map(|(probot, ours)| probot / ours).collect();
    let probot = rounded(median(probots));
    vec![
        Row {
            work: "from start to ready with 100,000 tickets",
            figure: median(ours),
            unit: "ms",
            limit: AtMost(50.0),
            ground: format!("Probot, which has none, {probot} ms"),
        },
        Row {
            work: "start to ready, sooner than Probot",
            figure: median(ratios),
            unit: "times",
            limit: AtLeast(5.0),
            ground: "the same runs".to_owned(),
        },
    ]
}

/// The staff pages with a million tickets, and what the process keeps in memory after them.
async fn pages(folder: &Path, github: &GitHub) -> Vec<Row> {
    let desk = Desk::start(folder, github.access());
    std::thread::sleep(Duration::from_secs(3));
    let before = desk.memory();
    let cookie = sign_in(&desk);
    let base = Connection::open(folder.join("desk.db")).expect("a database");
    let total = count(&base, "SELECT count(*) FROM tickets");
    let open = count(&base, "SELECT count(*) FROM tickets WHERE is_open = 1");
    let number = count(&base, "SELECT min(number) FROM tickets WHERE is_open = 1");
    let ground = format!("{open} open of {total}");
    let ticket = format!("/tickets/{}/{number}", tracker_name());
    let mut rows: Vec<Row> = [
        ("queue page", "/", 50.0),
        ("ticket page", ticket.as_str(), 20.0),
        ("waiting times", "/charts", 20.0),
    ]
    .into_iter()
    .map(|(work, path, limit)| Row {
        work,
        figure: fetch_time(&desk, path, &cookie),
        unit: "ms",
        limit: AtMost(limit),
        ground: ground.clone(),
    })
    .collect();
    rows.push(Row {
        work: "memory with a million tickets, after its pages were read",
        figure: desk.memory(),
        unit: "MB",
        limit: AtMost(64.0),
        ground: format!("{} MB before", rounded(before)),
    });
    rows.push(new_request::among_many(github, &desk, ground).await);
    rows
}

/// Comes in by the link that is printed where nobody else can come in.
fn sign_in(desk: &Desk) -> String {
    let log = desk.log();
    let link = log.split("/sign-in/once/").nth(1).expect("a link").trim();
    let answer = page(desk.port, &format!("/sign-in/once/{link}"), "").expect("an answer");
    let cookie = answer.split("keydesk=").nth(1).and_then(|rest| rest.split(';').next());
    format!("Cookie: keydesk={}\r\n", cookie.expect("a cookie"))
}

/// Milliseconds for a page, connection included.
fn fetch_time(desk: &Desk, path: &str, cookie: &str) -> f64 {
    let times = (0..21).map(|_| {
        let began = Instant::now();
        let answer = page(desk.port, path, cookie).expect("a page");
        assert!(answer.contains(" 200 "), "{path}: {answer}");
        began.elapsed().as_secs_f64() * 1e3
    });
    median(times)
}
