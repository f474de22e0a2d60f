//! The staff pages of the real process: its link, its key, its templates.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use super::desk::{Desk, SOON, eventually};
use super::stand_in::{BODY, StandIn};

#[tokio::test]
async fn on_this_machine_alone_a_link_is_printed_that_opens_the_pages_once() {
    let github = StandIn::start().await;
    let mut desk = Desk::new(&github);
    let mut command = desk.command(env!("CARGO_BIN_EXE_keydesk"));
    let printed = desk.path("printed");
    command.arg("serve").stdout(std::fs::File::create(&printed).expect("a file"));
    desk.start_as(command, &github).await;
    github.file("Locked out", BODY);
    desk.settled(&github, SOON).await;
    let mut link = String::new();
    eventually("a link is printed", SOON, async || {
        let text = std::fs::read_to_string(&printed).unwrap_or_default();
        link = text.split("/sign-in/once/").nth(1).unwrap_or_default().trim().to_owned();
        !link.is_empty()
    })
    .await;
    assert!(!desk.log().contains(&link), "it is in the log");
    assert_eq!(desk.wire.get("").await.status, 403);
    let path = format!("sign-in/once/{link}");
    let opened = desk.wire.get(&path).await;
    assert_eq!(opened.status, 303);
    let cookie = opened.headers["set-cookie"].to_str().expect("plain text").to_owned();
    assert!(
        cookie.starts_with("keydesk=") && cookie.contains("HttpOnly; SameSite=Lax"),
        "{cookie}"
    );
    assert_eq!(desk.wire.get(&path).await.status, 403);
    assert_eq!(desk.wire.get("nothing/is/here").await.status, 404);
}

#[tokio::test]
async fn a_key_that_can_be_guessed_is_refused() {
    let github = StandIn::start().await;
    let desk = Desk::new(&github).with("KEYDESK_SESSION_KEY", "password");
    let mut command = desk.command(env!("CARGO_BIN_EXE_keydesk"));
    command.arg("serve").stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary");
    let status = child.wait().expect("an end");
    assert_eq!(status.code(), Some(1));
    let said: Vec<String> = BufReader::new(child.stderr.take().expect("a pipe"))
        .lines()
        .map_while(Result::ok)
        .collect();
    let said = said.join("\n");
    assert!(said.contains("error: KEYDESK_SESSION_KEY is too short"), "{said}");
    assert!(said.contains("openssl rand -hex 32") && !said.contains("password"), "{said}");
}
