//! Who the bot is: an App whose tokens end, or somebody with a token of their own.

use keydesk::sandbox::seed::tracker;
use keydesk::sandbox::state::{Actor, Role};

use super::desk::{Desk, SOON};
use super::stand_in::{BODY, KEY_PATH, MAINTAINER, StandIn};

#[tokio::test]
async fn a_revoked_token_is_renewed() {
    let github = StandIn::start().await;
    let desk = Desk::started(&github).await;
    let first = github.file("I am locked out", BODY);
    desk.settled(&github, SOON).await;
    github.sandbox.with(|state| state.revoke_tokens());
    let second = github.file("I am locked out too", BODY);
    desk.settled(&github, SOON).await;
    for number in [first, second] {
        assert_eq!(github.marked(number).len(), 1);
        assert!(github.labels(number).contains(&"lost 2FA".to_owned()));
    }
    let figures = desk.wire.get("metrics").await.text;
    assert!(figures.contains("status=\"401\""), "GitHub refused the old one: {figures}");
}

/// A desk that works with the maintainer's own token.
async fn with_token(github: &StandIn) -> (Desk, String) {
    let now = github.sandbox.now();
    let token = github.sandbox.with(|state| {
        let mut app = state.acting(Actor::App, now);
        app.give_role(&tracker(), MAINTAINER, Role::Write).expect("a role");
        state.create_personal_token(MAINTAINER)
    });
    let mut desk = Desk::new(github)
        .with("GITHUB_APP_ID", "")
        .with("GITHUB_PRIVATE_KEY_PATH", "")
        .with("GITHUB_TOKEN", &token);
    desk.start(github).await;
    (desk, token)
}

#[tokio::test]
async fn a_token_makes_the_bot_not_deaf_to_its_owner() {
    let github = StandIn::start().await;
    let (desk, token) = with_token(&github).await;
    let number = github.file("I am locked out", BODY);
    desk.settled(&github, SOON).await;
    let wanted = ["account-recovery", "lost 2FA", "status: awaiting maintainers"];
    assert_eq!(github.labels(number), wanted, "its own comment turned nothing");
    let comments = github.issue(number).comments;
    assert_eq!((comments.len(), comments[0].author.as_str()), (1, MAINTAINER));

    github.comment(MAINTAINER, number, "/initiated");
    desk.settled(&github, SOON).await;
    let wanted = ["account-recovery", "lost 2FA", "status: awaiting response"];
    assert_eq!(github.labels(number), wanted, "that person's own command works");
    assert_eq!(github.marked(number).len(), 2);
    github.redeliver(true);
    desk.settled(&github, SOON).await;
    assert_eq!(github.marked(number).len(), 2);
    assert!(!desk.log().contains(&token));
}

#[tokio::test]
async fn the_key_may_be_given_in_one_line() {
    use base64::Engine as _;
    let pem = std::fs::read_to_string(KEY_PATH).expect("the key");
    let encoded = base64::prelude::BASE64_STANDARD.encode(&pem);
    for key in [pem.clone(), encoded, pem.replace('\n', "\\n")] {
        let github = StandIn::start().await;
        let mut desk =
            Desk::new(&github).with("GITHUB_PRIVATE_KEY_PATH", "").with("GITHUB_PRIVATE_KEY", &key);
        desk.start(&github).await;
        let number = github.file("I am locked out", BODY);
        desk.settled(&github, SOON).await;
        assert_eq!(github.marked(number).len(), 1);
    }
}
