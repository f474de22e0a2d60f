//! `/api/v1`: the same as the pages, as JSON, and described as it is.

use std::collections::BTreeSet;

use http::Method;
use serde_json::{Value, json};

use super::desk::{BEN, Desk, MIRA, request};
use super::tokens::made;

async fn desk_of_two() -> Desk {
    let desk = Desk::open().await;
    desk.file("One", &request("ada", "I lost my phone with the authenticator app.")).await;
    desk.file("Two", &request("grace", "I forgot my password.")).await;
    desk.says(MIRA, 2, "/ask-address").await;
    desk
}

#[tokio::test]
async fn it_tells_what_the_pages_tell() {
    let desk = desk_of_two().await;
    let mut mira = desk.signed_in(MIRA).await;
    let mut get = async |path: &str| {
        let (status, told) = mira.call((Method::GET, path), "", &[]).await;
        assert_eq!(status, 200, "{path}: {told}");
        told
    };
    let queue = get("/api/v1/queue?turn=requester").await;
    assert_eq!((&queue["found"], &queue["requests"][0]["number"]), (&json!(1), &json!(2)));
    assert_eq!(queue["requests"][0]["turn"], "requester");
    assert!(queue["requests"][0]["since"].as_str().is_some_and(|at| at.ends_with('Z')), "{queue}");
    let ticket = get("/api/v1/tickets/acme/support/1").await;
    assert_eq!((&ticket["title"], &ticket["stage"]), (&json!("One"), &json!("filed")));
    assert!(ticket["body"].as_str().is_some_and(|body| body.contains("authenticator app")));
    assert!(ticket["history"][0]["reasons"].is_array(), "{ticket}");
    let chart = get("/api/v1/charts/backlog").await;
    assert_eq!(chart["rows"][25]["values"]["open"], 2, "{chart}");
    let operations = get("/api/v1/operations").await;
    assert_eq!(operations["desks"][0]["repository"], "acme/support", "{operations}");
    assert_eq!(operations["set_aside"], json!([]));
}

#[tokio::test]
async fn a_command_is_carried_out_once_and_its_reasons_are_told() {
    let desk = desk_of_two().await;
    let mut mira = desk.signed_in(MIRA).await;
    let csrf = mira.get("/").await.field("csrf");
    let bearer = format!("Bearer {}", made(&mut mira, "script").await);
    let path = "/api/v1/tickets/acme/support/1/commands";
    let id = "0123456789abcdef0123456789abcdef";
    let body = json!({"command": "snooze", "arguments": "3 days", "id": id}).to_string();
    let mut script = desk.browser();
    let headers = [("authorization", bearer.as_str())];
    for _ in 0..2 {
        let (status, told) = script.call((Method::POST, path), &body, &headers).await;
        assert_eq!((status, &told["carried_out"]), (200, &json!(true)), "{told}");
        assert!(told["reasons"].to_string().contains("/snooze 3 days"), "{told}");
    }
    desk.settled().await;
    assert!(desk.report(1).await.ticket.snoozed_until.is_some());
    let (status, told) =
        script.call((Method::POST, path), "{\"command\":\"recoverd\"}", &headers).await;
    assert_eq!((status, &told["carried_out"]), (200, &json!(false)), "{told}");

    // A page of ours proves itself; another page cannot.
    let wake = "{\"command\":\"wake\"}";
    assert_eq!(mira.call((Method::POST, path), wake, &[]).await.0, 403);
    let mark = ("x-keydesk-csrf", csrf.as_str());
    let foreign = [mark, ("origin", "https://evil.example")];
    assert_eq!(mira.call((Method::POST, path), wake, &foreign).await.0, 403);
    assert_eq!(mira.call((Method::POST, path), wake, &[mark]).await.0, 200);
}

#[tokio::test]
async fn what_is_wrong_is_told_with_its_cure() {
    let desk = desk_of_two().await;
    let mut mira = desk.signed_in(MIRA).await;
    let mut ben = desk.signed_in(BEN).await;
    let csrf = mira.get("/").await.field("csrf");
    let mark = [("x-keydesk-csrf", csrf.as_str())];
    let command = "/api/v1/tickets/acme/support/1/commands";
    let rows = [
        (Method::GET, "/api/v1/none", "", 404),
        (Method::GET, "/api/v1/tickets/acme/support/99", "", 404),
        (Method::GET, "/api/v1/tickets/acme/support/x", "", 400),
        (Method::GET, "/api/v1/charts/none", "", 404),
        (Method::GET, command, "", 405),
        (Method::POST, command, "{", 400),
        (Method::POST, command, "{\"command\":\"wake\",\"more\":1}", 400),
        (Method::POST, command, "{\"command\":\"wake\",\"id\":\"1\"}", 400),
        (Method::POST, command, "{\"command\":\"Wake <b>\"}", 400),
    ];
    for (method, path, body, wanted) in rows {
        let (status, told) = mira.call((method, path), body, &mark).await;
        assert_eq!(status, wanted, "{path} {body}: {told}");
        assert!(told["error"].is_string() && told["help"].is_string(), "{path}: {told}");
    }
    for path in ["queue", "tickets/acme/support/1", "charts/backlog", "operations"] {
        let path = format!("/api/v1/{path}");
        assert_eq!(desk.browser().call((Method::GET, &path), "", &[]).await.0, 401, "{path}");
        assert_eq!(ben.call((Method::GET, &path), "", &[]).await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn the_description_has_every_route_and_every_field() {
    let desk = desk_of_two().await;
    let mut mira = desk.signed_in(MIRA).await;
    let (_, described) = desk.browser().call((Method::GET, "/api/v1/openapi.json"), "", &[]).await;
    let paths = described["paths"].as_object().expect("paths");
    let known: BTreeSet<&str> = paths.keys().map(String::as_str).collect();
    let source = include_str!("../../../src/web/api/mod.rs");
    let routes = source.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next());
    assert_eq!(known, routes.collect());

    let told = [
        ("Queue", "/queue", None),
        ("Row", "/queue", Some("/requests/0")),
        ("Ticket", "/tickets/acme/support/1", None),
        ("Chart", "/charts/backlog", None),
        ("Operations", "/operations", None),
    ];
    for (name, path, part) in told {
        let (_, answer) = mira.call((Method::GET, &format!("/api/v1{path}")), "", &[]).await;
        let answer = part.map_or(Some(&answer), |part| answer.pointer(part)).expect("an answer");
        let fields = |value: &Value| -> BTreeSet<String> {
            value.as_object().into_iter().flatten().map(|(field, _)| field.clone()).collect()
        };
        let schema = &described["components"]["schemas"][name]["properties"];
        assert_eq!(fields(answer), fields(schema), "{name}");
    }
}
