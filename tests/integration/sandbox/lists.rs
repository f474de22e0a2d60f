//! Long lists in memory and over the wire: pages, marks, links, and what stands on them.

use jiff::Timestamp;
use keydesk::github::history::{IssueHistory, TimelineJson};
use keydesk::github::payload::{CommentJson, IssueJson};
use keydesk::github::{CallError, Fetched, Page, PageAt};
use keydesk::sandbox::state::{Actor, IssueChange, NewIssue};

use super::calls::{Face, person, status};
use super::served::support;

fn page<T>(fetched: Fetched<T>) -> Page<T> {
    match fetched {
        Fetched::Page(page) => page,
        Fetched::Unchanged => panic!("nothing was known of it"),
    }
}

impl Face {
    async fn issues(&self, at: PageAt<'_>) -> Fetched<IssueJson> {
        self.github.list_issues(&self.repository, None, at).await.expect("a page")
    }

    async fn comments(&self, since: Timestamp, at: PageAt<'_>) -> Fetched<CommentJson> {
        self.github.list_comments(&self.repository, since, at).await.expect("a page")
    }

    async fn timeline(&self) -> Vec<TimelineJson> {
        let at = PageAt::default();
        page(self.github.list_timeline(self.issue(), at).await.expect("a page")).items
    }
}

/// The second in which everything happens.
fn start() -> Timestamp {
    "2026-11-23T09:00:00Z".parse().expect("a time")
}

/// The page a link leads to.
fn after<T>(page: &Page<T>) -> PageAt<'_> {
    PageAt { next: page.next.as_deref(), etag: None }
}

/// The same page again, if it has changed.
fn again<'a, T>(page: &'a Page<T>, next: Option<&'a str>) -> PageAt<'a> {
    PageAt { next, etag: page.etag.as_deref() }
}

#[tokio::test]
async fn all_issues_come_oldest_first_a_hundred_at_a_time() {
    for face in Face::both().await {
        for number in 1..=201 {
            face.served.open(&format!("request {number}"));
        }
        let closed = IssueChange { open: Some(false), ..IssueChange::default() };
        face.act(Actor::App, |app| app.edit_issue(&support().issue(2), closed)).expect("closed");
        let pull =
            NewIssue { title: "code".to_owned(), is_pull_request: true, ..NewIssue::default() };
        face.act(Actor::App, |app| app.create_issue(&support(), pull)).expect("a pull request");
        let first = page(face.issues(PageAt::default()).await);
        let second = page(face.issues(after(&first)).await);
        let third = page(face.issues(after(&second)).await);
        let numbers = |page: &Page<IssueJson>| -> Vec<u64> {
            page.items.iter().map(|issue| issue.numbers().1.0).collect()
        };
        assert_eq!(numbers(&first), (1..=100).collect::<Vec<_>>());
        assert_eq!(numbers(&second), (101..=200).collect::<Vec<_>>());
        assert_eq!(numbers(&third), [201, 202]);
        assert_eq!(third.next, None);
        assert!(third.items[1].is_pull_request() && third.items[1].record().is_none());
        assert!(!first.items[1].record().expect("an issue").is_open);
    }
}

#[tokio::test]
async fn a_page_that_has_not_changed_says_so_and_costs_nothing() {
    for face in Face::both().await {
        for number in 1..=101 {
            face.served.open(&format!("request {number}"));
        }
        let first = page(face.issues(PageAt::default()).await);
        let second = page(face.issues(after(&first)).await);
        let next = first.next.as_deref();
        let budget = face.served.get("/rate_limit").await.body["resources"]["core"]["used"].clone();
        assert!(face.issues(again(&first, None)).await.is_unchanged());
        assert!(face.issues(again(&second, next)).await.is_unchanged());
        let after = face.served.get("/rate_limit").await.body["resources"]["core"]["used"].clone();
        assert_eq!(budget, after);
        face.act(person("ada-locked-out"), |ada| {
            ada.create_comment(&support().issue(101), "any news?").expect("hers")
        });
        assert!(face.issues(again(&first, None)).await.is_unchanged());
        let changed = page(face.issues(again(&second, next)).await);
        assert_ne!(changed.etag, second.etag);
    }
}

#[tokio::test]
async fn the_comments_of_all_issues_come_as_they_were_written() {
    for face in Face::both().await {
        face.served.open("one");
        face.served.open("two");
        let mut ids = Vec::new();
        for turn in 0..101 {
            let place = support().issue(1 + turn % 2);
            let written =
                face.act(person("ada-locked-out"), |ada| ada.create_comment(&place, "hm"));
            ids.push(written.expect("a comment"));
        }
        let first = page(face.comments(start(), PageAt::default()).await);
        let second = page(face.comments(start(), after(&first)).await);
        let seen: Vec<u64> =
            first.items.iter().chain(&second.items).map(|comment| comment.id.0).collect();
        assert_eq!(seen, ids);
        let numbers: Vec<u64> =
            first.items[..3].iter().filter_map(|comment| Some(comment.issue_number()?.0)).collect();
        assert_eq!(numbers, [1, 2, 1]);
        assert!(face.comments(start(), again(&first, None)).await.is_unchanged());
        face.served.sandbox.move_clock(jiff::SignedDuration::from_mins(10));
        let late = face.served.sandbox.now();
        let late = Timestamp::from_second(late.as_second()).expect("a time");
        face.act(person("ada-locked-out"), |ada| {
            ada.edit_comment(&support(), ids[7], "hm, hm").expect("hers")
        });
        let since = page(face.comments(late, PageAt::default()).await);
        assert_eq!(since.items.iter().map(|comment| comment.id.0).collect::<Vec<_>>(), [ids[7]]);
    }
}

#[tokio::test]
async fn a_timeline_tells_what_was_done() {
    for face in Face::both().await {
        face.served.open("locked out");
        let place = support().issue(1);
        face.comment("mira-maintainer", "which project?");
        face.act(person("mira-maintainer"), |mira| {
            mira.add_labels(&place, &["stuck".to_owned()])?;
            mira.remove_label(&place, "stuck")?;
            mira.assign(&place, &["mira-maintainer".to_owned()])?;
            mira.unassign(&place, &["mira-maintainer".to_owned()])?;
            let title =
                IssueChange { title: Some("Locked out".to_owned()), ..IssueChange::default() };
            mira.edit_issue(&place, title)?;
            mira.lock_issue(&place, true)?;
            mira.lock_issue(&place, false)?;
            for open in [false, true] {
                let change = IssueChange { open: Some(open), ..IssueChange::default() };
                mira.edit_issue(&place, change)?;
            }
            Ok::<_, keydesk::sandbox::state::Refusal>(())
        })
        .expect("she may");
        let issue = page(face.issues(PageAt::default()).await).items.remove(0);
        let timeline = face.timeline().await;
        assert_eq!(timeline.len(), 10);
        let history = IssueHistory::new(issue, Vec::new(), timeline).expect("an issue");
        let told: Vec<String> = history
            .deliveries(&face.repository)
            .into_iter()
            .map(|past| past.delivery.action)
            .collect();
        assert_eq!(
            told,
            [
                "opened",
                "labeled",
                "unlabeled",
                "assigned",
                "unassigned",
                "edited",
                "locked",
                "unlocked",
                "created",
                "closed",
                "reopened"
            ]
        );
    }
}

#[tokio::test]
async fn a_repository_is_found_by_name_and_mark() {
    for face in Face::both().await {
        let found = face.github.get_repository("Acme/Support", None).await.expect("an answer");
        let Page { items, etag, next } = page(found);
        assert_eq!((items[0].full_name().as_str(), next), ("acme/support", None));
        assert!(!items[0].is_private);
        assert!(items[0].id.0 > 0);
        let etag = etag.expect("a mark");
        let again = face.github.get_repository("acme/support", Some(&etag)).await;
        assert!(again.expect("an answer").is_unchanged());
        for name in ["acme/nothing", "acme", "acme/../x"] {
            let error = face.github.get_repository(name, None).await.expect_err("not there");
            assert_eq!(status(&error), 404, "{name}");
        }
    }
}

#[tokio::test]
async fn a_link_is_followed_on_no_other_host() {
    for face in Face::both().await {
        face.served.open("locked out");
        for next in ["https://evil.example/repos/acme/support/issues?page=2", "nonsense"] {
            let at = PageAt { next: Some(next), etag: None };
            let answer = face.github.list_issues(&face.repository, None, at).await;
            assert!(matches!(answer, Err(CallError::Refused { .. })), "{next}: {answer:?}");
        }
    }
}
