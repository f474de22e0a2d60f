//! Alarms: rules that change, clocks that jump, and many things due at once.

use std::path::Path;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use keydesk::store::{Address, NewDelivery, Store, WAKE};

use crate::desk::{ADA, Desk, MIRA, lost_phone, request};

const LATE: &str =
    "[[escalation]]\nname = \"late\"\nafter = \"2 working days\"\nlabels = [\"escalated\"]\n";

fn escalated(desk: &Desk, count: u64) -> usize {
    let is_escalated = |number: &u64| {
        let issue = desk.issue_at(*number);
        desk.labels_of(&issue).contains(&"escalated".to_owned())
    };
    (1..=count).filter(is_escalated).count()
}

/// So many people ask, each for an account of their own.
fn desk_with_requests(count: u64) -> Desk {
    let desk = Desk::under("escalation = []");
    for number in 0..count {
        let body = request(Some(&format!("account-{number}")), "I lost my phone.", true);
        desk.opens(ADA, &body, &["account-recovery"]);
    }
    desk
}

#[test]
fn a_new_rule_takes_the_oldest_first_and_so_many_an_hour() {
    let desk = desk_with_requests(70);
    desk.wait_days(20);
    desk.pushes_policy(LATE);
    assert_eq!(escalated(&desk, 70), 30);
    assert_eq!(escalated(&desk, 30), 30, "the oldest first");
    desk.wait(SignedDuration::from_mins(58));
    assert_eq!(escalated(&desk, 70), 30);
    desk.wait(SignedDuration::from_mins(4));
    assert_eq!(escalated(&desk, 60), 60);
    desk.wait(SignedDuration::from_hours(1));
    assert_eq!(escalated(&desk, 70), 70);
}

#[test]
fn a_rule_that_is_taken_back_meanwhile_does_no_more() {
    let desk = desk_with_requests(40);
    desk.wait_days(20);
    desk.pushes_policy(LATE);
    assert_eq!(escalated(&desk, 40), 30);
    desk.pushes_policy("escalation = []\n[desk]\noverdue_per_hour = 31\n");
    desk.wait_days(2);
    assert!(escalated(&desk, 40) <= 30, "nothing is left to do");
}

#[test]
fn a_step_is_taken_once_however_the_policy_changes() {
    let desk = Desk::under(LATE);
    desk.ada_asks(&lost_phone());
    desk.wait_days(4);
    assert_eq!(escalated(&desk, 1), 1);
    let mentioning = format!("{LATE}mention = [\"@root\"]\n");
    desk.pushes_policy(&mentioning);
    desk.pushes_policy(LATE);
    desk.pushes_policy(&mentioning);
    desk.wait_days(30);
    assert!(!desk.shows().contains("<escalated>"), "{}", desk.shows());
}

#[test]
fn a_clock_that_jumps_back_repeats_nothing() {
    let desk = Desk::under(&format!("{LATE}mention = [\"@root\"]\n"));
    desk.ada_asks(&lost_phone());
    desk.wait_days(4);
    let before = desk.shows();
    assert!(before.contains("<escalated>"), "{before}");
    desk.sandbox.move_clock(SignedDuration::from_hours(-72));
    desk.settle();
    desk.wait_days(6);
    assert_eq!(desk.shows(), before);
}

#[test]
fn a_time_to_come_is_waited_for() {
    let desk = Desk::under(LATE);
    desk.ada_asks(&lost_phone());
    desk.says(MIRA, "Which projects do you own?");
    let soon = desk.sandbox.now() + SignedDuration::from_hours(24 * 30);
    desk.sandbox.with(|state| {
        let person = keydesk::sandbox::state::Actor::Person(ADA.to_owned());
        let mut acting = state.acting(person, soon);
        acting.create_comment(&crate::desk::issue(1), "I own left-pad.").expect("a comment");
    });
    desk.settle();
    desk.wait_days(20);
    assert_eq!(escalated(&desk, 1), 0);
    desk.wait_days(20);
    assert_eq!(escalated(&desk, 1), 1);
}

/// So many open tickets, each due at `now`.
fn fill_with_alarms(path: &Path, count: u32, now: Timestamp) {
    let fill = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1)
        INSERT INTO tickets (issue, repository, number, is_open, turn, turn_since, wake_at, policy, version, state)
        SELECT n, 1, n, 1, 'maintainers', 0, ?2 + n - ?1, '', 1, '{}' FROM numbers";
    let connection = rusqlite::Connection::open(path).expect("a database");
    connection.execute(fill, rusqlite::params![count, now.as_microsecond()]).expect("tickets");
}

#[tokio::test]
async fn what_people_do_goes_before_thousands_of_alarms() {
    let now: Timestamp = "2026-11-23T09:00:00Z".parse().expect("a time");
    let lease = Duration::from_secs(60);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("keydesk.db");
    let store = Store::open(&Address::File(path.clone())).await.expect("a store");
    fill_with_alarms(&path, 10_000, now);
    for _ in 0..20 {
        store.ring_alarms(now, 500).await.expect("a store");
    }
    assert_eq!(store.depths(now).await.expect("a store").deliveries_waiting, 10_000);
    let claim = async || store.claim_delivery(now, lease).await.expect("a store").expect("work");
    let first = claim().await;
    assert_eq!((first.event.as_str(), first.subject.as_str()), (WAKE, "issue:1"));
    let fresh = NewDelivery {
        guid: "fresh".to_owned(),
        event: "issue_comment".to_owned(),
        subject: "issue:9999".to_owned(),
        body: "{}".to_owned(),
    };
    assert!(store.put_delivery(fresh, now).await.expect("a store"));
    assert_eq!(claim().await.guid, "fresh");
    for number in 2..50 {
        assert_eq!(claim().await.subject, format!("issue:{number}"), "in the order they were due");
    }
}
