//! The demo's tour, from the first click to the escalation in the queue.

use super::chrome::{Chrome, Scripts};
use super::demo::Demo;

#[tokio::test]
async fn the_tour_leads_from_a_request_to_its_escalation() {
    let demo = Demo::start();
    let chrome = Chrome::open(&demo.home, Scripts::On).await;
    chrome.go("/").await;
    chrome.arrive("/acme/support/issues").await;
    chrome.see("Step 1 of 5: File a request.").await;
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
    chrome.press("Sign in as a maintainer").await;
    chrome.arrive("/?flag=escalated").await;
    assert_eq!(chrome.text_of(".queue .flag.escalated").await, "escalated");
    chrome.press("Account recovery request").await;
    chrome.see("first reply overdue").await;
    chrome.press("Tracker").await;
    chrome.see("You have seen it all.").await;
    // An hour later it is over by itself, and so it is for those who end it.
    chrome.press("+1 day").await;
    chrome.miss("You have seen it all.").await;
    assert_eq!(chrome.complaints().await, Vec::<String>::new());
    chrome.close().await;
}

#[tokio::test]
async fn the_tour_can_be_ended_and_shown_again_and_an_empty_queue_leads_back() {
    let demo = Demo::start();
    let chrome = Chrome::open(&demo.home, Scripts::Off).await;
    chrome.go("/tracker").await;
    chrome.press("End the tour").await;
    chrome.miss("Step 1 of 5").await;
    chrome.press("a maintainer").await;
    chrome.miss("Step 1 of 5").await;
    chrome.press("Show the tour again").await;
    chrome.see("Step 1 of 5").await;
    chrome.press("The desk’s own pages").await;
    chrome.press("Sign in as a maintainer").await;
    chrome.see("File a request in the demo's tracker").await;
    chrome.press("To the demo's tracker").await;
    // The form is the requester's, and whom one plays is kept.
    chrome.press("Become the requester").await;
    chrome.see("Account Recovery Request").await;
    chrome.fill("username", "ada-example").await;
    chrome.fill("reason", "I lost my phone.").await;
    chrome.press("Submit request").await;
    chrome.see_again("Step 3 of 5").await;
    chrome.press("Close").await;
    chrome.go("/?turn=requester").await;
    chrome.press("To the demo’s tracker").await;
    chrome.arrive("/acme/support/issues").await;
    chrome.close().await;
}
