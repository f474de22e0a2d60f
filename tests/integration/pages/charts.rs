//! Charts: their numbers against a small tracker, as page, table and CSV.

use jiff::SignedDuration;

use super::desk::{ADA, BEN, Desk, MIRA, request};

/// Three weeks: two requests in the first, one recovered and one solved alone in the second, and one
/// more in the third that waits until its first step is near.
async fn three_weeks() -> Desk {
    let desk = Desk::open().await;
    desk.file("One", &request("ada", "I lost my phone with the authenticator app.")).await;
    desk.file("Two", &request("grace", "I lost my phone with the authenticator app.")).await;
    desk.wait(SignedDuration::from_hours(2 * 24));
    desk.says(MIRA, 1, "/initiated").await;
    desk.wait(SignedDuration::from_hours(6 * 24));
    desk.says(MIRA, 1, "/recovered").await;
    desk.says(ADA, 2, "/resolved").await;
    desk.wait(SignedDuration::from_hours(6 * 24));
    let title = "<script>alert(1)</script> & \"more\"";
    desk.file(title, &request("hopper", "I forgot my password.")).await;
    desk.wait(SignedDuration::from_hours(24));
    desk.settled().await;
    desk
}

/// The last rows of a chart's CSV.
fn rows(csv: &str, count: usize) -> Vec<&str> {
    let lines: Vec<&str> = csv.lines().collect();
    lines[lines.len() - count..].to_vec()
}

#[tokio::test]
async fn numbers_are_those_of_the_tracker() {
    let desk = three_weeks().await;
    let mut mira = desk.signed_in(MIRA).await;
    let told: &[(&str, &str, &[&str])] = &[
        ("backlog", "week from,open", &["2026-11-23,2", "2026-11-30,0", "2026-12-07,1"]),
        (
            "arrivals",
            "week from,came,ended",
            &["2026-11-23,2,0", "2026-11-30,0,2", "2026-12-07,1,0"],
        ),
        (
            "endings",
            "week from,solved by themselves,recovered by staff,closed for silence",
            &["2026-11-23,0,0,0", "2026-11-30,1,1,0", "2026-12-07,0,0,0"],
        ),
        (
            "first-reply",
            "month,half within,nine in ten within,requests",
            &["2026-11,49,49,1", "2026-12,,,0"],
        ),
        ("resolution", "month,half within,nine in ten within,requests", &["2026-12,193,193,2"]),
    ];
    for (name, head, wanted) in told {
        let answer = mira.get(&format!("/charts/{name}.csv")).await;
        assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8", "{name}");
        assert!(answer.text.starts_with(head), "{name}: {}", answer.text);
        assert_eq!(rows(&answer.text, wanted.len()), *wanted, "{name}");
    }
    let reasons = mira.get("/charts/reasons.csv").await.text;
    assert!(
        reasons.contains("lost 2FA,2,0") && reasons.contains("forgot password,1,1"),
        "{reasons}"
    );
    desk.wait(SignedDuration::from_hours(8 * 24));
    let mut mira = desk.signed_in(MIRA).await;
    let near = mira.get("/charts/near-step.csv").await.text;
    assert_eq!(near.lines().skip(1).filter(|line| !line.ends_with(",0")).count(), 1, "{near}");
}

#[tokio::test]
async fn the_page_draws_them_and_harms_nobody() {
    let desk = three_weeks().await;
    desk.wait(SignedDuration::from_hours(8 * 24));
    let mut mira = desk.signed_in(MIRA).await;
    let page = mira.get("/charts").await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert_eq!(page.text.matches("role=\"img\"").count(), 7, "all but the escalations");
    assert!(page.text.contains("Nothing to draw yet."));
    assert!(!page.text.contains("<script>alert"), "a title is text");
    assert!(page.words().contains("first reply overdue"), "{}", page.words());
    for odd in ["/charts?weeks=x", "/charts?weeks=104&repository=ACME/support"] {
        assert_eq!(mira.get(odd).await.status, 200, "{odd}");
    }
    for nothing in ["/charts?repository=acme/other", "/charts/backlog", "/charts/none.csv"] {
        assert_eq!(mira.get(nothing).await.status, 404, "{nothing}");
    }
}

#[tokio::test]
async fn nobody_sees_them_without_a_role() {
    let desk = three_weeks().await;
    let mut ben = desk.signed_in(BEN).await;
    assert_eq!(ben.get("/charts").await.status, 403);
    assert_eq!(ben.get("/charts/backlog.csv").await.status, 404);
    assert_eq!(desk.browser().get("/charts").await.status, 303);
}
