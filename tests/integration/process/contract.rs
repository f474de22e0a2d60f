//! `POST /webhooks/github` to the letter of the contract.

use serde_json::json;

use super::desk::Desk;
use super::stand_in::{SECRET, StandIn};
use super::wire::{Hook, opened, signature};

#[tokio::test]
async fn webhooks_are_answered_as_the_contract_says() {
    let github = StandIn::start().await;
    let secrets = format!("an-older-secret, {SECRET}");
    let mut desk = Desk::new(&github).with("GITHUB_WEBHOOK_SECRET", &secrets);
    desk.start(&github).await;
    let wire = &desk.wire;
    assert_eq!(wire.get("healthz").await.status, 200);

    let hook = Hook::opened("first", 1);
    assert_eq!(wire.status(&hook).await, 202, "new");
    assert_eq!(wire.status(&hook).await, 200, "seen before");
    let older = signature("an-older-secret", &Hook::opened("older", 2).body);
    let older = Hook::opened("older", 2).with("x-hub-signature-256", Some(&older));
    assert_eq!(wire.status(&older).await, 202, "each of several secrets will do");
    for event in ["ping", "star", "workflow_run", "an_event_of_2031"] {
        assert_eq!(wire.status(&Hook::new(event, event, "{}")).await, 200, "{event}");
    }
    let mut pull_request = opened(3);
    pull_request["issue"]["pull_request"] = json!({});
    assert_eq!(wire.status(&Hook::new("issues", "pr", pull_request.to_string())).await, 200);
}

#[tokio::test]
async fn unsigned_and_malformed_webhooks_are_refused() {
    let github = StandIn::start().await;
    let desk = Desk::started(&github).await;
    let wire = &desk.wire;
    let hook = Hook::opened("refused", 1);
    let good = signature(SECRET, &hook.body);
    let sha1 = good.replace("sha256=", "sha1=");
    let other = signature("another secret", &hook.body);
    let short = good[..good.len() - 2].to_owned();
    let bare = good.replace("sha256=", "");
    for wrong in [None, Some(""), Some("sha256="), Some(&*sha1), Some(&*other), Some(&*short)]
        .into_iter()
        .chain([Some(&*bare), Some("sha256=zz")])
    {
        let answer = wire.post(&hook.clone().with("x-hub-signature-256", wrong)).await;
        assert_eq!(answer.status, 401, "{wrong:?}");
        assert!(!answer.text.is_empty());
    }
    let old_header =
        hook.clone().with("x-hub-signature-256", None).with("x-hub-signature", Some(&sha1));
    assert_eq!(wire.status(&old_header).await, 401, "the header of old counts for nothing");
    let odd = ["", "two words", "semi;colon", &"x".repeat(101), "ä"];
    for guid in odd.map(Some).into_iter().chain([None]) {
        assert_eq!(wire.status(&hook.clone().with("x-github-delivery", guid)).await, 400);
    }
    for event in [None, Some("")] {
        assert_eq!(wire.status(&hook.clone().with("x-github-event", event)).await, 400);
    }
    let truncated = hook.body.slice(..hook.body.len() / 2);
    let nested = "[".repeat(65_536);
    let bodies: [bytes::Bytes; 6] = [
        truncated,
        b"\xff\xfe{}".as_slice().into(),
        b"{\"action\":\"\xc3\x28\"}".as_slice().into(),
        "".into(),
        "[]".into(),
        nested.into(),
    ];
    for (index, body) in bodies.into_iter().enumerate() {
        let answer = wire.post(&Hook::new("issues", &format!("bad-{index}"), body)).await;
        assert_eq!(answer.status, 400, "body {index}: {}", answer.text);
    }
    let answer = wire.post(&Hook::new("star", "not-json", "payload=%7B%7D")).await;
    assert!(answer.status == 400 && answer.text.contains("application/json"), "{}", answer.text);
    assert_eq!(wire.status(&hook).await, 202, "none of these took its GUID");
    let text = wire.get("metrics").await.text;
    for outcome in ["bad_signature", "malformed", "kept"] {
        assert!(text.contains(&format!("outcome=\"{outcome}\"")), "{outcome}");
    }
    assert!(!text.contains("two words"));
}

#[tokio::test]
async fn large_bodies_are_taken_up_to_25_mebibytes() {
    let github = StandIn::start().await;
    let desk = Desk::started(&github).await;
    let padded = |bytes: usize| {
        let mut payload = opened(1);
        payload["padding"] = "x".repeat(bytes).into();
        payload.to_string()
    };
    let near = Hook::new("issues", "near", padded(24 << 20));
    assert_eq!(desk.wire.status(&near).await, 202, "24 MiB");
    // One byte too many, so that all of it was read when the answer comes.
    let over = Hook::new("issues", "over", "x".repeat((25 << 20) + 1));
    let answer = desk.wire.post(&over).await;
    assert_eq!(answer.status, 413, "over 25 MiB: {}", answer.text);
    let announced = desk.wire.status(&Hook::new("issues", "small", padded(10))).await;
    assert_eq!(announced, 202, "and it goes on");
    let counted = desk.wire.get("metrics").await.text;
    assert!(counted.contains("outcome=\"too_large\""));
}

#[tokio::test]
async fn a_thousand_deliveries_of_one_guid_are_kept_once() {
    let github = StandIn::start().await;
    let desk = Desk::started(&github).await;
    let hook = Hook::opened("the-same", 1);
    let tasks: Vec<_> = (0..1_000)
        .map(|_| {
            let (wire, hook) = (desk.wire.clone(), hook.clone());
            tokio::spawn(async move { wire.status(&hook).await })
        })
        .collect();
    let (mut kept, mut seen_before) = (0, 0);
    for task in tasks {
        match task.await.expect("no panic") {
            202 => kept += 1,
            200 => seen_before += 1,
            other => panic!("answered {other}"),
        }
    }
    assert_eq!((kept, seen_before), (1, 999));
}
