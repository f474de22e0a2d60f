//! What the REST face answers.

use std::collections::BTreeSet;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use http::header::{AUTHORIZATION, USER_AGENT};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use jiff::SignedDuration;
use keydesk::sandbox::state::Actor;
use octocrab::service::middleware::base_uri::BaseUriLayer;
use octocrab::service::middleware::extra_headers::ExtraHeadersLayer;
use serde_json::{Value, json};

use super::served::{SUPPORT, Served, start, support};

/// The keys of a JSON object must hold these.
fn has_keys(value: &Value, keys: &str) {
    let found: BTreeSet<&str> =
        value.as_object().expect("an object").keys().map(String::as_str).collect();
    let missing: Vec<&str> = keys.split_whitespace().filter(|key| !found.contains(key)).collect();
    assert!(missing.is_empty(), "missing {missing:?} in {value}");
}

const ISSUE_KEYS: &str = "url repository_url labels_url comments_url events_url html_url id node_id \
    number title user labels state locked assignee assignees milestone comments created_at \
    updated_at closed_at author_association active_lock_reason body reactions timeline_url \
    performed_via_github_app state_reason";
const COMMENT_KEYS: &str = "url html_url issue_url id node_id user created_at updated_at \
    author_association body reactions performed_via_github_app";
const REPOSITORY_KEYS: &str = "id node_id name full_name private owner html_url description fork \
    url issues_url labels_url contents_url default_branch visibility archived open_issues_count";

#[tokio::test]
async fn payloads_have_the_documented_keys() {
    let served = Served::start().await;
    served.events();
    served.open("locked out");
    let comment =
        served.call(&format!("POST {SUPPORT}/issues/1/comments"), json!({ "body": "hello" })).await;
    assert_eq!(comment.status, 201);
    has_keys(&comment.body, COMMENT_KEYS);
    assert_eq!(comment.body["user"]["login"], "keydesk[bot]");
    assert_eq!(comment.body["user"]["type"], "Bot");
    assert_eq!(comment.body["performed_via_github_app"]["slug"], "keydesk");
    let issue = served.get(&format!("{SUPPORT}/issues/1")).await.body;
    has_keys(&issue, ISSUE_KEYS);
    assert_eq!(issue["created_at"], "2026-11-23T09:00:00Z", "whole seconds");
    assert_eq!(issue["performed_via_github_app"], Value::Null);
    let repository = served.get(SUPPORT).await.body;
    has_keys(&repository, REPOSITORY_KEYS);
    let events = served.sandbox.with(|state| state.take_events());
    let last = events.last().expect("an event");
    has_keys(&last.payload, "action issue comment repository organization installation sender");
    assert_eq!(last.payload["installation"]["id"], 77);
    assert_eq!(last.payload["sender"]["type"], "Bot");
    assert_eq!((last.event.as_str(), last.action.as_deref()), ("issue_comment", Some("created")));
    let known: octocrab::models::issues::Issue =
        serde_json::from_value(issue).expect("octocrab reads the issue");
    assert_eq!(known.number, 1);
    serde_json::from_value::<octocrab::models::issues::Comment>(comment.body)
        .expect("octocrab reads the comment");
    serde_json::from_value::<octocrab::models::Repository>(repository)
        .expect("octocrab reads the repository");
}

#[tokio::test]
async fn permission_tells_the_real_role() {
    let served = Served::start().await;
    let of = async |login: &str| {
        served.get(&format!("{SUPPORT}/collaborators/{login}/permission")).await
    };
    let mira = of("mira-maintainer").await.body;
    assert_eq!((&mira["permission"], &mira["role_name"]), (&json!("read"), &json!("triage")));
    assert_eq!(mira["user"]["permissions"]["triage"], true);
    assert_eq!(of("Ben-Bystander").await.body["role_name"], "read");
    assert_eq!(of("nobody-at-all").await.status, 404);
    let bot = of("keydesk%5Bbot%5D").await;
    assert_eq!((bot.status, &bot.body["message"]), (404, &json!("keydesk[bot] is not a user")));
}

#[tokio::test]
async fn lists_come_in_pages_with_links_that_lead_on() {
    let served = Served::start().await;
    for number in 1..=5 {
        served.open(&format!("request {number}"));
        served.sandbox.move_clock(SignedDuration::from_secs(10));
    }
    let list = format!("{SUPPORT}/issues?state=all&per_page=2&sort=created&direction=asc");
    let first = served.get(&list).await;
    assert_eq!(first.body.as_array().map(Vec::len), Some(2));
    let link = first.header("link").to_owned();
    assert!(
        link.contains("rel=\"next\"")
            && link.contains("page=3&per_page=2&sort=created&state=all>; rel=\"last\""),
        "{link}"
    );
    let next = link.split(['<', '>']).nth(1).expect("an address");
    assert!(next.starts_with(&format!("{}/api/v3/repos/acme", served.home)), "{next}");
    let path = next.split_once("/api/v3").expect("our own prefix").1;
    let second = served.get(path).await;
    assert_eq!(second.body[0]["number"], 3);
    assert!(second.header("link").contains("rel=\"prev\""));
    let since = served.get(&format!("{SUPPORT}/issues?since=2026-11-23T09:00:30Z")).await;
    assert_eq!(since.body.as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn files_are_served_as_base64_and_raw() {
    let served = Served::start().await;
    let text = "[desk]\nmode = \"observe\"\n".repeat(5);
    served.sandbox.with(|state| {
        let mut app = state.acting(Actor::App, start());
        app.push_file(&support(), ".github/keydesk.toml", Some(text.as_bytes())).expect("pushed");
        let events = state.take_events();
        let push = &events.last().expect("an event").payload;
        assert_eq!(push["ref"], "refs/heads/main");
        assert_eq!(push["commits"][0]["added"][0], ".github/keydesk.toml");
    });
    let path = format!("{SUPPORT}/contents/.github/keydesk.toml");
    let file = served.get(&path).await.body;
    let encoded = file["content"].as_str().expect("base64").replace('\n', "");
    assert_eq!(STANDARD.decode(encoded).expect("base64"), text.as_bytes());
    let mut raw = served.request(&format!("GET {path}"), &served.token, Value::Null);
    let kind = "application/vnd.github.raw+json".parse().expect("a value");
    raw.headers_mut().insert("accept", kind);
    assert_eq!(served.send(raw).await.expect("an answer").text, text);
    assert_eq!(
        served.get(&format!("{SUPPORT}/contents/.github")).await.body[0]["size"],
        text.len()
    );
    let forms = served.get(&format!("{SUPPORT}/contents/.github/ISSUE_TEMPLATE")).await.body;
    assert_eq!(forms[0]["path"], ".github/ISSUE_TEMPLATE/account-recovery.yml");
    assert_eq!((&forms[0]["type"], &forms[1]), (&"file".into(), &Value::Null));
    assert_eq!(served.get(&format!("{SUPPORT}/contents/nothing")).await.status, 404);
}

/// octocrab over a plain connection: it is built without its own. It would leave the credentials
/// out where a link to the next page names a host, so they stand among the headers.
fn octocrab_of(served: &Served) -> octocrab::Octocrab {
    let base = format!("{}/api/v3", served.home).parse().expect("an address");
    let agent = HeaderValue::from_static("keydesk-tests");
    let token = format!("Bearer {}", served.token).parse().expect("a header");
    let headers = Arc::new(vec![(USER_AGENT, agent), (AUTHORIZATION, token)]);
    octocrab::OctocrabBuilder::new_empty()
        .with_service(Client::builder(TokioExecutor::new()).build_http())
        .with_layer(&BaseUriLayer::new(base))
        .with_layer(&ExtraHeadersLayer::new(headers))
        .with_auth(octocrab::AuthState::None)
        .build()
        .expect("a client")
}

#[tokio::test]
async fn octocrab_takes_it_for_github() {
    let served = Served::start().await;
    served.open("locked out");
    let client = octocrab_of(&served);
    let issues = client.issues("acme", "support");
    for number in 0..3 {
        issues.create_comment(1, format!("hello {number}")).await.expect("a comment");
    }
    issues.add_labels(1, &["lost 2FA".to_owned()]).await.expect("labels");
    let first = issues.list_comments(1).per_page(2).send().await.expect("comments");
    let all = client.all_pages(first).await.expect("all pages");
    assert_eq!(all.len(), 3);
    let events = issues.list_timeline_events(1).send().await.expect("a timeline");
    assert_eq!(events.items.len(), 4);
    let gone = issues.get(99).await.expect_err("no such issue");
    let octocrab::Error::GitHub { source, .. } = gone else { panic!("{gone:?}") };
    assert_eq!((source.status_code.as_u16(), source.message.as_str()), (404, "Not Found"));
}
