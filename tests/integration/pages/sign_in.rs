//! Coming in: by GitHub, by the one-time link, or not at all.

use jiff::SignedDuration;
use keydesk::sandbox::faults::{Fault, FaultKind, Moment};

use super::desk::{Desk, Door, FIRST, MIRA, request};

#[tokio::test]
async fn one_signs_in_at_github_and_comes_back_to_where_one_was() {
    let desk = Desk::open().await;
    desk.file("Locked out", &request("ada", "I lost my phone.")).await;
    let mut mira = desk.browser();
    let away = mira.get(&format!("{FIRST}?pressed=1")).await;
    assert_eq!(away.status, 303);
    let sign_in = away.header("location").to_owned();
    assert_eq!(sign_in, format!("/sign-in?to={FIRST}%3Fpressed%3D1"));
    let page = mira.begin_sign_in(&sign_in).await;
    assert!(page.text.contains("Sign in as a maintainer"), "{}", page.text);
    let back = mira.agree(&page, MIRA).await;
    let signed_in = mira.get(&back).await;
    assert_eq!(signed_in.header("location"), format!("{FIRST}?pressed=1"));
    let ticket = mira.get(FIRST).await;
    assert_eq!(ticket.status, 200);
    assert!(ticket.words().contains("mira-maintainer"));
    assert!(!mira.cookies.contains_key("keydesk-sign-in"), "{:?}", mira.cookies);
    // A code is good once, and so is what was begun with it.
    assert_eq!(mira.get(&back).await.status, 400);
}

#[tokio::test]
async fn the_token_of_a_sign_in_is_given_back() {
    let desk = Desk::open().await;
    desk.signed_in(MIRA).await;
    let kept = || desk.sandbox.with(|state| state.user_tokens());
    assert_eq!(kept(), 0);
    // Where GitHub does not take it one is signed in all the same.
    for kind in [FaultKind::Status(500, Moment::Before), FaultKind::Close(Moment::Before)] {
        let route = "DELETE /applications/*/token";
        desk.sandbox.with(|state| state.faults.add(Fault::once(route, kind)));
        let mut mira = desk.signed_in(MIRA).await;
        assert!(mira.get("/tokens").await.words().contains("mira-maintainer"));
    }
    assert_eq!(kept(), 2);
}

#[tokio::test]
async fn cookies_are_for_this_host_alone_and_no_script_reads_them() {
    let desk = Desk::open_with(Door::GitHubOverHttps).await;
    let mut mira = desk.browser();
    let begun = mira.get("/sign-in").await;
    let cookie = begun.header("set-cookie").to_owned();
    let is_guarded = |cookie: &str| {
        cookie.starts_with("__Host-keydesk")
            && cookie.contains("; Path=/;")
            && cookie.contains("; HttpOnly; SameSite=Lax; Secure")
            && !cookie.contains("Domain")
    };
    assert!(is_guarded(&cookie), "{cookie}");
    let page = mira.get(begun.header("location")).await;
    let back = mira.agree(&page, MIRA).await;
    let answer = mira.get(&back).await;
    for cookie in answer.headers.get_all("set-cookie") {
        let cookie = cookie.to_str().expect("plain text");
        assert!(is_guarded(cookie), "{cookie}");
    }
    assert_eq!(mira.get("/").await.status, 403, "no repository has spoken yet");
}

#[tokio::test]
async fn a_sign_in_that_was_begun_elsewhere_leads_nowhere() {
    let desk = Desk::open().await;
    let mut mallory = desk.browser();
    let page = mallory.begin_sign_in("/sign-in").await;
    let back = mallory.agree(&page, MIRA).await;
    // Somebody else is sent to the address: their browser has no cookie of it, or another.
    let mut victim = desk.browser();
    assert_eq!(victim.get(&back).await.status, 400);
    victim.begin_sign_in("/sign-in").await;
    assert_eq!(victim.get(&back).await.status, 400);
    assert!(!victim.cookies.contains_key("keydesk"));
    // The cookie alone is not enough either, nor one that was written by hand.
    assert_eq!(mallory.get("/sign-in/callback?code=x").await.status, 400);
    let begun = mallory.cookies["keydesk-sign-in"].replacen('a', "b", 1);
    mallory.cookies.insert("keydesk-sign-in".to_owned(), begun);
    assert_eq!(mallory.get(&back).await.status, 400);
}

#[tokio::test]
async fn what_was_begun_is_old_after_ten_minutes_and_a_refusal_is_told() {
    let desk = Desk::open().await;
    let mut mira = desk.browser();
    let page = mira.begin_sign_in("/sign-in").await;
    let back = mira.agree(&page, MIRA).await;
    desk.wait(SignedDuration::from_mins(11));
    assert_eq!(mira.get(&back).await.status, 400);
    let page = mira.begin_sign_in("/sign-in").await;
    let back = mira.agree(&page, "").await;
    let answer = mira.get(&back).await;
    assert_eq!(answer.status, 403);
    assert!(answer.words().contains("You did not let the App know who you are"));
    // A code nobody gave out.
    let page = mira.begin_sign_in("/sign-in").await;
    let back = mira.agree(&page, MIRA).await;
    let code = back.split("code=").nth(1).and_then(|rest| rest.split('&').next()).expect("a code");
    let answer = mira.get(&back.replace(code, "0123456789")).await;
    assert_eq!(answer.status, 403);
    assert!(answer.words().contains("GitHub did not say who you are"));
}

#[tokio::test]
async fn nobody_is_sent_to_another_site() {
    let desk = Desk::open().await;
    let mut mira = desk.browser();
    let page = mira.begin_sign_in("/sign-in?to=%2F%2Fevil.example%2F").await;
    let back = mira.agree(&page, MIRA).await;
    assert_eq!(mira.get(&back).await.header("location"), "/");
}

#[tokio::test]
async fn the_link_of_this_machine_lets_its_operator_in_once() {
    let desk = Desk::open_with(Door::Link).await;
    let number = desk.file("Locked out", &request("ada", "I lost my phone.")).await;
    let mut operator = desk.browser();
    assert_eq!(operator.get("/").await.status, 403);
    assert_eq!(operator.get("/sign-in").await.status, 403);
    assert_eq!(operator.get("/sign-in/once/0123").await.status, 403);
    assert_eq!(operator.get(&desk.link).await.header("location"), "/");
    let queue = operator.get("/").await;
    assert!(queue.words().contains("Locked out"), "{}", queue.words());
    let pressed = operator.press(FIRST, "note", "called back").await;
    assert!(pressed.words().contains("/note called back by the operator on the desk's page."));
    let pressed = operator.press(FIRST, "assign", "").await;
    assert!(pressed.words().contains("Name one person."), "{}", pressed.words());
    assert_eq!(desk.report(number).await.ticket.assignees, Vec::<String>::new());
    let mut second = desk.browser();
    assert_eq!(second.get(&desk.link).await.status, 403);
}

#[tokio::test]
async fn without_a_way_in_the_pages_are_off() {
    let desk = Desk::open_with(Door::Closed).await;
    let mut anybody = desk.browser();
    for path in ["/", FIRST, "/events", "/sign-in", "/sign-in/callback?code=a&state=b"] {
        let answer = anybody.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.words().contains("GITHUB_OAUTH_CLIENT_ID"), "{path}: {}", answer.words());
    }
    assert_eq!(anybody.post(&format!("{FIRST}/press"), &[]).await.status, 404);
    assert_eq!(anybody.get("/healthz").await.status, 200);
}
