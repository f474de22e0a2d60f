//! Payloads nobody means well with, or that GitHub sends on a bad day: all are answered, nothing
//! is set aside.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::desk::{Desk, SOON};
use super::stand_in::StandIn;
use super::wire::{Hook, opened};

/// Every change of the payload that leaves it an event of ours.
fn odd_payloads() -> Vec<(&'static str, Value)> {
    let paths = [
        "/sender",
        "/installation",
        "/issue/body",
        "/issue/title",
        "/issue/user",
        "/issue/labels",
        "/issue/html_url",
        "/issue/updated_at",
        "/issue/assignees",
        "/repository/default_branch",
    ];
    let mut payloads = Vec::new();
    for path in paths {
        let mut with_null = opened(1);
        let mut without = opened(1);
        if let Some(value) = with_null.pointer_mut(path) {
            *value = Value::Null;
        }
        let (parent, key) = path.rsplit_once('/').expect("a path");
        let parent = without.pointer_mut(parent).and_then(Value::as_object_mut);
        parent.expect("an object").remove(key);
        payloads.extend([(path, with_null), (path, without)]);
    }
    let mut labels = opened(1);
    labels["issue"]["labels"] = json!(["account-recovery", {"name": null}, {"name": "x"}, {}]);
    payloads.push(("labels of every shape", labels));
    for action in ["typed", "pinned", "an_action_of_2031", ""] {
        let mut payload = opened(1);
        payload["action"] = action.into();
        payloads.push(("an action without meaning", payload));
    }
    payloads
}

fn hostile_bodies() -> Vec<String> {
    vec![
        String::new(),
        "[".repeat(65_536),
        "](".repeat(32_768),
        "> ".repeat(32_768),
        "`".repeat(65_535),
        "### PyPI Username\n\n".repeat(3_000),
        "- [x] ".repeat(10_000),
        "<!-- ".repeat(13_000),
        "\u{0}\u{202e}\u{feff}\r\r\n".repeat(6_000),
        "a@b.c ".repeat(10_000),
        "{{ 7*7 }} {% for x in range(9999999) %}x{% endfor %}".to_owned(),
    ]
}

#[tokio::test]
async fn odd_and_hostile_payloads_are_accepted_and_handled() {
    let github = StandIn::start().await;
    let desk = Desk::started(&github).await;
    let mut issue = 100;
    let mut send = async |name: &str, mut payload: Value| {
        issue += 1;
        payload["issue"]["id"] = issue.into();
        payload["issue"]["number"] = issue.into();
        let began = Instant::now();
        let guid = format!("odd-{issue}");
        let answer = desk.wire.post(&Hook::new("issues", &guid, payload.to_string())).await;
        assert!(matches!(answer.status, 200 | 202), "{name}: {} {}", answer.status, answer.text);
        began.elapsed()
    };
    for (name, payload) in odd_payloads() {
        send(name, payload).await;
    }
    for body in hostile_bodies() {
        let name: String = body.chars().take(10).collect();
        let mut payload = opened(1);
        payload["issue"]["labels"] = json!([{"name": "account-recovery"}]);
        payload["issue"]["body"] = body.clone().into();
        payload["issue"]["title"] = body.chars().take(256).collect::<String>().into();
        send(&name, payload).await;
        let mut comment = opened(1);
        comment["comment"] = json!({"id": issue_of(&body), "user": null, "body": body,
            "created_at": "2026-11-20T10:00:00Z"});
        comment["action"] = "created".into();
        let guid = format!("comment-{}", issue_of(&body));
        let hook = Hook::new("issue_comment", &guid, comment.to_string());
        assert_eq!(desk.wire.status(&hook).await, 202, "{name}");
    }
    desk.settled(&github, SOON).await;
    assert_eq!(desk.wire.depths().await.set_aside, 0);
    assert!(!desk.log().contains("panicked"), "no panic");
}

/// More than GitHub lets anybody write; whoever has the secret could send it all the same.
#[tokio::test]
async fn a_text_of_24_mebibytes_is_handled() {
    let github = StandIn::start().await;
    let desk = Desk::started(&github).await;
    let mut payload = opened(1);
    payload["issue"]["labels"] = json!([{"name": "account-recovery"}]);
    payload["issue"]["body"] = "[(a word of prose".repeat((24 << 20) / 17).into();
    assert_eq!(desk.wire.status(&Hook::new("issues", "large", payload.to_string())).await, 202);
    desk.settled(&github, Duration::from_secs(120)).await;
    assert_eq!(desk.wire.depths().await.set_aside, 0);
}

/// A number of its own for every body.
fn issue_of(body: &str) -> u64 {
    body.bytes().fold(17, |sum, byte| (sum * 31 + u64::from(byte)) % 1_000_003)
}
