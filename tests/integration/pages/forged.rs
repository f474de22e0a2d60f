//! Requests that come from elsewhere do nothing.

use super::desk::{Desk, FIRST, MIRA, request};

#[tokio::test]
async fn a_form_of_another_page_is_refused() {
    let desk = Desk::open().await;
    let number = desk.file("Locked out", &request("ada", "I lost my phone.")).await;
    let mut mira = desk.signed_in(MIRA).await;
    let mut again = desk.signed_in(MIRA).await;
    let shown = mira.preview(FIRST, "recovered", "").await;
    let (csrf, id) = (shown.field("csrf"), shown.field("id"));
    let of_another_session = again.preview(FIRST, "recovered", "").await.field("csrf");
    assert_ne!(csrf, of_another_session);
    let press = format!("{FIRST}/press");
    let rest = [("id", id.as_str()), ("command", "recovered")];
    for mark in ["", "00", &of_another_session, &csrf.to_uppercase().replace('A', "B")] {
        let fields = [&[("csrf", mark)], &rest[..]].concat();
        for path in [press.as_str(), "/sign-out", &format!("{FIRST}/retry")] {
            assert_eq!(mira.post(path, &fields).await.status, 403, "{path} {mark}");
        }
    }
    let fields = [&[("csrf", csrf.as_str())], &rest[..]].concat();
    let elsewhere: [&[(&str, &str)]; 4] = [
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
    ];
    for headers in elsewhere {
        assert_eq!(mira.post_with(&press, &fields, headers).await.status, 403, "{headers:?}");
    }
    assert_eq!(mira.get(&press).await.status, 405);
    assert!(desk.report(number).await.ticket.is_open);
    let home = desk.home.clone();
    let headers = [("sec-fetch-site", "same-origin"), ("origin", home.as_str())];
    assert_eq!(mira.post_with(&press, &fields, &headers).await.status, 303);
    assert!(!desk.report(number).await.ticket.is_open);
}

#[tokio::test]
async fn odd_fields_do_nothing() {
    let desk = Desk::open().await;
    desk.file("Locked out", &request("ada", "I lost my phone.")).await;
    let mut mira = desk.signed_in(MIRA).await;
    let shown = mira.preview(FIRST, "note", "x").await;
    let (csrf, id) = (shown.field("csrf"), shown.field("id"));
    let before = desk.report(1).await.history.len();
    let press = format!("{FIRST}/press");
    let rows: [(&str, &str, u16); 6] = [
        ("", "note", 403),
        ("zz", "note", 403),
        (&"a".repeat(64), "note", 403),
        (&id, "", 403),
        (&id, "Note me", 403),
        (&id, "../note", 403),
    ];
    for (id, command, status) in rows {
        let fields =
            [("csrf", csrf.as_str()), ("id", id), ("command", command), ("arguments", "x")];
        assert_eq!(mira.post(&press, &fields).await.status, status, "{id} {command}");
    }
    let long = "x".repeat(5_000);
    let fields = [("csrf", csrf.as_str()), ("id", &id), ("command", "note"), ("arguments", &long)];
    assert_eq!(mira.post(&press, &fields).await.status, 403);
    let flood = "x".repeat(100_000);
    assert_eq!(mira.post(&press, &[("csrf", &csrf), ("id", &flood)]).await.status, 403);
    assert_eq!(mira.get(&format!("{FIRST}/preview?command=no-such")).await.status, 404);
    assert_eq!(desk.report(1).await.history.len(), before);
    // A command nobody knows is told of, and nothing else.
    let fields = [("csrf", csrf.as_str()), ("id", &id), ("command", "zzzzzz")];
    mira.post(&press, &fields).await;
    let history = desk.report(1).await.history;
    assert!(history.last().expect("a row").reason.contains("There is no such command."));
}

#[tokio::test]
async fn no_page_lets_itself_be_framed_kept_or_scripted() {
    let desk = Desk::open().await;
    desk.file("Locked out", &request("ada", "I lost my phone.")).await;
    let mut mira = desk.signed_in(MIRA).await;
    let paths = ["/", FIRST, "/tickets/acme/support/99", "/signed-out", "/sign-in"];
    for path in paths.into_iter().chain([&*format!("{FIRST}/preview?command=initiated")]) {
        let answer = mira.get(path).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'self'; script-src 'self';"));
        assert!(policy.contains("frame-ancestors 'none'") && policy.contains("base-uri 'none'"));
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        for word in [" style=", " onclick=", "<style", "<script>", "javascript:"] {
            assert!(!answer.text.contains(word), "{path} holds {word}");
        }
    }
    let page = mira.get("/").await.text;
    let asset = |name: &str| {
        let rest = page.split(name).nth(1).expect("an asset");
        format!("{name}{}", rest.split('"').next().expect("the rest of a name"))
    };
    for (path, kind) in [
        (asset("/assets/staff-"), "text/css; charset=utf-8"),
        (asset("/assets/live-"), "text/javascript; charset=utf-8"),
        (asset("/assets/key-"), "image/svg+xml"),
    ] {
        let answer = desk.browser().get(&path).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, kind));
        assert!(answer.header("cache-control").contains("immutable"));
    }
    assert_eq!(mira.get("/assets/staff-000000000000.css").await.status, 404);
}
