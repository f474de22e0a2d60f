//! No secret is in anything the process says, however much it is asked to tell.

use keydesk::sandbox::faults::{FaultKind, Moment};
use keydesk::sandbox::seed::tracker;
use keydesk::sandbox::state::{Actor, Role};

use super::desk::{Desk, SOON, eventually};
use super::stand_in::{BODY, KEY_PATH, MAINTAINER, SECRET, StandIn};
use super::wire::{Hook, signature};

#[tokio::test]
async fn a_whole_run_of_the_app_at_trace_tells_no_secret() {
    let github = StandIn::start().await;
    tells_no_secret(&github, Desk::new(&github), true).await;
}

#[tokio::test]
async fn a_whole_run_with_a_token_at_trace_tells_no_secret() {
    let github = StandIn::start().await;
    let now = github.sandbox.now();
    let token = github.sandbox.with(|state| {
        let mut app = state.acting(Actor::App, now);
        app.give_role(&tracker(), MAINTAINER, Role::Write).expect("a role");
        state.create_personal_token(MAINTAINER)
    });
    let desk = Desk::new(&github)
        .with("GITHUB_APP_ID", "")
        .with("GITHUB_TOKEN", &token)
        .with("KEYDESK_LOG", "json");
    tells_no_secret(&github, desk, false).await;
}

const POLICY: &str = "
[notify.chat]
style = \"slack\"
[[escalation]]
name = \"at once\"
after = \"1 second\"
notify = \"chat\"
";

async fn tells_no_secret(github: &StandIn, desk: Desk, is_app: bool) {
    let chat = format!("{}/hooks/a-chat-secret", github.api_url);
    let mut desk = desk.with("RUST_LOG", "trace").with("NOTIFY_CHAT_URL", &chat);
    std::fs::create_dir(desk.path("config")).expect("a folder");
    std::fs::write(desk.path("config/policy.toml"), POLICY).expect("a file");
    desk.start(github).await;
    let body = format!("{BODY}\n\nMy password is hunter2-hunter2.");
    let number = github.file("I am locked out", &body);
    desk.settled(github, SOON).await;
    // No chat is there, so it is told about in vain.
    eventually("it is escalated", SOON, async || desk.log().contains("an action was given up"))
        .await;
    if is_app {
        github.sandbox.with(|state| state.revoke_tokens());
    }
    github.comment(MAINTAINER, number, "/initiated");
    let hook = Hook::opened("wrong", 9);
    let wrong = signature("no secret of ours", &hook.body);
    assert_eq!(desk.wire.status(&hook.with("x-hub-signature-256", Some(&wrong))).await, 401);
    assert_eq!(desk.wire.status(&Hook::new("issues", "broken", "{")).await, 400);
    github.spoil("GET /repos/*/*/collaborators/**", (FaultKind::Status(500, Moment::Before), 1));
    desk.settled(github, SOON).await;
    let figures = desk.wire.get("metrics").await.text;
    desk.terminate();
    assert_eq!(desk.ended(SOON).await.code(), Some(0));
    let said = desk.log() + &figures;
    assert!(said.contains("TRACE") && said.contains("DEBUG"), "it told much");

    let key = std::fs::read_to_string(KEY_PATH).expect("the key");
    let lines = key.lines().filter(|line| !line.starts_with("-----"));
    let person = github.sandbox.with(|state| state.create_personal_token(MAINTAINER));
    // What tokens begin with: the installation's, a person's, the App's own.
    let beginnings = ["ghs_", &person[..4], "eyJ", "Bearer"];
    for secret in lines.chain([SECRET]).chain(beginnings).chain([
        "hunter2",
        "authenticator app",
        "a-chat-secret",
    ]) {
        let at = said.find(secret);
        let line = at.and_then(|at| said[..at].lines().last()).unwrap_or_default();
        assert!(at.is_none(), "`{secret}` is told after: {line}");
    }
}
