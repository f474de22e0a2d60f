//! Every button of a ticket, pressed.

use fantoccini::Locator;

use super::chrome::{Chrome, Scripts};
use crate::pages::desk::{Desk, FIRST, request};

/// What is typed where a command asks for something.
const ARGUMENTS: &[(&str, &str)] = &[
    ("turn", "maintainers"),
    ("snooze", "3 days"),
    ("guide", "lost-codes"),
    ("reason", "lost_email"),
    ("username", "grace"),
    ("duplicate", "#2"),
    ("label", "urgent"),
    ("unlabel", "urgent"),
    ("away", "2026-12-01..2026-12-03 holidays"),
    ("note", "called back"),
    ("need", "the name of one project"),
    ("decline", "We cannot be sure."),
    ("codes", "yes"),
    ("mailbox", "yes"),
    ("session", "yes"),
    ("site", "testpypi"),
];

/// What is refused here, since there is nothing to do it to.
const REFUSED: &[&str] = &["unassign", "unhide", "reopen"];

#[tokio::test]
async fn every_button_shows_what_it_does_and_does_it() {
    let desk = Desk::open().await;
    desk.file("Locked out", &request("ada", "I lost my phone.")).await;
    desk.file("Locked out again", &request("ada", "I lost my phone.")).await;
    // Buttons need no script, and a page that keeps itself fresh takes time.
    let chrome = Chrome::open(&desk.home, Scripts::Off).await;
    chrome.go(FIRST).await;
    chrome.press("Sign in as a maintainer").await;
    chrome.see("Commands").await;
    let links = chrome.attributes("a[href*='preview?command=']", "href").await;
    let names: Vec<&str> = links.iter().filter_map(|link| link.split("command=").nth(1)).collect();
    assert!(names.len() > 35, "{names:?}");
    let mut refused = Vec::new();
    for name in names {
        if !press(&chrome, name).await {
            refused.push(name);
        }
        if !desk.report(1).await.ticket.is_open {
            press(&chrome, "reopen").await;
        }
    }
    assert_eq!(refused, REFUSED);
    assert_eq!(chrome.complaints().await, Vec::<String>::new());
    chrome.close().await;
}

/// From the ticket's page through what a command would do back to the ticket's page; whether it was
/// done.
async fn press(chrome: &Chrome, name: &str) -> bool {
    let link = format!("a[href$='preview?command={name}']");
    let group = format!("details:not([open]):has({link}) > summary");
    if chrome.count(&group).await > 0 {
        chrome.click(Locator::Css(&group)).await;
    }
    chrome.click(Locator::Css(&link)).await;
    assert_eq!(chrome.text_of("h1").await, format!("/{name}"));
    if let Some((_, argument)) = ARGUMENTS.iter().find(|(known, _)| *known == name) {
        chrome.fill("argument-1", argument).await;
        chrome.click(Locator::Css(".ask button")).await;
    }
    if chrome.text_of("#effects").await == "It would not be carried out" {
        chrome.press("Back").await;
        return false;
    }
    chrome.press("Do it").await;
    let said = chrome.text_of(".notice").await;
    assert!(said.contains("on the desk's page"), "/{name}: {said}");
    assert_eq!(chrome.count(".notice.bad").await, 0, "/{name}: {said}");
    true
}
