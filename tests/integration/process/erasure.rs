//! `keydesk erase` beside a serving process.

use std::process::{Output, Stdio};

use super::desk::{Desk, SOON};
use super::stand_in::{BODY, MAINTAINER, REQUESTER, StandIn};

fn run(desk: &Desk, arguments: [&str; 2]) -> Output {
    let mut command = desk.command(env!("CARGO_BIN_EXE_keydesk"));
    command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.output().expect("the binary")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[tokio::test]
async fn who_is_erased_is_left_alone_by_the_serving_process_too() {
    let github = StandIn::start().await;
    let desk = Desk::started(&github).await;
    let number = github.file("I am locked out", BODY);
    desk.settled(&github, SOON).await;
    let erased = run(&desk, ["erase", REQUESTER]);
    let said = text(&erased.stdout);
    assert!(erased.status.success() && said.contains("acme/support#1 is erased"), "{said}");
    let explained = text(&run(&desk, ["explain", "acme/support#1"]).stdout);
    assert!(!explained.contains(REQUESTER) && explained.contains("was erased"), "{explained}");
    assert_eq!(desk.wire.get("status/acme/support/1").await.status, 404);

    github.comment(REQUESTER, number, "Is there any news?");
    github.comment(MAINTAINER, number, "/initiated");
    desk.settled(&github, SOON).await;
    assert_eq!(github.marked(number).len(), 1, "only the card from before");

    for (subject, why) in [
        ("acme/support#77", "no ticket acme/support#77 is known"),
        ("acme/support", "names no ticket"),
        ("no body", "names nobody"),
    ] {
        let refused = run(&desk, ["erase", subject]);
        let said = text(&refused.stderr);
        assert_eq!(refused.status.code(), Some(1), "{said}");
        assert!(said.contains(why) && said.contains("help: "), "{said}");
    }
}
