//! A walk over all pages, each looked at in every way.

use super::busy;
use super::chrome::{Chrome, Scripts};
use crate::pages::desk::{Desk, MIRA, request};

/// Pages of the desk, by the names of their pictures; those without a name have none.
const STAFF: &[(&str, &str)] = &[
    ("queue", "/"),
    ("", "/?q=nobody"),
    ("ticket", "/tickets/acme/support/2"),
    ("preview", "/tickets/acme/support/2/preview?command=need&argument-1=the%20name"),
    ("charts", "/charts"),
    ("operations", "/operations"),
    ("", "/tickets/acme/support/299"),
    ("", "/signed-out"),
    ("status", "/status/acme/support/2"),
];

/// Pages of the sandbox.
const SANDBOX: &[(&str, &str)] = &[
    ("demo-form", "/acme/support/issues/new?example=lost-phone"),
    ("demo-issue", "/acme/support/issues/1"),
    ("demo", "/acme/support/issues"),
    ("", "/acme/support/issues?state=closed"),
    ("", "/deliveries"),
    ("", "/acme/support/issues/999"),
];

/// What is wrong with the page one is at.
async fn look(chrome: &Chrome, name: &str) -> Vec<String> {
    if !name.is_empty() {
        chrome.take_pictures(name).await;
    }
    chrome.look_at(&chrome.place().await).await
}

#[tokio::test]
async fn pages_of_the_desk_fit_everywhere_and_everybody() {
    let desk = busy::desk().await;
    let chrome = Chrome::open(&desk.home, Scripts::On).await;
    chrome.go("/sign-in").await;
    let mut wrong = look(&chrome, "sign-in").await;
    chrome.press("Sign in as a maintainer").await;
    for (name, path) in STAFF {
        chrome.go(path).await;
        wrong.extend(look(&chrome, name).await);
    }
    chrome.go("/tokens").await;
    chrome.press("Signed in as mira-maintainer").await;
    wrong.extend(look(&chrome, "").await);
    chrome.go("/tokens").await;
    chrome.fill("name", "nightly report").await;
    chrome.press("Make a token").await;
    chrome.see("This is your new token.").await;
    wrong.extend(look(&chrome, "tokens").await);
    chrome.press("Revoke: nightly report").await;
    chrome.see("You have none.").await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    chrome.close().await;
}

#[tokio::test]
async fn pages_of_the_demo_fit_everywhere_and_everybody() {
    let desk = Desk::open().await;
    let chrome = Chrome::open(&desk.home, Scripts::On).await;
    chrome.go("/tracker").await;
    let mut wrong = look(&chrome, "demo-empty").await;
    let number = desk.file("Account recovery request", &request("ada", "I lost my phone.")).await;
    let closed = desk.file("Account recovery request", &request("grace", "I lost it.")).await;
    desk.says("ada-locked-out", number, "codes: no").await;
    desk.says("ada-locked-out", closed, "I found my codes, thank you!").await;
    for (name, path) in SANDBOX {
        chrome.go(path).await;
        wrong.extend(look(&chrome, name).await);
    }
    desk.says(MIRA, number, "/assign").await;
    chrome.go("/acme/support/issues/1").await;
    chrome.press("a maintainer").await;
    wrong.extend(look(&chrome, "").await);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    chrome.close().await;
}
