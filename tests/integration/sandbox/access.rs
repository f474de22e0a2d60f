//! Tokens, limits, faults, and the webhooks going out.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use http::HeaderMap;
use jiff::SignedDuration;
use keydesk::sandbox::faults::{Fault, FaultKind, Moment};
use serde_json::{Value, json};

use super::served::{SUPPORT, Served, app_token, start};

#[tokio::test]
async fn requests_need_a_token_an_agent_and_a_known_version() {
    let served = Served::start().await;
    let status = async |change: &dyn Fn(&mut HeaderMap)| {
        let mut request = served.request(&format!("GET {SUPPORT}"), &served.token, Value::Null);
        change(request.headers_mut());
        served.send(request).await.expect("an answer").status
    };
    assert_eq!(status(&|_| {}).await, 200);
    assert_eq!(status(&|headers| drop(headers.remove("authorization"))).await, 401);
    assert_eq!(status(&|headers| drop(headers.remove("user-agent"))).await, 403);
    let old = |headers: &mut HeaderMap| {
        headers.insert("x-github-api-version", "2001-01-01".parse().expect("a value"));
    };
    assert_eq!(status(&old).await, 400);
    served.sandbox.move_clock(SignedDuration::from_secs(3601));
    assert_eq!(status(&|_| {}).await, 401, "tokens live for an hour");
}

#[tokio::test]
async fn the_app_gets_tokens_for_its_own_token_only() {
    let served = Served::start().await;
    let tokens = "POST /app/installations/77/access_tokens";
    let made = served.owner_call(tokens).await;
    assert_eq!((made.status, &made.body["expires_at"]), (201, &json!("2026-11-23T10:00:00Z")));
    let token = made.body["token"].as_str().expect("a token");
    let seen = served.send(served.request(&format!("GET {SUPPORT}"), token, Value::Null)).await;
    assert_eq!(seen.expect("an answer").status, 200);
    assert_eq!(served.owner_call("GET /app").await.body["slug"], "keydesk");
    assert_eq!(served.owner_call(&format!("GET {SUPPORT}/installation")).await.body["id"], 77);
    assert_eq!(served.call(tokens, Value::Null).await.status, 401);
    for (issuer, seconds) in [(1, 540), (4242, -1), (4242, 3600)] {
        let wrong = app_token(issuer, start(), seconds);
        let answer = served.send(served.request(tokens, &wrong, Value::Null)).await;
        assert_eq!(answer.expect("an answer").status, 401, "{issuer} {seconds}");
    }
}

#[tokio::test]
async fn a_personal_token_acts_as_its_owner() {
    let served = Served::start().await;
    served.open("locked out");
    let as_whom = async |login: &str, route: &str, body: Value| {
        let token = served.sandbox.with(|state| state.create_personal_token(login));
        served.send(served.request(route, &token, body)).await.expect("an answer")
    };
    let labels = format!("POST {SUPPORT}/issues/1/labels");
    let set = || json!(["account-recovery"]);
    let bot = as_whom("keydesk[bot]", "GET /user", Value::Null).await;
    assert_eq!((bot.status, &bot.body["login"]), (200, &json!("keydesk[bot]")));
    assert_eq!(as_whom("keydesk[bot]", &labels, set()).await.status, 200);
    assert_eq!(as_whom("mira-maintainer", &labels, set()).await.status, 200);
    assert_eq!(as_whom("ben-bystander", &labels, set()).await.status, 403);
    let new = json!({ "title": "help", "labels": ["account-recovery"] });
    let opened = as_whom("ben-bystander", &format!("POST {SUPPORT}/issues"), new).await;
    assert_eq!((opened.status, &opened.body["labels"]), (201, &json!([])));
}

#[tokio::test]
async fn faults_strike_as_planned() {
    let served = Served::start().await;
    served.open("locked out");
    let comments = format!("{SUPPORT}/issues/1/comments");
    let write = format!("POST {comments}");
    let plan = |kind| {
        let fault = Fault::once("POST /repos/*/*/issues/*/comments", kind);
        served.sandbox.with(|state| state.faults.add(fault));
    };
    let count = async || served.get(&comments).await.body.as_array().map_or(0, Vec::len);
    let body = || json!({ "body": "hello" });
    plan(FaultKind::Status(502, Moment::Before));
    assert_eq!(served.call(&write, body()).await.status, 502);
    assert_eq!(count().await, 0);
    plan(FaultKind::Status(500, Moment::After));
    assert_eq!(served.call(&write, body()).await.status, 500);
    assert_eq!(count().await, 1);
    plan(FaultKind::Close(Moment::After));
    assert!(served.try_call(&write, body()).await.is_none(), "no answer at all");
    assert_eq!(count().await, 2);
    plan(FaultKind::SecondaryLimit(7));
    let limited = served.call(&write, body()).await;
    assert_eq!((limited.status, limited.header("retry-after")), (403, "7"));
    plan(FaultKind::Hang(Duration::from_millis(80), Moment::Before));
    let hasty = tokio::time::timeout(Duration::from_millis(20), served.try_call(&write, body()));
    assert!(hasty.await.is_err(), "it hangs");
    assert_eq!(count().await, 2);
    tokio::time::sleep(Duration::from_millis(150)).await;
    assert_eq!(count().await, 3, "applied although nobody waited");
    plan(FaultKind::Late(Duration::from_millis(80)));
    assert!(served.try_call(&write, body()).await.is_none(), "no answer at all");
    assert_eq!(count().await, 3);
    tokio::time::sleep(Duration::from_millis(150)).await;
    assert_eq!(count().await, 4, "applied after the connection was gone");
    assert!(served.sandbox.with(|state| state.faults.is_over()));
}

#[tokio::test]
async fn limits_are_counted_and_enforced() {
    let served = Served::start().await;
    served.open("locked out");
    let write = format!("POST {SUPPORT}/issues/1/comments");
    for _ in 0..80 {
        assert_eq!(served.call(&write, json!({ "body": "hello" })).await.status, 201);
    }
    let refused = served.call(&write, json!({ "body": "hello" })).await;
    assert_eq!((refused.status, refused.header("retry-after")), (403, "60"));
    assert_eq!(refused.header("x-ratelimit-remaining"), "4919");
    served.sandbox.move_clock(SignedDuration::from_secs(61));
    assert_eq!(served.call(&write, json!({ "body": "hello" })).await.status, 201);
    let limit = served.get("/rate_limit").await.body;
    assert_eq!(limit["resources"]["core"]["used"], 82);
}

#[tokio::test]
async fn webhooks_are_signed_logged_and_sent_again_on_demand() {
    let served = Served::start().await;
    served.open("locked out");
    assert_eq!(served.sandbox.deliver_webhooks().await, 1);
    let (headers, body) = served.received.lock().expect("no panic")[0].clone();
    let text = |name: &str| headers[name].to_str().expect("text").to_owned();
    assert_eq!(text("x-github-event"), "issues");
    assert!(text("user-agent").starts_with("GitHub-Hookshot/"));
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(b"sandbox").expect("a key");
    mac.update(&body);
    let signature = hex::encode(mac.finalize().into_bytes());
    assert_eq!(text("x-hub-signature-256"), format!("sha256={signature}"));
    let log = served.owner_call("GET /app/hook/deliveries").await.body;
    assert_eq!((&log[0]["status"], &log[0]["action"]), (&json!("OK"), &json!("opened")));
    assert_eq!(log[0]["guid"], text("x-github-delivery"));
    let id = log[0]["id"].as_u64().expect("an id");
    let full = served.owner_call(&format!("GET /app/hook/deliveries/{id}")).await.body;
    assert_eq!(full["request"]["payload"]["issue"]["title"], "locked out");
    let again = served.owner_call(&format!("POST /app/hook/deliveries/{id}/attempts")).await;
    assert_eq!((again.status, served.sandbox.deliver_webhooks().await), (202, 1));
    let second = served.received.lock().expect("no panic")[1].0.clone();
    assert_eq!(second["x-github-delivery"], headers["x-github-delivery"], "the same GUID");
    let nowhere = Some("http://127.0.0.1:1/hook".to_owned());
    served.sandbox.with(|state| state.settings.webhook_url = nowhere);
    served.open("another");
    served.sandbox.deliver_webhooks().await;
    let log = served.owner_call("GET /app/hook/deliveries?per_page=1").await;
    assert_eq!(log.body[0]["status"], "failed to connect to host");
    assert!(log.header("link").contains("cursor="));
}
