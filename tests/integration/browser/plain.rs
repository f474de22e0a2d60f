//! Coming in, working and going out, without JavaScript.

use super::chrome::{Chrome, Scripts};
use crate::pages::desk::{Desk, FIRST, request};

#[tokio::test]
async fn staff_come_in_work_and_go_out_without_javascript_and_others_are_refused() {
    let desk = Desk::open().await;
    desk.file("Locked out", &request("ada", "I lost my phone.")).await;
    desk.file("Mail gone", &request("grace", "I no longer have my mailbox.")).await;
    let chrome = Chrome::open(&desk.home, Scripts::Off).await;
    chrome.go(FIRST).await;
    chrome.see("Sign in to Keydesk").await;
    chrome.press("Cancel").await;
    chrome.see("You did not let the App know who you are").await;
    chrome.press("Sign in").await;
    chrome.press("Sign in as a bystander").await;
    chrome.see("Nothing to see yet").await;
    chrome.go(FIRST).await;
    chrome.see("it is not for you to see").await;
    chrome.go("/").await;
    chrome.press("Signed in as ben-bystander").await;
    chrome.press("Sign out").await;
    chrome.see("You are signed out").await;
    chrome.go(FIRST).await;
    chrome.press("Sign in as a maintainer").await;
    chrome.arrive(FIRST).await;
    chrome.see("What was read, and why").await;
    work(&chrome).await;
    desk.settled().await;
    assert!(desk.told(1).iter().any(|text| text.contains("the name of one project")));
    chrome.press("Signed in as mira-maintainer").await;
    chrome.press("Sign out everywhere").await;
    chrome.see("You are signed out").await;
    chrome.press("Sign in again").await;
    chrome.see("Sign in to Keydesk").await;
    chrome.close().await;
}

/// Finds a request in the queue, gives a command, and looks at the charts.
async fn work(chrome: &Chrome) {
    chrome.press("Queue").await;
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
    chrome.press("Charts").await;
    chrome.fill("weeks", "a year ago").await;
    chrome.press("Show").await;
    chrome.arrive("/charts?weeks=52").await;
    chrome.see("Open requests").await;
}
