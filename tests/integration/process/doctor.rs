//! `keydesk doctor`: beside a healthy bot it finds nothing, and each fault it finds with its cure.

use std::process::Stdio;

use jiff::SignedDuration;
use keydesk::sandbox::SandboxSettings;
use keydesk::sandbox::seed::tracker;
use keydesk::sandbox::state::{Actor, Permission};
use regex::Regex;
use serde_json::Value;

use super::desk::{Desk, SOON, eventually};
use super::stand_in::{BODY, StandIn};

/// Exit code, what it printed, and its errors.
async fn doctor(desk: &Desk, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = desk.command(env!("CARGO_BIN_EXE_keydesk"));
    command.arg("doctor").args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = tokio::task::spawn_blocking(move || command.output()).await.expect("a thread");
    let output = output.expect("the binary");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// Runs it and expects this fault with this in its cure.
async fn finds(desk: &Desk, fault: &str, cure: &str) {
    let (code, printed, errors) = doctor(desk, &[]).await;
    assert_eq!(code, Some(1), "{printed}");
    assert!(errors.starts_with("error: there ") && errors.contains("help: "), "{errors}");
    let mut lines =
        printed.lines().skip_while(|line| !(line.starts_with("FAULT") && line.contains(fault)));
    assert!(lines.next().is_some(), "`{fault}` is not in:\n{printed}");
    let help = lines.next().unwrap_or_default();
    assert!(help.trim_start().starts_with("help: ") && help.contains(cure), "{help}\n{printed}");
}

#[tokio::test]
async fn beside_a_healthy_bot_it_finds_nothing() {
    let github = StandIn::start().await;
    let desk = Desk::started(&github).await;
    github.file("I am locked out", BODY);
    desk.settled(&github, SOON).await;
    let public_url = desk.wire.base.to_string().trim_end_matches('/').to_owned();
    let mut desk = desk.with("KEYDESK_PUBLIC_URL", &public_url);
    let (code, printed, errors) = doctor(&desk, &[]).await;
    assert_eq!((code, errors.as_str()), (Some(0), ""), "{printed}");
    let printed = printed.replace(&public_url, "[public]");
    let varying = Regex::new("within [0-9]+ s|last [0-9]+|[0-9]+ .?B( free|$)").expect("fixed");
    let printed: Vec<_> = printed.lines().map(|line| varying.replace_all(line, "[…]")).collect();
    insta::assert_snapshot!(printed.join("\n"), @"
    ok     settings: settings, policy, texts and form are right
    ok     database: desk.db can be written, is up to date (migration 13), and has […]
    ok     database: […] on its disk
    ok     credentials: the App keydesk (number 4242)
    ok     clock: […] of GitHub's
    ok     permissions: all that are needed
    ok     events: all that are needed
    ok     installations: acme: 1 repository (acme/support)
    ok     webhook: GitHub sends JSON to [public]/webhooks/github
    ok     public address: [public] answers
    ok     deliveries: the […] arrived
    ok     policy: acme/support has none of its own
    ");
    let (code, printed, _) = doctor(&desk, &["--format", "json"]).await;
    let told: Value = serde_json::from_str(&printed).expect("JSON");
    assert_eq!((code, &told["is_healthy"]), (Some(0), &Value::Bool(true)));
    assert!(told["findings"].as_array().is_some_and(|all| all.len() > 8), "{printed}");
    assert!(desk.is_alive());
    assert_eq!(desk.wire.get("readyz").await.status, 200);
}

type Change = fn(&mut SandboxSettings);

/// What may be wrong with the App, what is said of it, and what of the cure.
const FAULTS: [(Change, &str, &str); 9] = [
    (
        |it| it.lacking = [Permission::IssuesWrite].into(),
        "the App lacks the permission `issues: write`, it has `read`",
        "Permissions & events",
    ),
    (
        |it| it.lacking = [Permission::ContentsRead].into(),
        "acme has not granted the permission `contents: read`",
        "accepted at http",
    ),
    (
        |it| it.events.retain(|event| event != "push"),
        "the App is not told of `push`",
        "Subscribe to events",
    ),
    (|it| it.suspended_at = Some(it.start), "acme has suspended the App", "let in again at http"),
    (
        |it| it.webhook_content_type = "form".to_owned(),
        "GitHub sends it as `form`",
        "application/json",
    ),
    (
        |it| it.checks_certificates = false,
        "does not look at the desk's certificate",
        "SSL verification",
    ),
    (|it| it.webhook_secret.clear(), "the webhook has no secret", "GITHUB_WEBHOOK_SECRET"),
    (|it| it.webhook_url = None, "the App has no webhook", "http://127.0.0.1:1/webhooks/github"),
    (
        |it| it.webhook_url = Some("https://old.example/hook".to_owned()),
        "GitHub sends to https://old.example/hook, and this desk is at",
        "set its URL to http://127.0.0.1:1/webhooks/github",
    ),
];

#[tokio::test]
async fn what_is_wrong_with_the_app_is_found() {
    let github = StandIn::start().await;
    let public_url = "http://127.0.0.1:1";
    let desk = Desk::new(&github).with("KEYDESK_PUBLIC_URL", public_url);
    github.send_webhooks_to(&"http://127.0.0.1:1/".parse().expect("an address"));
    finds(&desk, "public address: http://127.0.0.1:1: no connection", "keydesk serve").await;
    let set = |change: &dyn Fn(&mut SandboxSettings)| {
        github.sandbox.with(|state| {
            let mut fresh = state.settings.clone();
            change(&mut fresh);
            std::mem::replace(&mut state.settings, fresh)
        })
    };
    for (change, fault, cure) in FAULTS {
        let before = set(&change);
        finds(&desk, fault, cure).await;
        set(&|it| *it = before.clone());
    }
}

#[tokio::test]
async fn what_is_wrong_between_here_and_github_is_found() {
    let github = StandIn::start().await;
    let desk = Desk::new(&github);
    github.send_webhooks_to(&"http://127.0.0.1:1/".parse().expect("an address"));
    github.file("I am locked out", BODY);
    let is_tried = || github.sandbox.with(|state| state.deliveries(github.sandbox.now()).len()) > 0;
    eventually("it is delivered in vain", SOON, async || is_tried()).await;
    finds(&desk, "did not arrive; the newest, issues, ended with 502", "can GitHub reach it").await;
    github.sandbox.move_clock(SignedDuration::from_secs(40));
    finds(&desk, "behind GitHub's", "set-ntp").await;
    github.sandbox.move_clock(SignedDuration::from_mins(-6));
    finds(&desk, "ahead of GitHub's: GitHub refuses an App's tokens then", "set-ntp").await;
    finds(&desk, "GitHub does not accept the credentials", "a clock that is wrong").await;
    github.sandbox.move_clock(SignedDuration::from_secs(320));
    let push = "[labels]\nrequst = \"x\"\n";
    let now = github.sandbox.now();
    github.sandbox.with(|state| {
        let mut app = state.acting(Actor::App, now);
        app.push_file(&tracker(), ".github/keydesk.toml", Some(push.as_bytes())).expect("a push");
    });
    finds(
        &desk,
        "policy: acme/support: .github/keydesk.toml:2:1: unknown key `requst`",
        "did you mean `request`?",
    )
    .await;
    let desk = desk.with("GITHUB_APP_ID", "1");
    finds(&desk, "GitHub does not accept the credentials", "GITHUB_APP_ID").await;
    let desk = desk.with("GITHUB_API_URL", "http://127.0.0.1:1");
    finds(&desk, "GitHub could not be reached: no connection", "GITHUB_API_URL").await;
    let token = github.sandbox.with(|state| state.create_personal_token("mira-maintainer"));
    let desk = Desk::new(&github)
        .with("GITHUB_APP_ID", "")
        .with("GITHUB_PRIVATE_KEY_PATH", "")
        .with("GITHUB_TOKEN", &token);
    let (code, printed, _) = doctor(&desk, &[]).await;
    assert!(code == Some(0) && printed.contains("a token of @mira-maintainer"), "{printed}");
    assert!(!printed.contains(&token));
    let desk = desk.with("GITHUB_TOKEN", "");
    finds(&desk, "there are no GitHub credentials", "GITHUB_APP_ID").await;
    let desk = desk.with("GITHUB_WEBHOOK_SECRET", "");
    finds(&desk, "there is no webhook secret", "GITHUB_WEBHOOK_SECRET").await;
}

#[tokio::test]
async fn what_is_wrong_here_is_found() {
    let github = StandIn::start().await;
    let desk = Desk::new(&github);
    let (_, printed, _) = doctor(&desk, &[]).await;
    assert!(printed.contains("desk.db is not there yet"), "{printed}");
    assert!(!desk.path("desk.db").exists(), "nothing is made");
    std::fs::write(desk.path("desk.db"), "something else entirely").expect("a file");
    finds(&desk, "database: desk.db: something else was written over it", "put a backup").await;
    std::fs::remove_file(desk.path("desk.db")).expect("a file");
    let version = |version: u32| {
        let other = rusqlite::Connection::open(desk.path("desk.db")).expect("a database");
        other.pragma_update(None, "user_version", version).expect("a version");
    };
    version(4_000);
    finds(&desk, "desk.db was written by a newer keydesk", "start that version").await;
    version(3);
    let (_, printed, _) = doctor(&desk, &[]).await;
    assert!(printed.contains("desk.db is of migration 3"), "{printed}");
    let other = rusqlite::Connection::open(desk.path("desk.db")).expect("a database");
    let kept: u32 = other.pragma_query_value(None, "user_version", |row| row.get(0)).expect("one");
    assert_eq!(kept, 3, "nothing is migrated");
    let nowhere = desk.with("DATABASE_URL", "sqlite:///nowhere/desk.db");
    finds(&nowhere, "/nowhere/desk.db: its folder: ", "a folder this process may write").await;
    let wrong = nowhere.with("LISTEN", "here");
    finds(&wrong, "settings: LISTEN: this is no address to listen on", "0.0.0.0:8080").await;
    let desk = wrong.with("LISTEN", "");
    std::fs::create_dir(desk.path("config")).expect("a folder");
    std::fs::write(desk.path("config/policy.toml"), "[labels]\nrequst = \"x\"\n").expect("a file");
    finds(&desk, "config/policy.toml:2:1: unknown key `requst`", "did you mean `request`?").await;
}
