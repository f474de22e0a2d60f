//! What changes do, and which events come of them.

use axum::body::Bytes;
use http::Request;
use http_body_util::Full;
use keydesk::sandbox::state::{Actor, IssueChange, RepositoryName, Role};
use serde_json::{Value, json};

use super::served::{SUPPORT, Served, support};

#[tokio::test]
async fn labels_are_set_once_and_compared_without_case() {
    let served = Served::start().await;
    served.open("locked out");
    served.events();
    let labels = format!("{SUPPORT}/issues/1/labels");
    let set = json!({ "labels": ["Account-Recovery", "lost 2FA"] });
    let first = served.call(&format!("POST {labels}"), set.clone()).await;
    assert_eq!((first.status, first.body.as_array().map(Vec::len)), (200, Some(2)));
    assert_eq!(served.events(), ["issues.labeled", "label.created", "issues.labeled"]);
    served.call(&format!("POST {labels}"), set).await;
    assert!(served.events().is_empty(), "what is set already makes no event");
    let gone = served.call(&format!("DELETE {labels}/lost%202FA"), Value::Null).await;
    assert_eq!((gone.status, served.events()), (200, vec!["issues.unlabeled".to_owned()]));
    let again = served.call(&format!("DELETE {labels}/lost%202FA"), Value::Null).await;
    assert_eq!((again.status, &again.body["message"]), (404, &json!("Label does not exist")));
    let twice = served.call(&format!("POST {SUPPORT}/labels"), json!({ "name": "LOST 2fa" })).await;
    assert_eq!((twice.status, &twice.body["errors"][0]["code"]), (422, &json!("already_exists")));
    let colour = json!({ "new_name": "lost second factor", "color": "C0FFEE" });
    let edited = served.call(&format!("PATCH {SUPPORT}/labels/lost%202FA"), colour).await;
    assert_eq!(edited.body["color"], "c0ffee");
    served.call(&format!("PUT {labels}"), json!(["lost second factor"])).await;
    assert_eq!(served.events(), ["label.edited", "issues.unlabeled", "issues.labeled"]);
}

#[tokio::test]
async fn every_change_has_its_event() {
    let served = Served::start().await;
    let now = served.sandbox.now();
    served.open("locked out");
    served.events();
    let person = |login: &str| Actor::Person(login.to_owned());
    let place = support().issue(1);
    let elsewhere = RepositoryName::new("acme", "other");
    served.sandbox.with(|state| {
        let mut app = state.acting(Actor::App, now);
        app.create_repository(&elsewhere);
        app.give_role(&support(), "root", Role::Admin).expect("a role");
        app.give_role(&elsewhere, "root", Role::Admin).expect("a role");
        let mut ada = state.acting(person("ada-locked-out"), now);
        let close = IssueChange { open: Some(false), ..IssueChange::default() };
        let open = IssueChange { open: Some(true), ..IssueChange::default() };
        ada.edit_issue(&place, close).expect("closed");
        ada.edit_issue(&place, open).expect("open");
        let labels = IssueChange { labels: Some(vec![]), ..IssueChange::default() };
        assert_eq!(ada.edit_issue(&place, labels).expect_err("no role").status, 403);
        let id = ada.create_comment(&place, "hi").expect("a comment");
        ada.edit_comment(&support(), id, "hello").expect("edited");
        ada.delete_comment(&support(), id).expect("deleted");
        let mut root = state.acting(person("root"), now);
        root.assign(&place, &["mira-maintainer".to_owned(), "nobody".to_owned()])
            .expect("assigned");
        root.lock_issue(&place, true).expect("locked");
        let moved = root.transfer_issue(&place, &elsewhere).expect("moved");
        root.delete_issue(&moved).expect("deleted");
        root.push_file(&support(), ".github/keydesk.toml", Some(b"[desk]")).expect("pushed");
        root.install_app(&support(), false).expect("taken off");
    });
    let expected = "issues.closed issues.reopened issue_comment.created issue_comment.edited \
        issue_comment.deleted issues.assigned issues.locked issues.transferred issues.opened \
        issues.deleted push installation_repositories.removed";
    assert_eq!(served.events(), expected.split_whitespace().collect::<Vec<_>>());
}

#[tokio::test]
async fn reactions_are_new_once_and_the_timeline_tells_it_all() {
    let served = Served::start().await;
    served.open("locked out");
    let comment =
        served.call(&format!("POST {SUPPORT}/issues/1/comments"), json!({ "body": "hello" })).await;
    let react = format!("POST {SUPPORT}/issues/comments/{}/reactions", comment.body["id"]);
    assert_eq!(served.call(&react, json!({ "content": "eyes" })).await.status, 201);
    assert_eq!(served.call(&react, json!({ "content": "eyes" })).await.status, 200);
    assert_eq!(served.call(&react, json!({ "content": "wave" })).await.status, 422);
    let close = json!({ "state": "closed", "state_reason": "not_planned", "title": "closed out" });
    served.call(&format!("PATCH {SUPPORT}/issues/1"), close).await;
    let timeline = served.get(&format!("{SUPPORT}/issues/1/timeline")).await.body;
    let names: Vec<&str> =
        timeline.as_array().expect("a list").iter().filter_map(|it| it["event"].as_str()).collect();
    assert_eq!(names, ["commented", "renamed", "closed"]);
    assert_eq!(timeline[2]["state_reason"], "not_planned");
}

/// Presses a button of the demo's pages as somebody, and tells status and where it leads.
async fn press(served: &Served, person: &str, path: &str, fields: &'static str) -> (u16, String) {
    let request = Request::post(format!("{}/github{path}", served.home))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("cookie", format!("other=1; keydesk-demo-person={person}"))
        .body(Full::new(Bytes::from(fields)))
        .expect("a request");
    let answer = served.send(request).await.expect("an answer");
    (answer.status, answer.header("location").to_owned())
}

#[tokio::test]
async fn buttons_do_what_the_person_one_plays_may_do() {
    let served = Served::start().await;
    served.open("locked out");
    served.events();
    let issue = "/acme/support/issues/1";
    let mira = "mira-maintainer";
    let back = format!("/github{issue}?watch=4");
    let to_end = (303, format!("{back}&at=end#end"));
    let comments = format!("{issue}/comments");
    assert_eq!(press(&served, mira, &comments, "text=%2Fhelp&to=completed").await, to_end);
    assert_eq!(served.events(), ["issue_comment.created", "issues.closed"]);
    let labels = format!("{issue}/labels");
    let set = "label=account-recovery&new=escalated";
    assert_eq!(press(&served, mira, &labels, set).await, (303, back.clone()));
    assert_eq!(served.events(), ["issues.labeled", "label.created", "issues.labeled"]);
    assert_eq!(press(&served, "ben-bystander", &labels, set).await.0, 403);
    assert_eq!(press(&served, "ben-bystander", &comments, "text=&to=open").await.0, 403);
    let body = format!("{issue}/body");
    assert_eq!(press(&served, "ada-locked-out", &body, "text=more&title=").await, (303, back));
    assert_eq!(served.events(), ["issues.edited"]);
    let leads = press(&served, mira, "/person", "login=ben-bystander&back=//evil.example").await;
    assert_eq!(leads, (303, "/github".to_owned()));
}

#[tokio::test]
async fn moving_the_clock_is_told_to_whoever_listens() {
    let served = Served::start().await;
    let (time, mut jumps) = (served.sandbox.clock().as_function(), served.sandbox.clock().jumps());
    let before = time();
    let led = press(&served, "ada-locked-out", "/clock", "by=week&back=/github/deliveries").await;
    assert_eq!(led, (303, "/github/deliveries?watch=4".to_owned()));
    jumps.changed().await.expect("a jump");
    assert_eq!(time().duration_since(before).as_hours(), 7 * 24);
    assert_eq!(press(&served, "ada-locked-out", "/clock", "by=year").await.0, 422);
}

#[tokio::test]
async fn the_form_becomes_the_markdown_github_makes() {
    let served = Served::start().await;
    let fields = "title=&username=&reason=Lost+my+phone%0D%0Aand+more&codes_lost=on&patience=on";
    let request = Request::post(format!("{}/github/acme/support/issues/new", served.home))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Full::new(Bytes::from(fields)))
        .expect("a request");
    let filed = served.send(request).await.expect("an answer");
    assert_eq!(
        (filed.status, filed.header("location")),
        (303, "/github/acme/support/issues/1?watch=4")
    );
    let issue = served.get(&format!("{SUPPORT}/issues/1")).await.body;
    assert_eq!(issue["user"]["login"], "ada-locked-out");
    assert_eq!(issue["labels"][0]["name"], "account-recovery");
    insta::assert_snapshot!(issue["body"].as_str().expect("a body"), @r"
    ### PyPI Username

    _No response_

    ### Reason for request

    Lost my phone
    and more

    ### Recovery Codes

    - [x] I never generated or have lost access to the recovery codes for my account

    ### Code of Conduct

    - [ ] I agree to follow the PSF Code of Conduct

    ### Acknowledgement

    - [x] I understand that it may take a significant amount of time to process my account recovery request.
    ");
    let page = Request::get(format!("{}/github/acme/support/issues/1?watch=2", served.home))
        .body(Full::default())
        .expect("a request");
    let page = served.send(page).await.expect("an answer");
    assert!(page.header("content-security-policy").contains("default-src 'none'"));
    assert!(page.text.contains("http-equiv=\"refresh\""), "{}", page.text);
    assert!(page.text.contains("?watch=1\""), "{}", page.text);
}
