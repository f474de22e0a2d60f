//! Every button of a ticket, pressed.

use fantoccini::Locator;
use serde_json::Value;

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

/// Where the ticket's page leads to.
const LINKS: &str = "return [...document.querySelectorAll('a[href*=\"preview?command=\"]')]
    .map((link) => link.href)";

/// What the page before a command shows.
const SHOWN: &str = "return [document.querySelector('h1').textContent,
    document.querySelector('#effects')?.textContent]";

/// What the ticket's page says of the command.
const SAID: &str = "const notice = document.querySelector('.notice');
    return [notice.className, notice.textContent]";

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
    let links = chrome.run(LINKS).await;
    let links: Vec<&str> =
        links.as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    assert!(links.len() > 35, "{links:?}");
    let mut refused = Vec::new();
    for link in links {
        let name = link.split("command=").nth(1).expect("its name");
        if !press(&chrome, link, name).await {
            refused.push(name);
        }
        if !desk.report(1).await.ticket.is_open {
            press(&chrome, &format!("{FIRST}/preview?command=reopen"), "reopen").await;
        }
    }
    assert_eq!(refused, REFUSED);
    assert_eq!(chrome.complaints().await, Vec::<String>::new());
    chrome.close().await;
}

/// From what a command would do back to the ticket's page; whether it was done.
async fn press(chrome: &Chrome, link: &str, name: &str) -> bool {
    chrome.go(link).await;
    if let Some((_, argument)) = ARGUMENTS.iter().find(|(known, _)| *known == name) {
        chrome.fill("argument-1", argument).await;
        chrome.click(Locator::Css(".ask button")).await;
    }
    let shown = chrome.run(SHOWN).await;
    assert_eq!(shown[0], format!("/{name}"));
    if shown[1] == "It would not be carried out" {
        return false;
    }
    assert_eq!(shown[1], "What else it does, and why");
    chrome.press("Do it").await;
    let said = chrome.run(SAID).await;
    assert_eq!(said[0], "notice good", "/{name}: {said}");
    let words = said[1].as_str().unwrap_or_default();
    assert!(words.contains("on the desk's page"), "/{name}: {said}");
    true
}
