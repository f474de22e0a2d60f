//! Verdicts in a table: what is seen, and what is said of it.

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
    insta::assert_snapshot!(far, @"
    ok     clock: within 1 s of GitHub's
    ok     clock: within 30 s of GitHub's
    FAULT  clock: it is 31 s ahead of GitHub's
           help: set it by NTP, such as `timedatectl set-ntp true`; with PostgreSQL it is the clock of the server
    FAULT  clock: it is 61 s behind GitHub's: GitHub refuses an App's tokens then
           help: set it by NTP, such as `timedatectl set-ntp true`; with PostgreSQL it is the clock of the server
    ");
    let slow = now + SignedDuration::from_secs(80);
    let between = clock::judge(Some(now + SignedDuration::from_secs(40)), (now, slow));
    assert_eq!(between.verdict, Verdict::Ok, "the answer took long, and the clock is right");
    insta::assert_snapshot!(told([clock::judge(None, (now, now))]), @"note   clock: not compared with GitHub's, which did not answer");
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
    insta::assert_snapshot!(all.concat(), @"
    FAULT  credentials: GitHub could not be reached: no connection
           help: is GITHUB_API_URL right, and may this machine reach it (DNS, port 443, a firewall)?
    FAULT  credentials: GitHub refused with 404: Not Found
           help: does GITHUB_API_URL name the API, such as https://api.github.com?
    FAULT  credentials: GitHub asks to wait 60 s
           help: ask again then
    ");
    let token = |scopes: &str| {
        let scopes = Some(scopes.to_owned());
        let account = Ok(Account::Person("mira".to_owned()));
        told(credentials::judge(&Introduction { account, status: Some(200), date: None, scopes }))
    };
    insta::assert_snapshot!([token(""), token("gist, public_repo"), token("gist")].concat(), @"
    ok     credentials: a token of @mira
    ok     credentials: a token of @mira
    ok     credentials: a token of @mira
    FAULT  credentials: the token has only the scopes gist
           help: make one with the scope `public_repo`, or `repo` for private repositories
    ");
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
    insta::assert_snapshot!(told(logs.iter().map(|log| deliveries::judge(log))), @"
    note   deliveries: GitHub has sent nothing in the last three days
    ok     deliveries: the last 2 arrived
    note   deliveries: 1 of the last 2 did not arrive, but the newest did; the sweep takes in what they told
    FAULT  deliveries: 1 of the last 2 did not arrive; the newest, issues, ended with 401
           help: set the App's webhook secret and GITHUB_WEBHOOK_SECRET to the same text
    FAULT  deliveries: 1 of the last 1 did not arrive; the newest, issues, ended with 404
           help: the App's webhook must lead to /webhooks/github of the desk
    FAULT  deliveries: 1 of the last 1 did not arrive; the newest, issues, ended with 503
           help: the desk could not store it: see what is said of the database
    FAULT  deliveries: 1 of the last 1 did not arrive; the newest, issues, ended with 0
           help: is `keydesk serve` running, and can GitHub reach it (name, certificate, port)? What did not arrive is taken in by the sweep once it can
    FAULT  deliveries: 1 of the last 1 did not arrive; the newest, issues, ended with 302
           help: GitHub does not follow a redirection: set the webhook to where it leads
    FAULT  deliveries: 1 of the last 1 did not arrive; the newest, issues, ended with 413
           help: look at the delivery on the App's settings page under Advanced
    ");
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
    insta::assert_snapshot!(told(seen.iter().flat_map(|seen| database::judge(Ok(seen)))), @"
    ok     database: desk.db can be written, is up to date (migration 10), and has 5 MB
    ok     database: 12 GB free on its disk
    ok     database: desk.db can be written, is up to date (migration 10), and has 5 MB
    FAULT  database: only 50 MB free on its disk
           help: make room; when the disk is full nothing more is taken in
    note   database: desk.db is not there yet; `keydesk serve` makes it
    note   database: desk.db is of migration 8, and 10 is the newest; `keydesk serve` brings it up to date when it starts
    FAULT  database: desk.db was written by a newer keydesk
           help: start that version here too
    ");
    let what = "desk.db: database or disk is full".to_owned();
    let full = StoreError::Troubled { trouble: Trouble::Full, what };
    insta::assert_snapshot!(told(database::judge(Err(&full))), @"
    FAULT  database: desk.db: database or disk is full
           help: make room on the disk; keydesk goes on by itself then
    ");
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
    insta::assert_snapshot!(told, @"
    ok     public address: http://desk.example answers
    FAULT  public address: http://desk.example: something else than keydesk answers
           help: does the name lead to this machine, and the proxy to the port of LISTEN?
    FAULT  public address: http://desk.example: it leads on to https://desk.example/healthz, which GitHub does not follow
           help: set KEYDESK_PUBLIC_URL and the App's webhook to the address at the end
    FAULT  public address: http://desk.example: it answers 502
           help: is `keydesk serve` running, and does the proxy lead to the port of LISTEN?
    FAULT  public address: http://desk.example: no connection
           help: is `keydesk serve` running, does the name lead here, is the certificate good, and is the port open? Some networks cannot reach their own public address from inside; then ask from elsewhere
    ");
}

fn app(permissions: &[(&str, &str)], events: &[&str]) -> AppFacts {
    let granted = permissions.iter();
    AppFacts {
        id: 7,
        slug: "keydesk".to_owned(),
        html_url: "https://github.com/apps/keydesk".to_owned(),
        permissions: granted.map(|(name, level)| ((*name).into(), (*level).into())).collect(),
        events: events.iter().map(|event| (*event).to_owned()).collect(),
    }
}

#[test]
fn an_app_asks_for_what_is_needed() {
    let all = ["issues", "issue_comment", "push", "label", "repository"];
    let more = [
        ("issues", "write"),
        ("metadata", "read"),
        ("contents", "write"),
        ("administration", "write"),
    ];
    let more = app(&more, &all);
    insta::assert_snapshot!(told(permissions::judge(&more)), @"
    ok     permissions: all that are needed
    note   permissions: not needed: `administration: write`
    ok     events: all that are needed
    ");
    let less = app(&[("issues", "read")], &["issues"]);
    insta::assert_snapshot!(told(permissions::judge(&less)), @"
    FAULT  permissions: the App lacks the permission `issues: write`, it has `read`
           help: add it on the App's settings page under Permissions & events, and accept it where the App is installed
    FAULT  permissions: the App lacks the permission `metadata: read`
           help: add it on the App's settings page under Permissions & events, and accept it where the App is installed
    FAULT  permissions: the App lacks the permission `contents: read`
           help: add it on the App's settings page under Permissions & events, and accept it where the App is installed
    FAULT  events: the App is not told of `issue_comment`, `push`, `label`, `repository`
           help: tick them on the App's settings page under Permissions & events, Subscribe to events
    ");
}

#[test]
fn an_app_is_installed_somewhere() {
    let app = app(&[], &[]);
    insta::assert_snapshot!(told(installations::judge(&app, &[])), @"
    FAULT  installations: the App is installed nowhere
           help: install it by https://github.com/apps/keydesk/installations/new
    ");
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
    insta::assert_snapshot!(told(seen.concat()), @"
    FAULT  installations: acme has not granted the permission `issues: write`
           help: have the App's new permissions accepted at https://github.com/settings/installations/77
    FAULT  installations: acme has not granted the permission `metadata: read`
           help: have the App's new permissions accepted at https://github.com/settings/installations/77
    FAULT  installations: acme has not granted the permission `contents: read`
           help: have the App's new permissions accepted at https://github.com/settings/installations/77
    FAULT  installations: acme: no repository
           help: choose a repository at https://github.com/settings/installations/77
    ok     installations: acme: 2 repositories (acme/old, acme/web)
    note   installations: acme/old is archived: nothing can be written
    note   installations: acme/web has its issues switched off
    ");
}
