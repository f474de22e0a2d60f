//! Everything without JavaScript.

use super::chrome::{Chrome, Scripts};
use crate::pages::desk::{Desk, request};

#[tokio::test]
async fn staff_can_work_without_javascript() {
    let desk = Desk::open().await;
    desk.file("Locked out", &request("ada", "I lost my phone.")).await;
    desk.file("Mail gone", &request("grace", "I no longer have my mailbox.")).await;
    let chrome = Chrome::open(&desk.home, Scripts::Off).await;
    chrome.go("/sign-in").await;
    chrome.press("Sign in as a maintainer").await;
    chrome.miss("Up to date by itself.").await;
    assert_eq!(chrome.count(".queue tbody tr").await, 2);
    chrome.fill("reason", "lost mailbox").await;
    chrome.press("Filter").await;
    chrome.see("Mail gone").await;
    chrome.miss("Locked out").await;
    chrome.press("Clear").await;
    chrome.fill("q", "ada").await;
    chrome.press("Filter").await;
    chrome.press("Locked out").await;
    chrome.press("/need …").await;
    chrome.fill("argument-1", "the name of one project").await;
    chrome.press("Show what it does").await;
    chrome.see("the name of one project").await;
    chrome.press("Do it").await;
    chrome.see("/need the name of one project by @mira-maintainer on the desk's page.").await;
    desk.settled().await;
    assert!(desk.told(1).iter().any(|text| text.contains("the name of one project")));
    chrome.go("/charts").await;
    chrome.fill("weeks", "a year ago").await;
    chrome.press("Show").await;
    chrome.see("Open requests").await;
    assert_eq!(chrome.place().await, "/charts?weeks=52");
    chrome.close().await;
}
