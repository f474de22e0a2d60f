//! An issue's past, told again as webhooks would have told it.

use keydesk::github::history::{IssueHistory, PastDelivery};
use keydesk::github::payload::{Association, IssueRecord, What};
use keydesk::triage::{Repository, RepositoryId};
use serde_json::{Value, json};

fn repository() -> Repository {
    Repository {
        id: RepositoryId(1),
        owner: "acme".to_owned(),
        name: "support".to_owned(),
        installation: None,
        default_branch: "main".to_owned(),
        is_private: false,
    }
}

fn person(id: u64, login: &str) -> Value {
    json!({"id": id, "login": login, "type": "User"})
}

/// A second of one minute.
fn at(second: u8) -> String {
    format!("2026-03-02T09:00:{second:02}Z")
}

fn comment(id: u64, second: u8, who: (u64, &str, &str)) -> Value {
    json!({"id": id, "user": person(who.0, who.1), "body": format!("word {id}"),
           "author_association": who.2, "created_at": at(second)})
}

fn change(event: &str, (id, second): (u64, u8), more: Value) -> Value {
    let mut entry = json!({"event": event, "id": id, "actor": person(7, "mira"),
                           "created_at": at(second)});
    for (key, value) in more.as_object().expect("an object") {
        entry[key] = value.clone();
    }
    entry
}

/// A closed issue that ends with the label "b".
fn issue() -> Value {
    json!({"id": 17, "number": 3, "title": "new title", "body": "text", "state": "closed",
           "user": person(5, "ada"), "labels": [{"name": "b"}], "assignees": [],
           "html_url": "https://github.com/acme/support/issues/3",
           "author_association": "NONE", "locked": true,
           "created_at": at(0), "updated_at": at(50), "closed_at": at(40)})
}

fn told(line: &Value) -> Vec<PastDelivery> {
    let history = IssueHistory::parse(line.to_string().as_bytes()).expect("it is read");
    history.expect("an issue").deliveries(&repository())
}

fn shown(past: &PastDelivery) -> &IssueRecord {
    match &past.delivery.what {
        What::Issue(issue) | What::IssueLabel(issue, _) | What::Comment(issue, _) => issue,
        What::Policy | What::Labels => panic!("no issue tells that"),
    }
}

/// One line a delivery: when, who did what, and how the issue looked.
fn lines(deliveries: &[PastDelivery]) -> Vec<String> {
    let line = |past: &PastDelivery| {
        let issue = shown(past);
        assert_eq!(issue.updated_at, past.at);
        let sender = past.delivery.sender.as_ref().map_or("nobody", |sender| &sender.login.0);
        let state = if issue.is_open { "open" } else { "closed" };
        let lock = if issue.is_locked { " locked" } else { "" };
        format!(
            "{} {sender} {} -> {state}{lock} {:?} {:?} {:?}",
            &past.at.to_string()[17..19],
            past.guid,
            issue.title,
            issue.labels,
            issue.assignees
        )
    };
    deliveries.iter().map(line).collect()
}

#[test]
fn each_delivery_shows_the_issue_as_it_was_then() {
    let ada =
        change("labeled", (99, 0), json!({"label": {"name": "form"}, "actor": person(5, "ada")}));
    let timeline = [
        ada,
        change("labeled", (100, 1), json!({"label": {"name": "a"}})),
        change("renamed", (101, 2), json!({"rename": {"from": "old title", "to": "new title"}})),
        change("assigned", (102, 3), json!({"assignee": person(7, "mira")})),
        change("cross-referenced", (103, 3), json!({"source": {"type": "issue"}})),
        change("unlabeled", (104, 4), json!({"label": {"name": "a"}})),
        change("unlabeled", (105, 4), json!({"label": {"name": "form"}})),
        change("unassigned", (106, 5), json!({"assignee": person(7, "mira")})),
        change("labeled", (107, 6), json!({"label": {"name": "b"}})),
        change("closed", (108, 7), json!({})),
        change("reopened", (109, 8), json!({"actor": null})),
        change("closed", (110, 9), json!({})),
        change("locked", (111, 9), json!({})),
    ];
    insta::assert_snapshot!(lines(&told(&json!({"issue": issue(), "timeline": timeline}))).join("\n"), @r#"
        00 ada history:opened:17 -> open "old title" ["form"] []
        00 ada history:labeled:99 -> open "old title" ["form"] []
        01 mira history:labeled:100 -> open "old title" ["form", "a"] []
        02 mira history:renamed:101 -> open "new title" ["form", "a"] []
        03 mira history:assigned:102 -> open "new title" ["form", "a"] ["mira"]
        04 mira history:unlabeled:104 -> open "new title" ["form"] ["mira"]
        04 mira history:unlabeled:105 -> open "new title" [] ["mira"]
        05 mira history:unassigned:106 -> open "new title" [] []
        06 mira history:labeled:107 -> open "new title" ["b"] []
        07 mira history:closed:108 -> closed "new title" ["b"] []
        08 nobody history:reopened:109 -> open "new title" ["b"] []
        09 mira history:locked:111 -> open locked "new title" ["b"] []
        09 mira history:closed:110 -> closed locked "new title" ["b"] []
    "#);
}

#[test]
fn a_comment_known_from_both_lists_is_told_once() {
    let ada = (5, "ada", "NONE");
    let mira = (7, "mira", "MEMBER");
    let mut commented = comment(900, 20, mira);
    commented["event"] = "commented".into();
    commented["actor"] = commented["user"].clone();
    let comments = [comment(901, 20, ada), comment(900, 20, mira), comment(899, 10, ada)];
    let line = json!({"issue": issue(), "comments": comments, "timeline": [commented]});
    let deliveries = told(&line);
    insta::assert_snapshot!(lines(&deliveries).join("\n"), @r#"
        00 ada history:opened:17 -> open "new title" ["b"] []
        10 ada history:commented:899 -> open "new title" ["b"] []
        20 mira history:commented:900 -> open "new title" ["b"] []
        20 ada history:commented:901 -> open "new title" ["b"] []
        40 nobody history:closed:17 -> closed locked "new title" ["b"] []
    "#);
    let associations: Vec<_> = deliveries.iter().map(|past| past.association).collect();
    let outsider = Some(Association::Outsider);
    let member = Some(Association::Member);
    assert_eq!(associations, [outsider, outsider, member, outsider, None]);
}

#[test]
fn without_a_timeline_an_issue_is_open_until_it_was_closed() {
    let late = comment(902, 45, (5, "ada", "NONE"));
    let line = json!({"issue": issue(), "comments": [late]});
    insta::assert_snapshot!(lines(&told(&line)).join("\n"), @r#"
        00 ada history:opened:17 -> open "new title" ["b"] []
        40 nobody history:closed:17 -> closed "new title" ["b"] []
        45 ada history:commented:902 -> closed locked "new title" ["b"] []
    "#);
}

#[test]
fn accounts_that_are_gone_and_times_out_of_order_are_borne() {
    let mut orphan = issue();
    orphan["user"] = Value::Null;
    orphan["body"] = Value::Null;
    orphan["created_at"] = at(30).into();
    let mut ghost = comment(903, 10, (5, "ada", "SOMETHING_OF_2031"));
    ghost["user"] = Value::Null;
    let unknown = json!({"event": "an_event_of_2031", "label": 3});
    let unnamed = json!({"event": "labeled", "actor": null, "created_at": at(3), "label": null});
    let line = json!({"issue": orphan, "comments": [ghost], "timeline": [unknown, unnamed]});
    insta::assert_snapshot!(lines(&told(&line)).join("\n"), @r#"
        30 nobody history:opened:17 -> open "new title" ["b"] []
        30 nobody history:commented:903 -> open "new title" ["b"] []
        40 nobody history:closed:17 -> closed locked "new title" ["b"] []
    "#);
}

#[test]
fn a_transfer_is_the_end_only_of_an_issue_that_is_elsewhere() {
    let moved = [change("transferred", (120, 5), json!({}))];
    let here = told(&json!({"issue": issue(), "timeline": moved}));
    assert!(here.iter().all(|past| past.delivery.action != "transferred"));
    let mut elsewhere = issue();
    elsewhere["html_url"] = "https://github.com/acme/attic/issues/9".into();
    let gone = told(&json!({"issue": elsewhere, "timeline": moved}));
    assert!(gone.iter().any(|past| past.delivery.action == "transferred"));
}

#[test]
fn lines_that_are_no_issue_are_refused_and_pull_requests_passed_over() {
    let mut halved = issue();
    halved["state"] = Value::Null;
    for bad in [
        "".to_owned(),
        "not JSON".to_owned(),
        "[]".to_owned(),
        "{}".to_owned(),
        json!({"issue": null}).to_string(),
        json!({"issue": {"number": 3}}).to_string(),
        json!({"issue": halved}).to_string(),
        json!({"issue": issue(), "comments": [{"id": 3}]}).to_string(),
        json!({"issue": issue(), "timeline": [{"event": "labeled"}]}).to_string(),
    ] {
        assert!(IssueHistory::parse(bad.as_bytes()).is_err(), "{bad}");
    }
    let mut pull_request = issue();
    pull_request["pull_request"] = json!({});
    let line = json!({"issue": pull_request}).to_string();
    assert!(IssueHistory::parse(line.as_bytes()).expect("it is read").is_none());
}
