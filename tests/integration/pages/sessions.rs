//! How long one stays signed in.

use jiff::SignedDuration;

use super::desk::{Desk, FIRST, MIRA, request};

#[tokio::test]
async fn a_session_ends_after_an_hour_of_rest_or_half_a_day() {
    let desk = Desk::open().await;
    desk.file("Locked out", &request("ada", "I lost my phone.")).await;
    let mut mira = desk.signed_in(MIRA).await;
    desk.wait(SignedDuration::from_mins(59));
    assert_eq!(mira.get("/").await.status, 200);
    desk.wait(SignedDuration::from_mins(61));
    assert_eq!(mira.get("/").await.status, 303);
    let answer = mira.post("/sign-out", &[]).await;
    assert_eq!(answer.status, 401, "one is told, rather than sent away with a form half filled in");
    let mut mira = desk.signed_in(MIRA).await;
    for _ in 0..23 {
        desk.wait(SignedDuration::from_mins(31));
        assert_eq!(mira.get("/").await.status, 200);
    }
    desk.wait(SignedDuration::from_mins(31));
    assert_eq!(mira.get("/").await.status, 303);
}

#[tokio::test]
async fn signing_out_ends_this_session_or_all_of_them() {
    let desk = Desk::open().await;
    desk.file("Locked out", &request("ada", "I lost my phone.")).await;
    let mut here = desk.signed_in(MIRA).await;
    let kept = here.cookies.clone();
    let csrf = here.get("/").await.field("csrf");
    let out = here.post("/sign-out", &[("csrf", &csrf)]).await;
    assert_eq!(out.header("location"), "/signed-out");
    assert!(here.get("/signed-out").await.words().contains("You are signed out"));
    assert!(here.cookies.is_empty(), "{:?}", here.cookies);
    here.cookies = kept;
    assert_eq!(here.get("/").await.status, 303, "the cookie is worth nothing any more");
    let [mut one, mut two] = [desk.signed_in(MIRA).await, desk.signed_in(MIRA).await];
    let csrf = one.get("/").await.field("csrf");
    one.post("/sign-out", &[("csrf", &csrf), ("everywhere", "yes")]).await;
    assert_eq!(two.get("/").await.status, 303);
    assert_eq!(two.get(FIRST).await.status, 303);
}

#[tokio::test]
async fn a_cookie_that_was_made_up_or_changed_lets_nobody_in() {
    let desk = Desk::open().await;
    desk.file("Locked out", &request("ada", "I lost my phone.")).await;
    let mira = desk.signed_in(MIRA).await;
    let sealed = mira.cookies["keydesk"].clone();
    let (secret, mark) = sealed.split_once('.').expect("a secret and its mark");
    let made_up = "0".repeat(64);
    for cookie in [
        secret.to_owned(),
        format!("{made_up}.{mark}"),
        format!("{secret}.{made_up}"),
        sealed.to_uppercase(),
        String::new(),
    ] {
        let mut mallory = desk.browser();
        mallory.cookies.insert("keydesk".to_owned(), cookie.clone());
        assert_eq!(mallory.get("/").await.status, 303, "{cookie}");
    }
}
