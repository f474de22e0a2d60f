//! Coming in and going out, at the sandbox's own sign-in.

use super::chrome::{Chrome, Scripts};
use super::demo::Demo;

#[tokio::test]
async fn staff_sign_in_and_out_and_who_has_no_role_is_refused() {
    let demo = Demo::start();
    let chrome = Chrome::open(&demo.home, Scripts::On).await;
    chrome.go("/acme/support/issues/new?example=lost-phone").await;
    chrome.press("Submit request").await;
    chrome.see("I am the bot of this desk").await;
    chrome.go("/tickets/acme/support/1").await;
    chrome.see("Sign in to Keydesk").await;
    chrome.press("Cancel").await;
    chrome.see("You did not let the App know who you are").await;
    chrome.press("Sign in").await;
    chrome.press("Sign in as a bystander").await;
    chrome.see("Nothing to see yet").await;
    chrome.go("/tickets/acme/support/1").await;
    chrome.see("it is not for you to see").await;
    chrome.go("/").await;
    chrome.press("Signed in as ben-bystander").await;
    chrome.press("Sign out").await;
    chrome.see("You are signed out").await;
    chrome.go("/tickets/acme/support/1").await;
    chrome.press("Sign in as a maintainer").await;
    chrome.arrive("/tickets/acme/support/1").await;
    chrome.see("What was read, and why").await;
    chrome.press("Signed in as mira-maintainer").await;
    chrome.press("Sign out everywhere").await;
    chrome.see("You are signed out").await;
    chrome.press("Sign in again").await;
    chrome.see("Sign in to Keydesk").await;
    chrome.close().await;
}
