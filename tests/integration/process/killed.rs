//! `kill -9` at any moment: nothing is lost and nothing is done twice.

use std::time::Duration;

use keydesk::sandbox::faults::{FaultKind, Moment};

use super::desk::{Desk, eventually};
use super::stand_in::{BODY, MAINTAINER, StandIn};

const ROUNDS: u64 = 20;

/// A little generator of our own: a seed replays the moments.
fn next(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *seed >> 33
}

#[tokio::test]
async fn killing_it_at_any_moment_loses_nothing_and_doubles_nothing() {
    let seed = match std::env::var("KEYDESK_TEST_SEED") {
        Ok(seed) => seed.parse().expect("KEYDESK_TEST_SEED is a number"),
        Err(_) => keydesk::clock::system()().as_millisecond().unsigned_abs(),
    };
    println!("seed {seed}: repeat it with KEYDESK_TEST_SEED={seed}");
    let mut chance = seed;
    let github = StandIn::start().await;
    let mut desk = Desk::new(&github);
    let mut numbers = Vec::new();
    for round in 0..ROUNDS {
        desk.start(&github).await;
        github.redeliver(false);
        numbers.push(github.file("I am locked out", BODY));
        if next(&mut chance).is_multiple_of(2) {
            // GitHub is slow now and then, and applies what it was sent although nobody waits.
            let moment = [Moment::Before, Moment::After][next(&mut chance) as usize % 2];
            let slow = FaultKind::Hang(Duration::from_millis(200), moment);
            github.spoil("POST /repos/*/*/issues/*/comments", (slow, 1));
        }
        if round % 4 == 3 {
            github.comment(
                MAINTAINER,
                numbers[next(&mut chance) as usize % numbers.len()],
                "/help",
            );
        }
        tokio::time::sleep(Duration::from_millis(next(&mut chance) % 250)).await;
        desk.kill();
        // What was sent to a dead process fails, and is in the log then.
        eventually("all webhooks were tried", Duration::from_secs(10), async || {
            github.sandbox.with(|state| state.events_waiting()) == 0
        })
        .await;
    }
    desk.start(&github).await;
    github.redeliver(false);
    desk.settled(&github, Duration::from_secs(60)).await;
    github.redeliver(true);
    desk.settled(&github, Duration::from_secs(60)).await;
    for number in numbers {
        let issue = github.issue(number);
        let cards = issue.comments.iter().filter(|one| one.body.contains(":card")).count();
        let bodies: Vec<&String> = issue.comments.iter().map(|comment| &comment.body).collect();
        assert_eq!(cards, 1, "seed {seed}, issue {number}: {bodies:?}");
        let commands = bodies.iter().filter(|body| body.as_str() == "/help").count();
        assert_eq!(bodies.len(), 1 + 2 * commands, "seed {seed}, issue {number}: {bodies:?}");
        let labels = github.labels(number);
        let wanted = ["account-recovery", "lost 2FA", "status: awaiting maintainers"];
        assert_eq!(labels, wanted, "seed {seed}, issue {number}");
    }
    assert_eq!(desk.wire.depths().await.set_aside, 0);
}
