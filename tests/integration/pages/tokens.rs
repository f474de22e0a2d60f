//! Tokens for scripts: made, shown once, used, revoked.

use http::Method;
use jiff::SignedDuration;
use keydesk::sandbox::state::Role;

use super::browser::Browser;
use super::desk::{BEN, Desk, Door, MIRA, request};

const QUEUE: (Method, &str) = (Method::GET, "/api/v1/queue");

/// A token made on the page.
pub(super) async fn made(browser: &mut Browser, name: &str) -> String {
    let csrf = browser.get("/tokens").await.field("csrf");
    let page = browser.post("/tokens", &[("csrf", &csrf), ("name", name)]).await;
    assert_eq!(page.status, 200, "{}", page.text);
    let start = page.text.find("keydesk_").expect("a token");
    page.text[start..].split('<').next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_token_is_shown_once_kept_as_a_digest_and_revoked() {
    let desk = Desk::open().await;
    desk.file("One", &request("ada", "I lost my phone.")).await;
    let mut mira = desk.signed_in(MIRA).await;
    let token = made(&mut mira, "<b>nightly</b>").await;
    assert_eq!(token.len(), "keydesk_".len() + 64);
    let page = mira.get("/tokens").await;
    assert!(!page.text.contains(&token) && page.text.contains("&lt;b&gt;nightly"), "{}", page.text);
    assert!(page.words().contains("never used"));

    let bearer = format!("Bearer {token}");
    let mut script = desk.browser();
    let (status, told) = script.call(QUEUE, "", &[("authorization", &bearer)]).await;
    assert_eq!((status, &told["found"]), (200, &1.into()), "{told}");
    let page = mira.get("/tokens").await;
    assert!(page.words().contains("last used just now"), "{}", page.words());

    // Nobody revokes what another made.
    let mut ben = desk.signed_in(BEN).await;
    let (id, csrf) = (page.field("id"), page.field("csrf"));
    let bens = ben.get("/tokens").await.field("csrf");
    ben.post("/tokens/revoke", &[("csrf", &bens), ("id", &id)]).await;
    assert_eq!(script.call(QUEUE, "", &[("authorization", &bearer)]).await.0, 200);
    mira.post("/tokens/revoke", &[("csrf", &csrf), ("id", &id)]).await;
    assert_eq!(script.call(QUEUE, "", &[("authorization", &bearer)]).await.0, 401);
}

#[tokio::test]
async fn a_token_may_do_what_its_maker_may_do_at_that_moment() {
    let desk = Desk::open().await;
    desk.file("One", &request("ada", "I lost my phone.")).await;
    let mut mira = desk.signed_in(MIRA).await;
    let bearer = format!("Bearer {}", made(&mut mira, "nightly").await);
    let mut script = desk.browser();
    let headers = [("authorization", bearer.as_str())];
    assert_eq!(script.call(QUEUE, "", &headers).await.0, 200);
    desk.give_role(MIRA, Role::Read);
    let press = (Method::POST, "/api/v1/tickets/acme/support/1/commands");
    assert_eq!(script.call(press, "{\"command\":\"wake\"}", &headers).await.0, 404);
    desk.wait(SignedDuration::from_mins(5));
    assert_eq!(script.call(QUEUE, "", &headers).await.0, 404);
}

#[tokio::test]
async fn an_operators_token_opens_nothing_but_the_api() {
    let desk = Desk::open_with(Door::Link).await;
    desk.file("One", &request("ada", "I lost my phone.")).await;
    let mut operator = desk.browser();
    operator.get(&desk.link).await;
    let bearer = format!("Bearer {}", made(&mut operator, "nightly").await);
    let mut script = desk.browser();
    let headers = [("authorization", bearer.as_str())];
    assert_eq!(script.call(QUEUE, "", &headers).await.0, 200);
    assert_eq!(script.call((Method::GET, "/tokens"), "", &headers).await.0, 403);
    for wrong in ["Bearer keydesk_00", "Bearer", "Basic eA==", ""] {
        assert_eq!(script.call(QUEUE, "", &[("authorization", wrong)]).await.0, 401, "{wrong}");
    }
}
