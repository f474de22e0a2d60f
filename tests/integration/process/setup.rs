//! Set-up mode of the real process, played to its end against the stand-in GitHub.

pub(crate) mod visitor;

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use keydesk::sandbox::faults::{FaultKind, Moment};

use super::desk::SOON;
use super::stand_in::{KEY_PATH, SECRET, StandIn};
use super::wire::Hook;
use visitor::{Visitor, attribute, new_desk};

#[tokio::test]
async fn a_desk_without_credentials_is_set_up_and_goes_on_by_itself() {
    let github = StandIn::start().await;
    let mut visitor = Visitor::begin(new_desk(&github)).await;
    let link = visitor.enter().await;
    let back = visitor.have_app_made(&github, "").await;
    let done = visitor.get(&back).await;
    assert_eq!(done.status, 200, "{}", done.text);
    let install = format!("{}/apps/keydesk/installations/new", github.home());
    assert_eq!(attribute(&done.text, "class=\"button main\" href=\""), install);
    visitor.see_it_open().await;
    visitor.desk.ready(&github).await;

    let file = visitor.desk.path("credentials.toml");
    let mode = std::fs::metadata(&file).expect("the file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    for path in ["setup", &link, &back] {
        assert_eq!(visitor.get(path).await.status, 404, "{path} is closed");
    }
    visitor.ask(&github, "Locked out").await;

    visitor.desk.terminate();
    assert_eq!(visitor.desk.ended(SOON).await.code(), Some(0));
    visitor.desk.start(&github).await;
    visitor.ask(&github, "Locked out again").await;
    let log = visitor.desk.log();
    assert_eq!(log.matches("waits to be set up").count(), 1, "{log}");
    let (client_id, client_secret) =
        github.sandbox.with(|state| state.settings.oauth_client.clone());
    let key = std::fs::read_to_string(KEY_PATH).expect("the key");
    let token = link.rsplit('/').next().unwrap_or_default();
    let code = back.split(['=', '&']).nth(1).unwrap_or_default();
    let secrets = [SECRET, &client_secret, token, code, key.lines().nth(3).unwrap_or_default()];
    for secret in secrets {
        assert!(secret.len() > 10 && !log.contains(secret), "`{secret}` is in the log");
        assert!(!done.text.contains(secret), "`{secret}` is on the page");
    }
    let settings = std::fs::read_to_string(file).expect("the file");
    assert!(settings.contains(&client_id) && settings.contains("keydesk_session_key"));
}

#[tokio::test]
async fn nothing_but_the_set_up_answers_until_it_is_done() {
    let github = StandIn::start().await;
    let mut visitor = Visitor::begin(new_desk(&github)).await;
    assert_eq!(visitor.get("healthz").await.status, 200);
    for path in ["", "metrics", "sign-in", "status/acme/support/1", "api/v1/queue", "assets/x"] {
        assert_eq!(visitor.get(path).await.status, 404, "/{path}");
    }
    let waiting = visitor.desk.wire.post(&Hook::opened("early", 1)).await;
    assert_eq!((waiting.status, &waiting.headers["retry-after"]), (503, &"60".parse().unwrap()));
    assert_eq!(visitor.get("readyz").await.status, 503);
    // Nobody comes in but by the link, and by that once.
    for path in ["setup", "setup/created?code=a&state=b", "setup/once/0123456789abcdef"] {
        assert_eq!(visitor.get(path).await.status, 403, "/{path}");
    }
    let link = visitor.enter().await;
    let page = visitor.get("setup").await;
    assert_eq!(page.status, 200);
    let policy = page.headers["content-security-policy"].to_str().expect("plain text");
    assert!(policy.contains(&format!("form-action 'self' {};", github.home())), "{policy}");
    assert!(policy.starts_with("default-src 'none'") && !page.text.contains("<script"));
    assert_eq!(page.headers["cache-control"], "no-store");
    assert_eq!(visitor.get(&link).await.status, 403);
    visitor.forget_cookie();
    assert_eq!(visitor.get("setup").await.status, 403);
    visitor.desk.terminate();
    assert_eq!(visitor.desk.ended(SOON).await.code(), Some(0));
}

#[tokio::test]
async fn what_github_refuses_can_be_begun_again() {
    let github = StandIn::start().await;
    let mut visitor = Visitor::begin(new_desk(&github)).await;
    visitor.enter().await;
    assert_eq!(visitor.get("setup?organization=a%2Fb").await.status, 400);
    let back = visitor.have_app_made(&github, "acme").await;
    let (code, state) = back.split_once("&state=").expect("a code and a state");
    let wrong_state = format!("{code}&state={}", "0".repeat(state.len()));
    assert_eq!(visitor.get(&wrong_state).await.status, 400);
    assert_eq!(visitor.get("setup/created").await.status, 400);
    let wrong_code = format!("setup/created?code=..%2F..%2Fapp&state={state}");
    let refused = visitor.get(&wrong_code).await;
    assert!(refused.status == 400 && refused.text.contains("Begin again"), "{}", refused.text);
    github.spoil("POST /app-manifests/*/conversions", (FaultKind::Status(502, Moment::Before), 1));
    assert_eq!(visitor.get(&back).await.status, 503);
    assert!(!visitor.desk.path("credentials.toml").exists());
    assert_eq!(visitor.get(&back).await.status, 200);
    let made = github.sandbox.with(|state| state.made_from().cloned()).expect("an App");
    assert_eq!(made.name, "Keydesk 127.0.0.1");
    assert!(!made.public && made.default_permissions["issues"] == "write");
}

#[tokio::test]
async fn where_no_file_can_be_kept_the_variables_are_shown() {
    let github = StandIn::start().await;
    let server = "postgres://desk:a-password@127.0.0.1:1/desk";
    let mut visitor = Visitor::begin(new_desk(&github).with("DATABASE_URL", server)).await;
    visitor.enter().await;
    let back = visitor.have_app_made(&github, "").await;
    let shown = visitor.get(&back).await.text;
    let again = visitor.get("setup").await.text;
    for page in [&shown, &again] {
        assert!(page.contains("GITHUB_APP_ID=4242\n"), "{page}");
        assert!(page.contains(&format!("GITHUB_WEBHOOK_SECRET={SECRET}\n")), "{page}");
        assert!(page.contains("GITHUB_PRIVATE_KEY=") && page.contains("start Keydesk again"));
    }
    visitor.forget_cookie();
    assert_eq!(visitor.get("setup").await.status, 403);
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(visitor.desk.is_alive() && !visitor.desk.log().contains("keydesk is open"));
}

#[tokio::test]
async fn credentials_that_cannot_be_kept_are_not_lost() {
    let github = StandIn::start().await;
    let desk = new_desk(&github);
    // A folder where the file is to be written.
    std::fs::create_dir_all(desk.path("credentials.toml.new/x")).expect("a folder");
    let mut visitor = Visitor::begin(desk).await;
    visitor.enter().await;
    let back = visitor.have_app_made(&github, "").await;
    let shown = visitor.get(&back).await.text;
    assert!(shown.contains("credentials.toml could not be written"), "{shown}");
    assert!(shown.contains("GITHUB_APP_ID=4242\n"), "{shown}");
}

#[tokio::test]
async fn what_would_win_over_the_new_credentials_is_named() {
    let github = StandIn::start().await;
    let desk = new_desk(&github).with("GITHUB_WEBHOOK_SECRET", "an-older-secret");
    let mut visitor = Visitor::begin(desk).await;
    visitor.enter().await;
    let page = visitor.get("setup").await.text;
    assert!(page.contains("GITHUB_WEBHOOK_SECRET") && page.contains("stronger"), "{page}");
    let back = visitor.have_app_made(&github, "").await;
    let done = visitor.get(&back).await.text;
    assert!(done.contains("take away <b>GITHUB_WEBHOOK_SECRET</b>"), "{done}");
    assert!(visitor.desk.path("credentials.toml").exists());
    assert_eq!(visitor.get("readyz").await.status, 503);
}
