//! The page of operations: who sees what, what waits and why, and no secret.

use jiff::{SignedDuration, Timestamp};
use keydesk::sandbox::state::Role;
use keydesk::store::{NewDelivery, Scope, Wait};

use super::desk::{BEN, Desk, Door, MIRA, request};

/// A delivery that no decision can be made of, tried until it is set aside.
async fn with_something_set_aside() -> Desk {
    let desk = Desk::open().await;
    desk.file("One", &request("ada", "I lost my phone.")).await;
    let ticket = desk.report(1).await.ticket;
    let broken = NewDelivery {
        guid: "button:broken".to_owned(),
        event: "button".to_owned(),
        subject: format!("issue:{}", ticket.id),
        body: "<script>alert(1)</script>".to_owned(),
    };
    desk.store.put_delivery(broken, desk.sandbox.now()).await.expect("a store");
    for _ in 0..200 {
        desk.wait(SignedDuration::from_mins(30));
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        if !desk.store.list_set_aside().await.expect("a store").is_empty() {
            return desk;
        }
    }
    panic!("it is not set aside");
}

#[tokio::test]
async fn what_was_set_aside_is_shown_with_its_reason_and_can_be_tried_again() {
    let desk = with_something_set_aside().await;
    let mut mira = desk.signed_in(MIRA).await;
    let page = mira.get("/operations").await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(page.text.contains("button:broken") && page.text.contains("acme/support#1"));
    assert!(!page.text.contains("<script>alert"), "what came is text");
    let (csrf, id) = (page.field("csrf"), page.field("delivery"));
    let forged = mira.post("/operations/again", &[("csrf", "x"), ("delivery", &id)]).await;
    assert_eq!(forged.status, 403);
    let mut ben = desk.signed_in(BEN).await;
    let bens = ben.get("/tokens").await.field("csrf");
    let refused = ben.post("/operations/again", &[("csrf", &bens), ("delivery", &id)]).await;
    assert_eq!(refused.status, 404);
    let done = mira.post("/operations/again", &[("csrf", &csrf), ("delivery", &id)]).await;
    assert_eq!(done.header("location"), "/operations?again=1", "{}", done.text);
}

#[tokio::test]
async fn what_concerns_all_is_for_admins_and_operators() {
    let desk = Desk::open().await;
    desk.file("One", &request("ada", "I lost my phone.")).await;
    desk.give_role(MIRA, Role::Triage);
    let mut mira = desk.signed_in(MIRA).await;
    let page = mira.get("/operations").await.words();
    assert!(page.contains("acme/support") && !page.contains("Settings of the server"), "{page}");
    desk.give_role(MIRA, Role::Admin);
    desk.wait(SignedDuration::from_mins(5));
    desk.settled().await;
    let page = mira.get("/operations").await.words();
    assert!(page.contains("Settings of the server"), "{page}");
    assert!(page.contains("GITHUB_TOKEN set, and not shown the environment"), "{page}");
    assert!(page.contains("from the built-in policy") && page.contains("clock.timezone"), "{page}");
    let mut ben = desk.signed_in(BEN).await;
    assert_eq!(ben.get("/operations").await.status, 403);
    assert_eq!(desk.browser().get("/operations").await.status, 303);
}

#[tokio::test]
async fn pauses_are_told_with_their_end() {
    let desk = Desk::open_with(Door::Link).await;
    desk.file("One", &request("ada", "I lost my phone.")).await;
    let installation = desk.report(1).await.desk.repository.installation.map_or(0, |it| it.0);
    let until: Timestamp = desk.sandbox.now() + SignedDuration::from_hours(2);
    desk.store.pause(installation, Wait { scope: Scope::Content, until }).await.expect("a store");
    let mut operator = desk.browser();
    operator.get(&desk.link).await;
    let page = operator.get("/operations").await.words();
    assert!(page.contains("Paused comments and labels goes on in"), "{page}");
    assert!(page.contains("writes of this hour") && page.contains("no limit"), "{page}");
}

#[tokio::test]
async fn a_broken_folder_is_shown_to_its_author() {
    let desk = Desk::open_with(Door::Link).await;
    let mut operator = desk.browser();
    operator.get(&desk.link).await;
    let what = "config/policy.toml:2:1: unknown key `requst`\nhelp: did you mean `request`?";
    desk.engine.set_folder_problem(Some(what.to_owned()));
    let page = operator.get("/operations").await.words();
    assert!(page.contains("Something is wrong in the configuration folder"), "{page}");
    assert!(page.contains("did you mean `request`?"), "{page}");
    desk.engine.set_folder_problem(None);
    let page = operator.get("/operations").await.words();
    assert!(!page.contains("configuration folder"), "{page}");
}
