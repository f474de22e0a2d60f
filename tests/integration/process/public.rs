//! What everybody may see: the badge on the card, the status page, and no secret.

use keydesk::sandbox::seed::tracker;
use keydesk::sandbox::state::{IssueChange, RepositoryName};

use super::desk::{Desk, SOON};
use super::stand_in::{BODY, MAINTAINER, REQUESTER, StandIn};

const PUBLIC: &str = "https://desk.example";

#[tokio::test]
async fn the_badge_tells_the_place_in_the_queue_and_whose_turn_it_is() {
    let github = StandIn::start().await;
    let mut desk = Desk::new(&github).with("KEYDESK_PUBLIC_URL", PUBLIC);
    desk.start(&github).await;
    let first = github.file("Locked out", BODY);
    desk.settled(&github, SOON).await;
    let second = github.file("Locked out too", &BODY.replace("ada", "grace"));
    desk.settled(&github, SOON).await;
    let RepositoryName { owner, name } = tracker();
    let card = &github.marked(second)[0].body;
    assert!(card.contains(&format!("{PUBLIC}/badge/{owner}/{name}/{second}.svg")), "{card}");
    assert!(card.contains(&format!("{PUBLIC}/status/{owner}/{name}/{second}")), "{card}");
    let badge =
        async |number: u64| desk.wire.get(&format!("badge/{owner}/{name}/{number}.svg")).await;
    assert!(badge(second).await.text.contains("#2 of 2"));
    github.comment(MAINTAINER, first, "/need the name of one project");
    desk.settled(&github, SOON).await;
    assert!(badge(first).await.text.contains("waiting for you"));
    assert!(badge(second).await.text.contains("#1 of 1"));
    let drawn = badge(second).await;
    assert_eq!(drawn.headers["content-type"], "image/svg+xml; charset=utf-8");
    assert_eq!(drawn.headers["cache-control"], "public, max-age=60");
    let page = desk.wire.get(&format!("status/{owner}/{name}/{second}")).await;
    assert!(page.text.contains("number 1 of 1"), "{}", page.text);
    assert!(!page.text.contains("grace"), "the user name is nobody's business: {}", page.text);
    github.comment(MAINTAINER, second, "/snooze 3 days");
    desk.settled(&github, SOON).await;
    let page = desk.wire.get(&format!("status/{owner}/{name}/{second}")).await;
    assert!(page.text.contains("put it aside until 20"), "{}", page.text);
    for unknown in ["badge/no/where/1.svg", "badge/a/b/x.svg", "status/no/where/1"] {
        assert_eq!(desk.wire.get(unknown).await.status, 404, "{unknown}");
    }
}

#[tokio::test]
async fn tickets_of_a_private_repository_are_nobodys_business() {
    let github = StandIn::start().await;
    github.sandbox.with(|state| {
        state.find_repository_mut(&tracker()).expect("the tracker").is_private = true;
    });
    let mut desk = Desk::new(&github).with("KEYDESK_PUBLIC_URL", PUBLIC);
    desk.start(&github).await;
    let number = github.file("Locked out", BODY);
    desk.settled(&github, SOON).await;
    assert!(!github.marked(number)[0].body.contains(PUBLIC));
    let RepositoryName { owner, name } = tracker();
    let page = desk.wire.get(&format!("status/{owner}/{name}/{number}")).await;
    assert_eq!(page.status, 404);
    assert_eq!(desk.wire.get(&format!("badge/{owner}/{name}/{number}.svg")).await.status, 404);
}

/// In the body, in the title, in a comment: blanked where it stands, and nowhere else to be found.
#[tokio::test]
async fn a_secret_is_blanked_and_kept_nowhere() {
    let github = StandIn::start().await;
    let mut desk = Desk::new(&github).with("RUST_LOG", "debug,octocrab=off,hyper_util=off");
    desk.start(&github).await;
    let (in_body, in_title, in_comment) =
        ("4f0d9a7c2b6e8135", "9b1e44c07da2f386", "77aa90cd13e5b2f4");
    let body = BODY.replace("I have no recovery codes", &format!("my recovery code is {in_body}"));
    let number = github.file(&format!("Recovery code {in_title} refused"), &body);
    desk.settled(&github, SOON).await;
    github.comment(REQUESTER, number, &format!("I have another recovery code: {in_comment}"));
    desk.settled(&github, SOON).await;
    let issue = github.issue(number);
    let shown = format!("{} {:?} {:?}", issue.title, issue.body, issue.comments);
    for secret in [in_body, in_title, in_comment] {
        assert!(!shown.contains(secret), "{secret} is still to be seen: {shown}");
        assert!(!desk.log().contains(secret), "{secret} is in the log");
    }
    assert!(issue.title.contains("[removed]"), "{}", issue.title);
    assert!(github.labels(number).contains(&"security issue".to_owned()));
    desk.terminate();
    desk.ended(SOON).await;
    let files = std::fs::read_dir(desk.path(".")).expect("the folder");
    for file in
        files.flatten().filter(|file| file.file_name().to_string_lossy().contains("desk.db"))
    {
        let bytes = std::fs::read(file.path()).expect("the database");
        for secret in [in_body, in_title, in_comment] {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{secret} is in {:?}", file.path());
        }
    }
}

/// Whoever puts a secret back has it blanked again.
#[tokio::test]
async fn a_secret_that_is_put_back_is_blanked_again() {
    let github = StandIn::start().await;
    let desk = Desk::started(&github).await;
    let number = github.file("Locked out", BODY);
    desk.settled(&github, SOON).await;
    for secret in ["4f0d9a7c2b6e8135", "9b1e44c07da2f386"] {
        let body = Some(format!("{BODY}\n\nMy recovery code: {secret}"));
        let change = IssueChange { body, ..IssueChange::default() };
        let place = tracker().issue(number);
        github.as_person(REQUESTER, |ada| ada.edit_issue(&place, change)).expect("an edit");
        desk.settled(&github, SOON).await;
        let body = github.issue(number).body.unwrap_or_default();
        assert!(!body.contains(secret) && body.contains("[removed]"), "{body}");
    }
    let told = github.marked(number).len();
    assert_eq!(told, 2, "the card, and one word on what to do now");
}
