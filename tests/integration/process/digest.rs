//! What a desk tells of itself: `keydesk digest`, and the waiting times among the figures.

use std::process::{Output, Stdio};

use serde_json::Value;

use super::desk::{Desk, SOON};
use super::stand_in::{BODY, MAINTAINER, StandIn};

fn digest(desk: &Desk, arguments: &[&str]) -> Output {
    let mut command = desk.command(env!("CARGO_BIN_EXE_keydesk"));
    command.arg("digest").args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.output().expect("the binary")
}

fn said(output: Vec<u8>) -> String {
    String::from_utf8(output).expect("UTF-8")
}

#[tokio::test]
async fn the_digest_is_printed_as_of_now_and_the_figures_tell_of_waiting() {
    let github = StandIn::start().await;
    let mut desk = Desk::new(&github);
    desk.start(&github).await;
    let first = github.file("Locked out", BODY);
    github.file("Locked out too", &BODY.replace("ada", "grace"));
    desk.settled(&github, SOON).await;
    let figures = desk.wire.get("metrics").await.text;
    assert!(figures.contains("keydesk_waiting_count{measure=\"first_reply\"} 0"), "{figures}");
    assert!(!figures.contains("keydesk_waiting_seconds{"), "{figures}");
    github.comment(MAINTAINER, first, "/need the name of one project");
    desk.settled(&github, SOON).await;
    let figures = desk.wire.get("metrics").await.text;
    for line in [
        "keydesk_waiting_count{measure=\"first_reply\"} 1",
        "keydesk_waiting_count{measure=\"resolution\"} 0",
        "keydesk_waiting_seconds{measure=\"first_reply\",quantile=\"0.5\"} ",
        "keydesk_waiting_seconds{measure=\"first_reply\",quantile=\"0.9\"} ",
        "keydesk_moments_total{kind=\"opened\"} 2",
        "keydesk_moments_total{kind=\"answered\"} 1",
    ] {
        assert!(figures.contains(line), "{line} is not in {figures}");
    }

    let text = said(digest(&desk, &["acme/support"]).stdout);
    assert!(text.contains("Open: 1 waits for maintainers, 1 for the requester."), "{text}");
    assert!(text.contains("2 opened, 1 answered for the first time"), "{text}");
    assert!(
        !text.contains("ada") && !text.contains("grace"),
        "names are nobody's business: {text}"
    );
    let json = said(digest(&desk, &["ACME/support", "--format", "json"]).stdout);
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["repository"], "acme/support");
    assert_eq!(json["open"]["requester"], 1);
    assert_eq!(json["longest"][0]["number"], 2);
    assert_eq!(json["first_reply"]["count"], 1);

    let unknown = digest(&desk, &["acme/elsewhere"]);
    assert_eq!(unknown.status.code(), Some(1));
    let told = said(unknown.stderr);
    assert!(told.contains("error: no request of acme/elsewhere is known"), "{told}");
    assert!(told.contains("help: "), "{told}");
}
