//! The queue: order, filters, pages.

use jiff::SignedDuration;

use super::browser::{Answer, encoded};
use super::desk::{ADA, Desk, Door, MIRA, request};

/// Titles of the rows, in their order.
fn titles(page: &Answer) -> Vec<String> {
    let rows = page.text.split("class=\"what\"").skip(1);
    let title = |row: &str| {
        let link = row.split("</a>").next()?;
        Some(link.rsplit('>').next()?.to_owned())
    };
    rows.filter_map(title).collect()
}

async fn tracker_of_six() -> Desk {
    let desk = Desk::open().await;
    desk.file("One", &request("ada", "I lost my phone.")).await;
    desk.file("Two", &request("grace", "I no longer have access to my old mailbox.")).await;
    desk.file("Three", &request("hopper", "I forgot my password.")).await;
    desk.file("Four", &request("ada", "I lost my phone.")).await;
    let secret = "My phone is lost, and the recovery code 4f0d9a7c2b6e8135 is refused.";
    desk.file("Five", &request("lovelace", secret)).await;
    desk.file("Six", &request("turing", "I lost my phone.")).await;
    desk.says(MIRA, 2, "/ask-address").await;
    desk.says(
        ADA,
        2,
        "Done, the branch is at https://github.com/ada-locked-out/left-pad/tree/0f9e8d7c6b5a4938",
    )
    .await;
    desk.says(MIRA, 3, "/need the name of one project").await;
    desk.says(MIRA, 6, "/initiated").await;
    desk.says(MIRA, 4, "/snooze 3 days").await;
    desk.says(MIRA, 1, "/escalate").await;
    desk
}

#[tokio::test]
async fn it_stands_in_the_order_in_which_people_wait() {
    let desk = tracker_of_six().await;
    let mut mira = desk.signed_in(MIRA).await;
    let queue = mira.get("/").await;
    // Our turn first, and of it the oldest: two came back to us later than the others.
    assert_eq!(titles(&queue), ["One", "Four", "Five", "Two", "Three", "Six"]);
    let words = queue.words();
    assert!(words.contains("6 All open") && words.contains("4 Waiting for us"), "{words}");
    assert!(words.contains("2 Waiting for them"), "{words}");
    desk.wait(SignedDuration::from_hours(50));
    let queue = mira.sign_in(MIRA).await;
    assert!(queue.text.contains("datetime=\"2026-11-23T09:01:00Z\""), "{}", queue.text);
    assert!(queue.words().contains("2 days"), "{}", queue.words());
}

#[tokio::test]
async fn each_filter_shows_what_it_says() {
    let desk = tracker_of_six().await;
    let mut mira = desk.signed_in(MIRA).await;
    let rows: &[(&str, &[&str])] = &[
        ("turn=maintainers", &["One", "Four", "Five", "Two"]),
        ("turn=requester", &["Three", "Six"]),
        ("turn=nobody", &[]),
        ("reason=lost_email", &["Two"]),
        ("reason=forgot_password", &["Three"]),
        ("reason=compromised", &[]),
        ("stage=recovering", &["Six"]),
        ("stage=filed&turn=maintainers", &["One", "Four", "Five"]),
        ("flag=escalated", &["One"]),
        ("flag=snoozed", &["Four"]),
        ("flag=mailed", &["Two"]),
        ("flag=secret", &["Five"]),
        ("flag=branch", &["Two"]),
        ("flag=stuck", &[]),
        ("flag=overdue", &[]),
        ("flag=duplicate&reason=lost_email", &["Two"]),
        ("repository=acme/support&q=one", &["One"]),
        ("repository=acme/other", &[]),
        ("q=%235", &["Five"]),
        ("q=5", &["Five"]),
        ("q=GRACE", &["Two"]),
        ("q=%40ada-locked-out&flag=snoozed", &["Four"]),
        ("q=nothing+of+the+kind", &[]),
        ("turn=x&reason=x&stage=x&flag=x&after=x", &["One", "Four", "Five", "Two", "Three", "Six"]),
    ];
    for (query, wanted) in rows {
        let page = mira.get(&format!("/?{query}")).await;
        assert_eq!(page.status, 200, "{query}");
        assert_eq!(titles(&page), *wanted, "{query}");
    }
    let page = mira.get("/?turn=requester&flag=duplicate&q=e").await;
    for mark in ["value=\"requester\"", "value=\"duplicate\" selected", "name=\"q\" value=\"e\""] {
        assert!(page.text.contains(mark), "the form keeps what was chosen: {mark}");
    }
}

#[tokio::test]
async fn long_queues_are_turned_over_by_the_place_of_the_last_row() {
    let desk = Desk::open().await;
    for number in 1..=120 {
        let new = keydesk::sandbox::state::NewIssue {
            title: format!("Request {number:03}"),
            body: Some(request(&format!("person-{number}"), "I lost my phone.")),
            labels: vec!["account-recovery".to_owned()],
            ..Default::default()
        };
        desk.wait(SignedDuration::from_secs(1));
        let now = desk.sandbox.now();
        let ada = keydesk::sandbox::state::Actor::Person(ADA.to_owned());
        let at = keydesk::sandbox::seed::tracker();
        desk.sandbox.with(|state| state.acting(ada, now).create_issue(&at, new)).expect("an issue");
    }
    desk.settled().await;
    let mut mira = desk.signed_in(MIRA).await;
    let mut path = "/?q=request".to_owned();
    let mut seen = Vec::new();
    for _ in 0..2 {
        let page = mira.get(&path).await;
        seen.extend(titles(&page));
        let next =
            page.text.split("rel=\"next\"").next().and_then(|rest| rest.rsplit("href=\"").next());
        path = next.unwrap_or_default().split('"').next().unwrap_or_default().replace("&amp;", "&");
        // What is answered meanwhile moves nobody to another page.
        if seen.len() == 100 {
            desk.says(MIRA, 1, "/recovered").await;
        }
    }
    let wanted: Vec<String> = (1..=120).map(|number| format!("Request {number:03}")).collect();
    assert_eq!(seen, wanted);
}

#[tokio::test]
async fn a_search_is_shown_as_it_was_typed_and_harms_nobody() {
    let desk = tracker_of_six().await;
    let mut mira = desk.signed_in(MIRA).await;
    for typed in ["\"><script>alert(1)</script>", "<img src=x>", "{{ 7*7 }}", "%", "'\\"] {
        let page = mira.get(&format!("/?q={}", encoded(typed))).await;
        assert_eq!(page.status, 200, "{typed}");
        assert!(!page.text.contains("<script>alert") && !page.text.contains("<img"), "{typed}");
        assert_eq!(page.field("q").replace("&amp;", "&"), typed);
    }
}

#[tokio::test]
async fn another_kind_of_request_is_shown_as_what_it_is() {
    let desk = Desk::configured(Door::GitHub, "config/examples/pypi-limits").await;
    let body = "### Project URL\n\nhttps://pypi.org/project/kit/\n\n### New Limit\n\n300 MB\n\n\
                ### Which indexes\n\nPyPI\n\n### Reasons for the request\n\nLarge libraries.\n";
    desk.file("File Limit Request: kit", body).await;
    desk.file("Locked out", &request("ada", "I lost my phone.")).await;
    let mut mira = desk.signed_in(MIRA).await;
    let queue = mira.get("/").await;
    assert!(queue.text.contains("<li>file-limit</li>"), "{}", queue.text);
    assert_eq!(titles(&mira.get("/?q=file-limit").await), ["File Limit Request: kit"]);
    let ticket = mira.get("/tickets/acme/support/1").await.words();
    for words in
        ["Kind file-limit", "new_limit: 300 MB", "exists, about, conduct", "of the kind file-limit"]
    {
        assert!(ticket.contains(words), "{words} is not in: {ticket}");
    }
}
