//! The demo's tour, from the first click to the escalation in the queue.

use super::chrome::{Chrome, Scripts};
use super::demo::Demo;

#[tokio::test]
async fn the_tour_leads_from_an_empty_desk_to_an_escalation() {
    let demo = Demo::start();
    let chrome = Chrome::open(&demo.home, Scripts::On).await;
    chrome.go("/").await;
    chrome.arrive("/acme/support/issues").await;
    chrome.see("Step 1 of 5: File a request.").await;
    an_empty_desk_leads_back(&chrome).await;
    chrome.press("Open the form").await;
    chrome.press("Submit request").await;
    // The page looks again by itself until the desk has answered.
    chrome.see_again("Step 3 of 5: Answer.").await;
    chrome.see("Look for your recovery codes first").await;
    chrome.see("status: awaiting maintainers").await;
    chrome.press("Go to the request").await;
    chrome.fill("text", "codes: no").await;
    chrome.press("Comment").await;
    chrome.see_again("Step 4 of 5: Give a command.").await;
    chrome.press("Become the maintainer").await;
    chrome.press("Go to the request").await;
    chrome.fill("text", "/assign").await;
    chrome.press("Comment").await;
    chrome.see_again("Step 5 of 5: Skip a week.").await;
    chrome.see("assigned mira-maintainer").await;
    chrome.press("Skip a week").await;
    chrome.see_again("You have seen it all.").await;
    chrome.see("escalated").await;
    chrome.press("See it in the queue").await;
    chrome.arrive("/?flag=escalated").await;
    assert_eq!(chrome.count(".queue .flag.escalated").await, 1);
    chrome.press("Account recovery request").await;
    chrome.see("first reply overdue").await;
    chrome.press("Tracker").await;
    chrome.go("/?turn=requester").await;
    chrome.see("Nothing waits.").await;
    chrome.press("To the demo’s tracker").await;
    chrome.see("You have seen it all.").await;
    // An hour later it is over by itself.
    chrome.press("+1 day").await;
    chrome.miss("You have seen it all.").await;
    assert_eq!(chrome.complaints().await, Vec::<String>::new());
    chrome.close().await;
}

/// The tour can be ended and shown again; who looks at the desk's pages first is led back.
async fn an_empty_desk_leads_back(chrome: &Chrome) {
    chrome.press("End the tour").await;
    chrome.miss("Step 1 of 5").await;
    chrome.press("a maintainer").await;
    chrome.miss("Step 1 of 5").await;
    chrome.press("Show the tour again").await;
    chrome.see("Step 1 of 5").await;
    chrome.press("The desk’s own pages").await;
    chrome.press("Sign in as a maintainer").await;
    chrome.see("File a request in the demo's tracker").await;
    // Of what is not allowed the console says so.
    chrome.complaints().await;
    chrome.press("To the demo's tracker").await;
    // The form is the requester's.
    chrome.press("Become the requester").await;
    chrome.see("Account Recovery Request").await;
}
