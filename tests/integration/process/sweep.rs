//! What never came is found at the start, and what went wrong is tried again by hand.

use std::process::{Output, Stdio};
use std::time::Duration;

use rusqlite::Connection;

use super::desk::{Desk, SOON, eventually};
use super::stand_in::{BODY, MAINTAINER, REQUESTER, StandIn};

async fn keydesk(desk: &Desk, arguments: &[&str]) -> Output {
    let mut command = desk.command(env!("CARGO_BIN_EXE_keydesk"));
    command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    let ended = tokio::task::spawn_blocking(move || command.output());
    ended.await.expect("no panic").expect("the binary")
}

/// What it printed, where it went well or not.
async fn told(desk: &Desk, arguments: &[&str], code: i32) -> String {
    let output = keydesk(desk, arguments).await;
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8(text).expect("UTF-8");
    assert_eq!(output.status.code(), Some(code), "{text}");
    text
}

fn database(desk: &Desk) -> Connection {
    let database = Connection::open(desk.path("desk.db")).expect("the database");
    database.busy_timeout(Duration::from_secs(5)).expect("a timeout");
    database
}

fn text_of(desk: &Desk, sql: &str) -> String {
    database(desk).query_row(sql, [], |row| row.get(0)).expect("a value")
}

#[tokio::test]
async fn what_came_while_it_was_down_is_taken_at_the_start() {
    let github = StandIn::start().await;
    let mut desk = Desk::started(&github).await;
    desk.kill();
    let number = github.file("Account recovery request", BODY);
    github.comment(MAINTAINER, number, "Which projects do you own?");
    eventually("GitHub gives up sending", SOON, async || {
        github.sandbox.with(|state| state.deliveries(github.sandbox.now()).len()) >= 2
    })
    .await;
    desk.start(&github).await;
    eventually("the card is there", SOON, async || github.marked(number).len() == 1).await;
    desk.settled(&github, SOON).await;
    assert!(github.labels(number).contains(&"status: awaiting response".to_owned()));
    let figures = desk.wire.get("metrics").await.text;
    assert!(figures.contains("keydesk_sweeps_total{kind=\"webhooks\",outcome=\"done\"} "));
    let found = figures.lines().find(|line| line.starts_with("keydesk_swept_deliveries_total "));
    assert!(found.is_some_and(|line| !line.ends_with(" 0")), "{figures}");
}

#[tokio::test]
async fn a_delivery_is_handled_again_and_nothing_is_done_twice() {
    let github = StandIn::start().await;
    let desk = Desk::started(&github).await;
    let number = github.file("Account recovery request", BODY);
    github.comment(REQUESTER, number, "I own left-pad.");
    desk.settled(&github, SOON).await;
    let before = github.issue(number).comments.len();
    let guid = text_of(&desk, "SELECT guid FROM deliveries WHERE event = 'issues' ORDER BY id");
    let text = told(&desk, &["replay", &guid], 0).await;
    assert!(text.contains("was fetched from GitHub's log and waits again"), "{text}");
    desk.settled(&github, SOON).await;
    assert_eq!(github.issue(number).comments.len(), before);
    let aside =
        "UPDATE deliveries SET state = 'set_aside', problem = 'the decision failed' WHERE id = 1;
                 INSERT INTO delivery_texts (id, text) VALUES (1, '{}');";
    database(&desk).execute_batch(aside).expect("a row");
    let text = told(&desk, &["replay", "1"], 0).await;
    assert!(text.contains("was set aside: the decision failed\nIt waits again;"), "{text}");
    eventually("it is taken up", SOON, async || {
        text_of(&desk, "SELECT CAST(attempts AS TEXT) FROM deliveries WHERE id = 1") != "0"
    })
    .await;
    let text = told(&desk, &["replay", "1"], 0).await;
    assert!(text.contains("waits to be handled already"), "{text}");
    let text = told(&desk, &["replay", "no-such-delivery"], 1).await;
    assert!(text.contains("error: neither the store nor GitHub's log"), "{text}");
    assert!(text.contains("help: is the id whole?"), "{text}");
    assert!(told(&desk, &["replay", "--help"], 0).await.contains("Example: keydesk replay "));
    let elsewhere = Desk::new(&github);
    let text = told(&elsewhere, &["replay", "1"], 1).await;
    assert!(text.contains("error: there is no database at"), "{text}");
}

#[tokio::test]
async fn what_was_given_up_is_tried_again() {
    let github = StandIn::start().await;
    let desk = Desk::started(&github).await;
    let number = github.file("Account recovery request", BODY);
    desk.settled(&github, SOON).await;
    let ticket = format!("acme/support#{number}");
    let text = told(&desk, &["retry", &ticket], 0).await;
    assert!(text.contains("nothing was given up or set aside"), "{text}");
    let given_up = "UPDATE actions SET state = 'given_up', outcome = 'GitHub refused it'
                    WHERE kind = (SELECT kind FROM actions ORDER BY id LIMIT 1)";
    let count = database(&desk).execute(given_up, []).expect("actions");
    let text = told(&desk, &["retry", &ticket], 0).await;
    let wanted = format!("{ticket}: {count} actions that were given up and 0 deliveries");
    assert!(count > 0 && text.contains(&wanted), "{text}");
    eventually("they are done", SOON, async || {
        text_of(&desk, "SELECT CAST(count(*) AS TEXT) FROM actions WHERE state <> 'done'") == "0"
    })
    .await;
    assert_eq!(github.marked(number).len(), 1);
    for (name, problem) in
        [("acme/support#99", "no ticket acme/support#99 is known"), ("acme", "names no ticket")]
    {
        let text = told(&desk, &["retry", name], 1).await;
        assert!(text.contains(problem) && text.contains("\nhelp: "), "{text}");
    }
}
