//! A request opened against `serve`: its labels, its one card, commands, and an API that hangs.

use std::time::{Duration, Instant};

use keydesk::sandbox::faults::{FaultKind, Moment};
use keydesk::sandbox::seed::tracker;

use super::desk::{Desk, SOON};
use super::stand_in::{BODY, MAINTAINER, REQUESTER, StandIn};
use super::wire::Hook;

#[tokio::test]
async fn a_request_gets_its_labels_and_one_card_and_redelivery_changes_nothing() {
    let github = StandIn::start().await;
    let desk = Desk::started(&github).await;
    let number = github.file("Account recovery request", BODY);
    desk.settled(&github, SOON).await;
    let wanted = ["account-recovery", "lost 2FA", "status: awaiting maintainers"];
    assert_eq!(github.labels(number), wanted);
    let created = github.sandbox.with(|state| {
        let repository = state.find_repository(&tracker()).expect("the tracker");
        repository.find_label("lost 2FA").cloned().expect("the label")
    });
    let looks = &keydesk::policy::layers::built_in().labels.looks["lost 2FA"];
    assert_eq!(created.color, looks.color);
    assert_eq!(created.description.as_deref(), Some(looks.description.as_str()));
    let before = github.issue(number);
    assert_eq!(before.comments.len(), 1);
    assert_eq!(before.comments[0].author, "keydesk[bot]");

    github.redeliver(true);
    desk.settled(&github, SOON).await;
    let after = github.issue(number);
    assert_eq!(format!("{before:?}"), format!("{after:?}"), "nothing changed");
}

#[tokio::test]
async fn people_talk_and_the_desk_follows() {
    let github = StandIn::start().await;
    let desk = Desk::started(&github).await;
    let number = github.file("Account recovery request", BODY);
    desk.settled(&github, SOON).await;
    github.comment("ben-bystander", number, "/recovered");
    desk.settled(&github, SOON).await;
    assert!(github.issue(number).is_open(), "an outsider's command does nothing");
    let command = github.comment(MAINTAINER, number, "/initiated");
    desk.settled(&github, SOON).await;
    assert!(github.labels(number).contains(&"status: awaiting response".to_owned()));
    assert!(!github.labels(number).contains(&"status: awaiting maintainers".to_owned()));
    let said = github.issue(number).comments;
    let reacted = said.iter().find(|comment| comment.id == command).expect("the command");
    assert_eq!(reacted.reactions.len(), 1);
    github.comment(REQUESTER, number, "I found my codes!\r\n\r\n/resolved\r\n");
    desk.settled(&github, SOON).await;
    assert!(!github.issue(number).is_open());
    assert_eq!(desk.wire.depths().await.set_aside, 0);
}

#[tokio::test]
async fn acknowledgements_stay_quick_while_github_hangs() {
    const COUNT: usize = 200;
    let github = StandIn::start().await;
    github.spoil("/**", (FaultKind::Hang(Duration::from_secs(60), Moment::Before), u32::MAX));
    let desk = Desk::started(&github).await;
    let real: Vec<u64> = (0..5).map(|_| github.file("I am locked out", BODY)).collect();
    let mut times = Vec::new();
    for number in 0..COUNT {
        let hook = Hook::opened(&format!("hanging-{number}"), number as u64 + 1);
        let began = Instant::now();
        assert_eq!(desk.wire.status(&hook).await, 202);
        times.push(began.elapsed());
    }
    times.sort();
    let (median, last) = (times[COUNT / 2], times[COUNT - 1]);
    println!("acknowledged while GitHub hangs: median {median:?}, slowest {last:?}");
    assert!(median < Duration::from_millis(100), "median {median:?}");
    assert!(desk.wire.depths().await.deliveries as usize >= COUNT, "all of it waits");
    github.sandbox.with(|state| state.faults.clear());
    // What hangs already is given up after 15 s, one worker after the other.
    desk.settled(&github, Duration::from_secs(150)).await;
    for number in real {
        assert_eq!(github.marked(number).len(), 1, "issue {number}");
    }
    assert_eq!(desk.wire.depths().await.set_aside, 0);
}
