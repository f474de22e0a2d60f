//! A desk is set up in a browser: from the printed link over GitHub's page to the queue.

use super::chrome::{Chrome, Scripts};
use crate::process::setup::visitor::{Visitor, new_desk};
use crate::process::stand_in::StandIn;

#[tokio::test]
async fn a_desk_is_set_up_and_opened_by_signing_in() {
    let github = StandIn::start().await;
    let visitor = Visitor::begin(new_desk(&github)).await;
    let chrome = Chrome::open(&visitor.home(), Scripts::On).await;
    chrome.go("/").await;
    chrome.see("This desk is not set up yet").await;
    // Of a page that is not there the console tells.
    assert_eq!(chrome.complaints().await.len(), 1);
    chrome.go(&format!("/{}", visitor.link().await)).await;
    chrome.arrive("/setup").await;
    let mut wrong = chrome.look_at("setup").await;
    chrome.fill("organization", "acme").await;
    chrome.press("Use this").await;
    chrome.press("Have GitHub make the App for acme").await;
    chrome.see("Make a GitHub App for acme").await;
    chrome.fill("name", "The desk of acme").await;
    chrome.press("Make the App").await;
    chrome.see("Its keys stand in").await;
    visitor.see_it_open().await;
    wrong.extend(chrome.look_at("setup-done").await);
    assert!(wrong.is_empty(), "{wrong:#?}");
    let made = github.sandbox.with(|state| state.made_from().cloned()).expect("an App");
    assert_eq!(made.name, "The desk of acme");
    visitor.ask(&github, "Locked out").await;
    chrome.press("Install it on a repository").await;
    chrome.press("Install").await;
    chrome.press("Sign in as a maintainer").await;
    chrome.see("Locked out").await;
    chrome.miss("Nothing to see yet").await;
    chrome.go("/setup").await;
    chrome.see("its set-up is closed").await;
    chrome.close().await;
}
