//! `keydesk import` as a process: alone, beside `keydesk serve`, killed, and where it cannot.

use std::process::{Output, Stdio};
use std::time::Duration;

use keydesk::sandbox::state::IssueChange;
use serde_json::Value;

use super::desk::Desk;
use super::stand_in::{BODY, MAINTAINER, REQUESTER, StandIn};

async fn keydesk(desk: &Desk, arguments: &[&str]) -> Output {
    let mut command = desk.command(env!("CARGO_BIN_EXE_keydesk"));
    command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    let ended = tokio::task::spawn_blocking(move || command.output());
    ended.await.expect("no panic").expect("the binary")
}

async fn import(desk: &Desk) -> Value {
    let output = keydesk(desk, &["import", "acme/support", "--format", "json"]).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("one object of JSON")
}

async fn explain(desk: &Desk, number: u64) -> Value {
    let ticket = format!("acme/support#{number}");
    let output = keydesk(desk, &["explain", &ticket, "--format", "json"]).await;
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// So many requests, every other of them closed.
fn file_requests(github: &StandIn, count: u64) {
    for _ in 0..count {
        let number = github.file("Account recovery request", BODY);
        github.comment(MAINTAINER, number, "Which projects do you own?");
        if number.is_multiple_of(2) {
            let closed = IssueChange { open: Some(false), ..IssueChange::default() };
            let place = keydesk::sandbox::seed::tracker().issue(number);
            github.as_person(REQUESTER, |ada| ada.edit_issue(&place, closed)).expect("hers");
        } else {
            github.comment(REQUESTER, number, "I own left-pad.");
        }
    }
}

#[tokio::test]
async fn a_tracker_is_taken_in_before_the_bot_ever_ran() {
    let github = StandIn::start().await;
    file_requests(&github, 120);
    let mut desk = Desk::new(&github);
    let done = import(&desk).await;
    assert_eq!(done["tickets"], serde_json::json!({"open": 60, "closed": 60}));
    assert_eq!((&done["issues"], &done["unchanged"]), (&120.into(), &0.into()));
    let again = import(&desk).await;
    assert_eq!(again["calls"], again["unchanged"], "nothing had changed: {again}");
    let text = keydesk(&desk, &["import", "acme/support"]).await;
    let text = String::from_utf8(text.stdout).expect("UTF-8");
    assert!(text.contains("Nothing has changed since the last import."), "{text}");
    let ticket = explain(&desk, 1).await["ticket"].clone();
    assert_eq!(
        (ticket["turn"].as_str(), ticket["is_imported"].as_bool()),
        (Some("maintainers"), Some(true))
    );
    assert!(explain(&desk, 2).await["ticket"]["answered_at"].is_string());
    let before = github.issue(1).comments.len();
    desk.start(&github).await;
    desk.settled(&github, Duration::from_secs(20)).await;
    assert_eq!(github.issue(1).comments.len(), before, "nothing is said to old requests");
}

#[tokio::test]
async fn it_runs_beside_the_bot_and_can_be_killed() {
    let github = StandIn::start().await;
    file_requests(&github, 150);
    let desk = Desk::started(&github).await;
    for kill_after in [40, 120, 250, 500] {
        let mut command = desk.command(env!("CARGO_BIN_EXE_keydesk"));
        command.args(["import", "acme/support"]);
        let mut child = command.spawn().expect("the binary");
        tokio::time::sleep(Duration::from_millis(kill_after)).await;
        // An error means that it is done already.
        let _ = child.kill();
        child.wait().expect("a child of ours");
        github.comment(REQUESTER, 1, &format!("Any news? {kill_after}"));
    }
    import(&desk).await;
    desk.settled(&github, Duration::from_secs(30)).await;
    for number in 1..=150 {
        let report = explain(&desk, number).await;
        assert_eq!(report["ticket"]["is_open"].as_bool(), Some(number % 2 == 1), "#{number}");
        let heard = report["history"].as_array().expect("a list").iter();
        let mut told: Vec<String> = heard.map(ToString::to_string).collect();
        told.sort();
        let count = told.len();
        told.dedup();
        assert_eq!(told.len(), count, "#{number}: something was told twice");
        if number > 100 {
            break;
        }
    }
    let heard = explain(&desk, 1).await["history"].to_string();
    for comment in &github.issue(1).comments {
        let key = format!("comment:{}:created", comment.id);
        assert!(comment.author.contains("[bot]") || heard.contains(&key), "{key}");
    }
}

#[tokio::test]
async fn what_is_wrong_is_said_with_its_cure() {
    let github = StandIn::start().await;
    let failed = async |desk: &Desk, repository: &str| {
        let output = keydesk(desk, &["import", repository]).await;
        let text = String::from_utf8(output.stderr).expect("UTF-8");
        (output.status.code(), text)
    };
    let desk = Desk::new(&github);
    let (code, text) = failed(&desk, "acme/not-there").await;
    assert!(
        code == Some(1) && text.contains("GitHub knows no repository acme/not-there"),
        "{text}"
    );
    assert!(text.contains("help: is the name right"), "{text}");
    for name in ["acme", "acme/support/issues", "acme/..", "acme/a b"] {
        let (code, text) = failed(&desk, name).await;
        assert!(code == Some(2) && text.contains("write it as OWNER/REPO"), "{text}");
    }
    let bare = Desk::new(&github).with("GITHUB_APP_ID", "").with("GITHUB_PRIVATE_KEY_PATH", "");
    let (code, text) = failed(&bare, "acme/support").await;
    assert!(code == Some(1) && text.contains("error: there are no GitHub credentials\nhelp: set "));
    let wrong = bare.with("GITHUB_TOKEN", "ghp_wrong");
    let (code, text) = failed(&wrong, "acme/support").await;
    assert!(code == Some(1) && text.contains("does not accept the credentials"), "{text}");
    assert!(!text.contains("ghp_wrong"), "{text}");
    let newer = Desk::new(&github);
    let other = rusqlite::Connection::open(newer.path("desk.db")).expect("a database");
    other.pragma_update(None, "user_version", 4_000).expect("a version");
    let (code, text) = failed(&newer, "acme/support").await;
    assert!(code == Some(1) && text.contains("written by a newer keydesk"), "{text}");
}
