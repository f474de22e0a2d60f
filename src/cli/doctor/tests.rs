//! Verdicts in a table: what is seen, and what is said of it.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::finding::Finding;
use super::reachability::Reply;
use super::*;
use crate::github::SentWebhook;
use crate::github::checkup::Introduction;
use crate::store::{Examined, StoreError, Trouble};
use crate::triage::RepositoryId;

fn told(findings: impl IntoIterator<Item = Finding>) -> String {
    findings.into_iter().map(|finding| finding.text()).collect()
}

#[test]
fn a_clock_may_be_half_a_minute_off() {
    let now = Timestamp::UNIX_EPOCH;
    let at = |seconds| clock::judge(Some(now - SignedDuration::from_secs(seconds)), (now, now));
    let far = told([at(0), at(-30), at(31), at(-61)]);
    insta::assert_snapshot!(far, @"");
    let slow = now + SignedDuration::from_secs(80);
    let between = clock::judge(Some(now + SignedDuration::from_secs(40)), (now, slow));
    assert_eq!(between.verdict, Verdict::Ok, "the answer took long, and the clock is right");
    insta::assert_snapshot!(told([clock::judge(None, (now, now))]), @"");
}

#[test]
fn refused_credentials_are_told_apart() {
    let refused = |account, status| {
        let introduction = Introduction { account, status, date: None, scopes: None };
        told(credentials::judge(&introduction))
    };
    let unreachable = || CallError::Unreachable("no connection".to_owned());
    let missing = || CallError::Refused { status: 404, message: "Not Found".to_owned() };
    let all = [
        refused(Err(unreachable()), None),
        refused(Err(missing()), Some(404)),
        refused(Err(CallError::Limited { after: std::time::Duration::from_secs(60) }), None),
    ];
    insta::assert_snapshot!(all.concat(), @"");
    let token = |scopes: &str| {
        let scopes = Some(scopes.to_owned());
        let account = Ok(Account::Person("mira".to_owned()));
        told(credentials::judge(&Introduction { account, status: Some(200), date: None, scopes }))
    };
    insta::assert_snapshot!([token(""), token("gist, public_repo"), token("gist")].concat(), @"");
}

#[test]
fn deliveries_count_by_their_last_attempt() {
    let attempt = |guid: &str, status_code| SentWebhook {
        id: 1,
        guid: guid.to_owned(),
        delivered_at: Timestamp::UNIX_EPOCH,
        event: "issues".to_owned(),
        action: None,
        status_code,
        installation_id: None,
        repository_id: None,
    };
    let logs = [
        vec![],
        vec![attempt("b", 202), attempt("a", 202), attempt("a", 502)],
        vec![attempt("b", 202), attempt("a", 502)],
        vec![attempt("b", 401), attempt("a", 202)],
        vec![attempt("b", 404)],
        vec![attempt("b", 503)],
        vec![attempt("b", 0)],
        vec![attempt("b", 302)],
        vec![attempt("b", 413)],
    ];
    insta::assert_snapshot!(told(logs.iter().map(|log| deliveries::judge(log))), @"");
}

#[test]
fn a_database_is_told_by_what_it_needs() {
    let whole = Examined {
        name: "desk.db".to_owned(),
        version: Some(10),
        newest: 10,
        is_too_new: false,
        bytes: 5_600_000,
        bytes_free: Some(12_000_000_000),
    };
    let seen = [
        whole.clone(),
        Examined { bytes_free: Some(50_000_000), ..whole.clone() },
        Examined { version: None, bytes_free: None, ..whole.clone() },
        Examined { version: Some(8), bytes_free: None, ..whole.clone() },
        Examined { version: Some(11), is_too_new: true, bytes_free: None, ..whole },
    ];
    insta::assert_snapshot!(told(seen.iter().flat_map(|seen| database::judge(Ok(seen)))), @"");
    let what = "desk.db: database or disk is full".to_owned();
    let full = StoreError::Troubled { trouble: Trouble::Full, what };
    insta::assert_snapshot!(told(database::judge(Err(&full))), @"");
}

#[test]
fn a_public_address_must_lead_to_the_desk() {
    let reply = |status, location: Option<&str>, body: &str| {
        let location = location.map(str::to_owned);
        Ok(Reply { status, location, body: body.to_owned() })
    };
    let replies = [
        reply(200, None, "alive\n"),
        reply(200, None, "<h1>It works!</h1>"),
        reply(301, Some("https://desk.example/healthz"), ""),
        reply(502, None, "Bad Gateway"),
        Err("no connection".to_owned()),
    ];
    let told = told(replies.iter().map(|reply| reachability::judge("http://desk.example", reply)));
    insta::assert_snapshot!(told, @"");
}

#[test]
fn an_app_asks_for_what_is_needed_and_is_installed_somewhere() {
    let granted = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        pairs.iter().map(|(name, level)| ((*name).to_owned(), (*level).to_owned())).collect()
    };
    let app = |permissions, events: &[&str]| AppFacts {
        id: 7,
        slug: "keydesk".to_owned(),
        html_url: "https://github.com/apps/keydesk".to_owned(),
        permissions,
        events: events.iter().map(|event| (*event).to_owned()).collect(),
    };
    let all = ["issues", "issue_comment", "push", "label", "repository"];
    let more = granted(&[
        ("issues", "write"),
        ("metadata", "read"),
        ("contents", "write"),
        ("administration", "write"),
    ]);
    insta::assert_snapshot!(told(permissions::judge(&app(more, &all))), @"");
    let less = app(granted(&[("issues", "read")]), &["issues"]);
    insta::assert_snapshot!(told(permissions::judge(&less)), @"");
    insta::assert_snapshot!(told(installations::judge(&less, &[])), @"");
    let repository = |name: &str, archived, has_issues| RepositoryFacts {
        id: RepositoryId(1),
        full_name: name.to_owned(),
        archived,
        has_issues,
    };
    let installation: InstallationFacts = serde_json::from_value(json!({
        "id": 77, "account": {"login": "acme"}, "permissions": {}, "suspended_at": null,
        "html_url": "https://github.com/settings/installations/77",
    }))
    .expect("an installation");
    let seen = [
        installations::judge_one(&installation),
        installations::judge_repositories(&installation, &[]),
        installations::judge_repositories(
            &installation,
            &[repository("acme/old", true, true), repository("acme/web", false, false)],
        ),
    ];
    insta::assert_snapshot!(told(seen.concat()), @"");
}
