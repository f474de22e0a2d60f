//! The policy at work in the process: from the operator's folder, from the repository, by the clock.

use std::time::Duration;

use keydesk::sandbox::seed::tracker;
use keydesk::sandbox::state::{Actor, Role};

use super::desk::{Desk, SOON, eventually};
use super::stand_in::{BODY, MAINTAINER, StandIn};

fn with_policy(github: &StandIn, policy: &str) -> Desk {
    let desk = Desk::new(github);
    std::fs::create_dir(desk.path("config")).expect("a folder");
    std::fs::write(desk.path("config/policy.toml"), policy).expect("a file");
    desk
}

#[tokio::test]
async fn observing_it_writes_nothing() {
    let github = StandIn::start().await;
    let mut desk = with_policy(&github, "[desk]\nmode = \"observe\"\n");
    desk.start(&github).await;
    let number = github.file("I am locked out", BODY);
    github.comment(MAINTAINER, number, "/recovered");
    desk.settled(&github, SOON).await;
    let issue = github.issue(number);
    assert!(issue.is_open() && issue.comments.len() == 1 && issue.labels.len() == 1);
    let figures = desk.wire.get("metrics").await.text;
    assert!(!figures.contains("keydesk_actions_total{"), "nothing was performed");
    assert_eq!(desk.wire.depths().await.set_aside, 0);
}

#[tokio::test]
async fn escalation_survives_a_death() {
    let github = StandIn::start().await;
    let policy =
        "[[escalation]]\nname = \"soon\"\nafter = \"2 seconds\"\nlabels = [\"escalated\"]\n";
    let mut desk = with_policy(&github, policy);
    desk.start(&github).await;
    let number = github.file("I am locked out", BODY);
    eventually("it has its card", SOON, async || github.marked(number).len() == 1).await;
    desk.kill();
    desk.start(&github).await;
    let is_escalated = || github.labels(number).contains(&"escalated".to_owned());
    eventually("it is escalated", SOON, async || is_escalated()).await;
    desk.settled(&github, SOON).await;
    assert_eq!(github.marked(number).len(), 1);
}

#[tokio::test]
async fn a_push_changes_the_policy() {
    let github = StandIn::start().await;
    let desk = Desk::started(&github).await;
    let push = |text: &str| {
        let now = github.sandbox.now();
        github.sandbox.with(|state| {
            let mut app = state.acting(Actor::App, now);
            app.give_role(&tracker(), MAINTAINER, Role::Write).expect("a role");
            let path = ".github/keydesk.toml";
            let mut mira = state.acting(Actor::Person(MAINTAINER.to_owned()), now);
            mira.push_file(&tracker(), path, Some(text.as_bytes())).expect("a push");
        });
    };
    let labelled = async |wanted: &str| {
        let number = github.file("I am locked out", BODY);
        desk.settled(&github, Duration::from_secs(30)).await;
        assert!(github.labels(number).contains(&wanted.to_owned()), "{wanted}");
    };
    labelled("lost 2FA").await;
    push("[labels.reasons]\nlost_2fa = \"second factor\"\n");
    labelled("second factor").await;
    push("[labels.reasons]\nlost_2fa = 7\n");
    labelled("second factor").await;
    assert_eq!(desk.wire.depths().await.set_aside, 0);
}

/// A text of the operator is read again on SIGHUP; a broken one is told, and the old one stays.
#[tokio::test]
async fn a_hangup_reads_the_folder_again() {
    let github = StandIn::start().await;
    let mut desk = with_policy(&github, "");
    let texts = desk.path("config/templates/comments");
    std::fs::create_dir_all(&texts).expect("a folder");
    desk.start(&github).await;
    let number = github.file("I am locked out", BODY);
    desk.settled(&github, SOON).await;
    let last_word = async |wanted: &str| {
        github.comment(MAINTAINER, number, "/aup\n/reopen");
        desk.settled(&github, SOON).await;
        let said = github.marked(number).last().expect("a comment").body.clone();
        assert!(said.contains(wanted), "{wanted}: {said}");
    };
    last_word("admin@pypi.org").await;
    for (text, told, wanted) in [
        ("Write to the elders.", "texts and policy were read again", "Write to the elders."),
        ("Write to {{ elders }", "not read again", "Write to the elders."),
    ] {
        std::fs::write(texts.join("aup.md"), text).expect("a file");
        desk.signal("HUP");
        eventually(told, SOON, async || desk.log().contains(told)).await;
        last_word(wanted).await;
    }
    assert!(desk.log().contains("aup.md:1"), "the place is told");
}
