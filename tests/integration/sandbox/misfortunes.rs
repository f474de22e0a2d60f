//! What goes wrong around a conversation: lost permissions, limits, locks, people who leave.

use std::time::Duration;

use http::Request;
use http_body_util::Full;
use keydesk::github::CallError;
use keydesk::github::payload::parse_delivery;
use keydesk::policy::{LabelLooks, Role};
use keydesk::sandbox::faults::{Fault, FaultKind, Moment};
use keydesk::sandbox::state::{Actor, IssueChange, Permission, Remains};
use keydesk::triage::{Login, Reaction};
use serde_json::{Value, json};

use super::calls::{Face, person, status};
use super::served::{SUPPORT, Served, support};

#[tokio::test]
async fn without_issues_write_nothing_is_written() {
    for face in Face::both().await {
        face.served.open("locked out");
        let id = face.comment("ada-locked-out", "hello");
        let node_id = face.record(id).await.expect("readable").node_id;
        let set = |lacks: bool| {
            face.served.sandbox.with(|state| match lacks {
                true => drop(state.settings.lacking.insert(Permission::IssuesWrite)),
                false => drop(state.settings.lacking.remove(&Permission::IssuesWrite)),
            });
        };
        set(true);
        let (github, repository, issue) = (&face.github, &face.repository, face.issue());
        let looks = LabelLooks { color: "c0ffee".to_owned(), description: String::new() };
        let refused = [
            github.create_comment(issue, "hi").await.map(drop),
            github.put_comment(repository, id, "hi").await.map(drop),
            github.put_comment_hidden(repository, &node_id, true).await,
            github.put_issue_text(issue, None, Some("text")).await,
            github.put_issue_labels(issue, &["account-recovery".to_owned()]).await,
            github.put_label(repository, "new", &looks).await,
            github.put_assignee(issue, "mira-maintainer").await.map(drop),
            github.put_unassigned(issue, "mira-maintainer").await,
            github.put_issue_state(issue, None).await,
            github.put_reaction(repository, id, Reaction::ThumbsUp).await,
        ];
        for (index, refused) in refused.into_iter().enumerate() {
            let message = "Resource not accessible by integration".to_owned();
            let wanted = CallError::Refused { status: 403, message };
            assert_eq!(refused, Err(wanted), "call {index}");
        }
        assert!(face.github.find_issue(face.issue()).await.expect("readable").is_some());
        set(false);
        face.github.create_comment(face.issue(), "hi").await.expect("allowed again");
    }
}

#[tokio::test]
async fn without_contents_read_no_file_is_seen() {
    for face in Face::both().await {
        face.served.sandbox.with(|state| state.settings.lacking.insert(Permission::ContentsRead));
        let file = face.github.find_file(&face.repository, ".github/keydesk.toml").await;
        assert_eq!(status(&file.expect_err("refused")), 403);
        let folder = face.github.get_folder(&face.repository, ".github/ISSUE_TEMPLATE").await;
        assert_eq!(status(&folder.expect_err("refused")), 403);
    }
}

#[tokio::test]
async fn hiding_fails_as_other_calls_do() {
    let [_, face] = Face::both().await;
    face.served.open("locked out");
    let id = face.comment("ben-bystander", "write to my friend");
    let node_id = face.record(id).await.expect("readable").node_id;
    let hide = || face.github.put_comment_hidden(&face.repository, &node_id, true);
    let plan = |kind| {
        let fault = Fault::once("POST /graphql", kind);
        face.served.sandbox.with(|state| state.faults.add(fault));
    };
    plan(FaultKind::Close(Moment::After));
    assert!(matches!(hide().await, Err(CallError::Unclear(_))));
    assert!(face.kept(id).is_minimized, "it was done all the same");
    plan(FaultKind::Status(502, Moment::Before));
    assert!(matches!(hide().await, Err(CallError::Unclear(_))));
    plan(FaultKind::SecondaryLimit(7));
    assert_eq!(hide().await, Err(CallError::Limited { after: Duration::from_secs(7) }));
    face.served.sandbox.with(|state| state.settings.requests_per_hour = 1);
    let Err(CallError::Limited { after }) = hide().await else { panic!("200 with RATE_LIMITED") };
    assert!(after > Duration::from_secs(3_000), "until the hour is over: {after:?}");
}

#[tokio::test]
async fn what_graphql_does_not_know_it_says() {
    let served = Served::start().await;
    let ask = async |body: Value| {
        let mut request = served.request("POST /x", &served.token, body);
        *request.uri_mut() = format!("{}/api/graphql", served.home).parse().expect("an address");
        served.send(request).await.expect("an answer")
    };
    let code = |body: &Value| body["errors"][0]["extensions"]["code"].clone();
    let other = ask(json!({ "query": "{ viewer { login } }" })).await;
    assert_eq!((other.status, code(&other.body)), (200, json!("undefinedField")));
    let query =
        "mutation { minimizeComment(input: {subjectId: \"IC_1\", classifier: SPAM}) { x } }";
    let literal = ask(json!({ "query": query })).await.body;
    assert_eq!(code(&literal), "variableMismatch", "values come by variables");
    let below = served.call("POST /graphql", json!({ "query": "{ x }" })).await;
    assert_eq!(below.status, 200, "below the base too");
}

#[tokio::test]
async fn a_locked_issue_takes_no_comment_of_the_app() {
    for face in Face::both().await {
        face.served.open("locked out");
        face.act(person("mira-maintainer"), |it| it.lock_issue(&support().issue(1), true))
            .expect("locked");
        let refused = face.github.create_comment(face.issue(), "hi").await.expect_err("locked");
        let message = "Unable to create comment because issue is locked.".to_owned();
        assert_eq!(refused, CallError::Refused { status: 403, message });
    }
}

#[tokio::test]
async fn people_leave_and_what_they_wrote_stays() {
    for (face, remains) in Face::both().await.into_iter().zip([Remains::Nobody, Remains::Ghost]) {
        face.served.open("locked out");
        let id = face.comment("ada-locked-out", "hello");
        face.served.sandbox.with(|state| state.delete_user("Ada-Locked-Out", remains));
        let name = |author: Option<keydesk::triage::Person>| author.map(|author| author.login.0);
        let wanted = (remains == Remains::Ghost).then(|| "ghost".to_owned());
        let record = face.record(id).await.expect("it stays");
        assert_eq!(name(record.author), wanted);
        let issue = face.github.find_issue(face.issue()).await.expect("an answer").expect("one");
        assert_eq!(name(issue.author), wanted);
        let login = Login("ada-locked-out".to_owned());
        let role = face.github.get_role(&face.repository, &login).await.expect("an answer");
        assert_eq!(role, Role::None);
        face.served.events();
        face.comment("mira-maintainer", "are you there?");
        let events = face.served.sandbox.with(|state| state.take_events());
        let shown = &events[0].payload["issue"]["user"]["login"];
        assert_eq!(shown.as_str(), wanted.as_deref());
    }
}

/// What an edit took away comes back in `changes`; it must not reach the store.
#[tokio::test]
async fn nothing_of_what_was_there_before_is_kept() {
    let served = Served::start().await;
    let place = support().issue(served.open("hunter2 in the title"));
    let now = served.sandbox.now();
    let events = served.sandbox.with(|state| {
        let mut ada = state.acting(person("ada-locked-out"), now);
        let id = ada.create_comment(&place, "hunter2 in a comment").expect("a comment");
        let text = |body: &str| IssueChange { body: Some(body.to_owned()), ..Default::default() };
        ada.edit_issue(&place, text("hunter2 in the text")).expect("edited");
        state.take_events();
        let mut app = state.acting(Actor::App, now);
        let title = Some("blank".to_owned());
        app.edit_issue(&place, IssueChange { title, ..text("blank") }).expect("blanked");
        app.edit_comment(&support(), id, "blank").expect("blanked");
        state.take_events()
    });
    assert_eq!(events.len(), 2);
    for event in events {
        let sent = event.payload.to_string();
        assert!(sent.contains("hunter2") && sent.contains("changes"), "GitHub sends it along");
        let kept =
            parse_delivery(&event.event, sent.as_bytes()).expect("readable").expect("of use");
        assert_eq!(kept.sender.as_ref().expect("somebody").login.0, "keydesk[bot]");
        let kept = serde_json::to_string(&kept).expect("JSON");
        assert!(!kept.contains("hunter2") && !kept.contains("changes"), "{kept}");
    }
}

#[tokio::test]
async fn a_hidden_comment_is_folded_on_the_page() {
    let [face, _] = Face::both().await;
    face.served.open("locked out");
    let id = face.comment("ben-bystander", "write to my friend");
    let page = async || {
        let address = format!("{}/github/acme/support/issues/1", face.served.home);
        let request = Request::get(address).body(Full::default()).expect("a request");
        face.served.send(request).await.expect("an answer").text
    };
    assert!(!page().await.contains("marked as spam"));
    let node_id = face.record(id).await.expect("readable").node_id;
    face.github.put_comment_hidden(&face.repository, &node_id, true).await.expect("hidden");
    assert!(page().await.contains("marked as spam"));
    let shown = face.served.get(&format!("{SUPPORT}/issues/comments/{}", id.0)).await;
    assert_eq!(shown.body["node_id"], node_id);
}
