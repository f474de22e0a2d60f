//! Who sees what: GitHub says it for each repository, and is asked anew before each change.

use jiff::SignedDuration;
use keydesk::sandbox::state::{Actor, RepositoryName, Role};

use super::desk::{ADA, BEN, Desk, FIRST, MIRA, request};

#[tokio::test]
async fn outsiders_and_requesters_see_nothing_and_change_nothing() {
    let desk = Desk::open().await;
    let number = desk.file("Locked out", &request("ada", "I lost my phone.")).await;
    let mut mira = desk.signed_in(MIRA).await;
    let id = mira.preview(FIRST, "recovered", "").await.field("id");
    for outsider in [ADA, BEN] {
        let mut browser = desk.signed_in(outsider).await;
        let queue = browser.get("/").await;
        assert_eq!(queue.status, 403);
        assert!(!queue.text.contains("Locked out"));
        let csrf = queue.field("csrf");
        assert!(!csrf.is_empty());
        for path in [FIRST.to_owned(), format!("{FIRST}/preview?command=recovered")] {
            let answer = browser.get(&path).await;
            assert_eq!(answer.status, 404, "{path}");
            assert!(!answer.text.contains("Locked out"));
        }
        let fields = [("csrf", csrf.as_str()), ("id", &id), ("command", "recovered")];
        assert_eq!(browser.post(&format!("{FIRST}/press"), &fields).await.status, 404);
        assert_eq!(browser.post(&format!("{FIRST}/retry"), &fields).await.status, 404);
    }
    desk.settled().await;
    assert!(desk.report(number).await.ticket.is_open);
    let unknown = mira.get("/tickets/acme/support/99").await;
    assert_eq!(unknown.status, 404);
}

#[tokio::test]
async fn a_role_is_remembered_to_look_and_asked_for_to_change() {
    let desk = Desk::open().await;
    let number = desk.file("Locked out", &request("ada", "I lost my phone.")).await;
    let mut mira = desk.signed_in(MIRA).await;
    assert_eq!(mira.get("/").await.status, 200);
    let shown = mira.preview(FIRST, "recovered", "").await;
    let (csrf, id) = (shown.field("csrf"), shown.field("id"));
    desk.give_role(MIRA, Role::Read);
    assert_eq!(mira.get("/").await.status, 200, "as remembered");
    let fields = [("csrf", csrf.as_str()), ("id", &id), ("command", "recovered")];
    assert_eq!(mira.post(&format!("{FIRST}/press"), &fields).await.status, 404);
    assert!(desk.report(number).await.ticket.is_open);
    assert_eq!(mira.get("/").await.status, 403, "what was asked to change counts to look too");
    desk.give_role(MIRA, Role::Triage);
    desk.wait(SignedDuration::from_mins(3));
    assert_eq!(mira.get("/").await.status, 200);
    desk.give_role(MIRA, Role::Read);
    desk.wait(SignedDuration::from_secs(179));
    assert_eq!(mira.get("/").await.status, 200);
    desk.wait(SignedDuration::from_secs(1));
    assert_eq!(mira.get("/").await.status, 403);
}

#[tokio::test]
async fn one_sees_the_queues_of_ones_own_repositories_alone() {
    let desk = Desk::open().await;
    let other = RepositoryName::new("acme", "private");
    let now = desk.sandbox.now();
    desk.sandbox.with(|state| {
        let mut app = state.acting(Actor::App, now);
        app.create_repository(&other);
        app.give_role(&other, BEN, Role::Maintain).expect("a role");
    });
    desk.file("Of the tracker", &request("ada", "I lost my phone.")).await;
    desk.file_at(&other, "Of the other", &request("grace", "I lost my phone.")).await;
    let mira = desk.signed_in(MIRA).await.get("/").await;
    assert!(mira.text.contains("Of the tracker") && !mira.text.contains("Of the other"));
    let mut ben = desk.signed_in(BEN).await;
    let queue = ben.get("/?repository=acme/support").await;
    assert!(!queue.text.contains("Of the tracker"), "{}", queue.words());
    assert!(ben.get("/").await.text.contains("Of the other"));
    assert_eq!(ben.get("/tickets/acme/private/1").await.status, 200);
    assert_eq!(ben.get(FIRST).await.status, 404);
}
