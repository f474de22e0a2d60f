//! Pages that were left open.

use keydesk::sandbox::github::{CallFault, CallFaultKind};

use super::chrome::{Chrome, Scripts};
use crate::pages::desk::{Desk, MIRA, request};

#[tokio::test]
async fn a_page_that_is_left_open_shows_what_happens() {
    let desk = Desk::open().await;
    desk.file("Locked out", &request("ada", "I lost my phone.")).await;
    let chrome = Chrome::open(&desk.home, Scripts::On).await;
    chrome.go("/sign-in").await;
    chrome.press("Sign in as a maintainer").await;
    chrome.see("Up to date by itself.").await;
    chrome.run("window.wasHere = true").await;
    desk.file("Another one", &request("grace", "My mailbox is gone.")).await;
    chrome.see("Another one").await;
    assert_eq!(chrome.count(".queue tbody tr").await, 2);
    assert_eq!(chrome.run("return window.wasHere").await, true, "the page was loaded again");
    chrome.press("Locked out").await;
    chrome.see("Up to date by itself.").await;
    chrome.run("window.wasHere = true").await;
    desk.says(MIRA, 1, "/initiated").await;
    chrome.see("/initiated gave the turn to requester").await;
    chrome.see("waiting for them").await;
    assert_eq!(chrome.run("return window.wasHere").await, true, "the page was loaded again");
    // What cannot be done appears by itself too, with its button.
    let kind = CallFaultKind::Refused(422);
    desk.github.fail(CallFault { call: Some("create_comment"), skip: 0, times: 1, kind });
    desk.says(MIRA, 1, "/no-mail").await;
    chrome.see("Given up").await;
    chrome.press("Try again").await;
    chrome.see("One thing is tried again now.").await;
    desk.settled().await;
    assert_eq!(desk.told(1).len(), 3);
    assert_eq!(chrome.complaints().await, Vec::<String>::new());
    chrome.close().await;
}
