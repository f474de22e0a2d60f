//! What the command line tells of itself and of its configuration, and SIGHUP.

use std::process::Stdio;

use keydesk::sandbox::seed::tracker;
use keydesk::sandbox::state::Actor;
use serde_json::Value;

use super::desk::{Desk, SOON, eventually};
use super::stand_in::{BODY, SECRET, StandIn};

/// What a command prints that goes well.
async fn printed(desk: &Desk, arguments: &[&str]) -> String {
    let mut command = desk.command(env!("CARGO_BIN_EXE_keydesk"));
    command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = tokio::task::spawn_blocking(move || command.output()).await.expect("a thread");
    let output = output.expect("the binary");
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && errors.is_empty(), "{errors}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn write(desk: &Desk, name: &str, text: &str) {
    let path = desk.path(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(path, text).expect("a file");
}

#[tokio::test]
async fn the_configuration_is_printed_with_its_sources_and_without_secrets() {
    let github = StandIn::start().await;
    let desk = Desk::new(&github).with("GITHUB_TOKEN", "hunter2").with("PORT", "9999");
    write(
        &desk,
        "config/server.toml",
        "github_content_per_hour = 7\nkeydesk_session_key = \"hunter2\"\n[notify.chat]\nurl = \"https://hunter2.example\"\n",
    );
    write(&desk, "config/policy.toml", "[clock]\ntimezone = \"Europe/Berlin\"\n");
    write(&desk, "config/templates/comments/aup.md", "Write to the elders.");
    let text = printed(&desk, &["serve", "--print-config"]).await;
    assert!(!text.contains("hunter2") && !text.contains(SECRET), "{text}");
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for line in [
        "DATABASE_URL sqlite://desk.db the environment",
        "GITHUB_TOKEN set the environment",
        "GITHUB_WEBHOOK_SECRET set the environment",
        "GITHUB_CONTENT_PER_HOUR 0 the environment",
        "KEYDESK_SESSION_KEY set config/server.toml",
        "KEYDESK_LOG text built in",
        "NOTIFY_CHAT_URL set config/server.toml",
        "form as shipped built in",
        "texts replaced or added to config/templates/comments",
        "clock.timezone \"Europe/Berlin\" config/policy.toml",
        "desk.mode \"act\" the built-in policy",
    ] {
        assert!(words.contains(line), "`{line}` is not in:\n{text}");
    }
    let json = printed(&desk, &["serve", "--print-config", "--format", "json"]).await;
    assert!(!json.contains("hunter2") && !json.contains(SECRET), "{json}");
    let told: Value = serde_json::from_str(&json).expect("JSON");
    let find = |part: &str, key: &str, name: &str| {
        let rows = told[part].as_array().expect("a list");
        rows.iter().find(|row| row[key] == name).cloned().unwrap_or_default()
    };
    let token = find("settings", "name", "GITHUB_TOKEN");
    assert_eq!((&token["value"], &token["is_secret"]), (&"set".into(), &true.into()));
    let zone = find("policy", "key", "clock.timezone");
    assert_eq!(
        (&zone["value"], &zone["source"]),
        (&"\"Europe/Berlin\"".into(), &"config/policy.toml".into())
    );
    let bare = desk.with("LISTEN", "");
    let words = printed(&bare, &["serve", "--print-config"]).await;
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("LISTEN 0.0.0.0:9999 the environment, by PORT"), "{words}");
}

#[tokio::test]
async fn the_command_line_tells_shells_man_and_editors_of_itself() {
    let github = StandIn::start().await;
    let desk = Desk::new(&github);
    let schema: Value = serde_json::from_str(&printed(&desk, &["schema"]).await).expect("JSON");
    assert_eq!(schema, keydesk::policy::schema());
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = printed(&desk, &["completions", shell]).await;
        assert!(script.contains("print-config") && script.contains("doctor"), "{shell}");
    }
    let whole = printed(&desk, &["man"]).await;
    assert!(whole.starts_with(".ie") && whole.contains("keydesk\\-doctor(1)"), "{whole}");
    let serve = printed(&desk, &["man", "serve"]).await;
    assert!(serve.contains("\\-\\-print\\-config") && serve.contains("Examples"), "{serve}");
    write(&desk, "man/.keep", "");
    printed(&desk, &["man", "--to", "man"]).await;
    let page = std::fs::read_to_string(desk.path("man/keydesk-serve.1")).expect("a page");
    assert_eq!(page, serve);
}

/// Policy, texts, form and chats are read again; what counts from the next start is named.
#[tokio::test]
async fn a_hangup_takes_over_what_it_can_and_names_the_rest() {
    let github = StandIn::start().await;
    let chat = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = chat.local_addr().expect("an address");
    let mut desk = Desk::new(&github);
    write(&desk, "config/server.toml", "");
    desk.start(&github).await;
    github.file("I am locked out", BODY);
    desk.settled(&github, SOON).await;
    let server = format!(
        "keydesk_public_url = \"https://new.example\"\n[notify.chat]\nurl = \"http://{address}/\"\n"
    );
    write(&desk, "config/server.toml", &server);
    let policy = "[notify.chat]\nstyle = \"slack\"\n[[escalation]]\nname = \"soon\"\nafter = \"1 second\"\nnotify = \"chat\"\n";
    write(&desk, "config/policy.toml", policy);
    desk.signal("HUP");
    let told = async { chat.accept().await.expect("a message") };
    tokio::time::timeout(SOON, told).await.expect("the chat of the new folder is told");
    eventually("it is named", SOON, async || {
        desk.log().contains("these settings count from the next start")
    })
    .await;
    assert!(desk.log().contains("KEYDESK_PUBLIC_URL") && !desk.log().contains("NOTIFY_CHAT_URL"));
    assert!(!desk.log().contains("new.example"), "values may be secret");
    write(&desk, "config/policy.toml", "[escalation]\n");
    desk.signal("HUP");
    eventually("the broken one is told", SOON, async || {
        desk.log().contains("config/policy.toml:1:1") && desk.log().contains("not read again")
    })
    .await;
    assert!(desk.is_alive());
}

/// A repository's own policy may name what only the operator's folder makes.
#[tokio::test]
async fn a_hangup_can_put_a_repositorys_policy_right_and_wrong() {
    let github = StandIn::start().await;
    let mut desk = Desk::new(&github);
    write(&desk, "config/policy.toml", "");
    desk.start(&github).await;
    let text = "[labels.reasons]\nlost_2fa = \"second factor\"\n[digest]\nnotify = \"chat\"\n";
    let now = github.sandbox.now();
    github.sandbox.with(|state| {
        let mut app = state.acting(Actor::App, now);
        app.push_file(&tracker(), ".github/keydesk.toml", Some(text.as_bytes())).expect("a push");
    });
    let labelled = async |desk: &Desk, wanted: &str| {
        let number = github.file("I am locked out", BODY);
        desk.settled(&github, SOON).await;
        assert!(github.labels(number).contains(&wanted.to_owned()), "{wanted}: {}", desk.log());
    };
    labelled(&desk, "lost 2FA").await;
    assert!(desk.log().contains("unknown chat `chat`"), "{}", desk.log());
    write(&desk, "config/policy.toml", "[notify.chat]\nstyle = \"slack\"\n");
    hang_up(&desk, 1).await;
    labelled(&desk, "second factor").await;
    write(&desk, "config/policy.toml", "");
    hang_up(&desk, 2).await;
    let before = desk.log().matches("unknown chat `chat`").count();
    labelled(&desk, "lost 2FA").await;
    assert!(desk.log().matches("unknown chat `chat`").count() > before, "it is told again");
}

async fn hang_up(desk: &Desk, times: usize) {
    desk.signal("HUP");
    eventually("it is read again", SOON, async || {
        desk.log().matches("texts and policy were read again").count() == times
    })
    .await;
}
