//! What is counted by week is what the moments tell, whoever saves them and in whatever order.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use keydesk::store::{Address, PastTicket, Store, TicketChange, Week};
use keydesk::triage::{Decision, Moment, Repository, RepositoryId};
use rusqlite::Connection;

use super::Pair;
use super::contracts::{at, claim, comes, of_decision, repository, ticket};
use crate::postgres::server::Server;

const DESKS: [u64; 2] = [7, 8];

/// What stands in `moments`: repository, time, kind and detail.
const MOMENTS: &str = "SELECT repository, at, kind, detail FROM moments";
type Told = (i64, i64, String, String);

/// Counts by repository, week, kind and detail.
type Counts = BTreeMap<(u64, i64, String, String), u64>;

fn days(count: i64) -> Timestamp {
    at(0) + SignedDuration::from_hours(24 * count)
}

fn change(desk: u64, moments: Vec<(Timestamp, Moment)>) -> TicketChange {
    TicketChange {
        from: None,
        repository: Repository { id: RepositoryId(desk), ..repository() },
        policy: String::new(),
        is_observing: false,
        moments,
    }
}

/// Requests come, of two desks in turn, and what they tell happened in any order.
async fn happens(Pair { here, there }: &Pair) {
    for issue in 1..=8 {
        let store = if issue % 3 == 0 { there } else { here };
        assert!(comes(store, &format!("guid-{issue}"), issue).await);
        // Two of one account are told of each other.
        let claimed = loop {
            let claimed = claim(store, 0).await.expect("a delivery");
            if claimed.event == "issues" {
                break claimed;
            }
            store.finish_delivery(claimed.claim).await.expect("ours");
        };
        let day = issue as i64 * 5 % 23;
        let moments = vec![
            (days(day), Moment::Opened),
            (days(day + 9), Moment::Escalated("late".to_owned())),
            (days(day + 2), Moment::Escalated("first".to_owned())),
            (days(day + 3), Moment::Escalated("first".to_owned())),
            (days(day - 30), Moment::Answered),
        ];
        let decision = Decision::unchanged(Some(&ticket(issue)), "a test");
        let change = change(DESKS[issue as usize % 2], moments);
        let commit = of_decision(&claimed, (ticket(issue).id, decision), change);
        store.commit(commit).await.expect("kept");
    }
    for desk in DESKS {
        let moments = vec![(days(-400), Moment::Closed), (days(-410), Moment::Opened)];
        let past = PastTicket {
            ticket: ticket(100 + desk),
            change: change(desk, moments),
            wake_at: None,
            events: Vec::new(),
            reasons: Vec::new(),
        };
        here.keep_past(Some(past), None).await.expect("kept");
        let changed = Repository { id: RepositoryId(desk), ..repository() };
        here.change_desk(changed, |_| ()).await.expect("a desk");
    }
    let erased = there.erase_ticket(("acme/support".to_owned(), 2), days(50)).await;
    erased.expect("a store").expect("it was there");
}

async fn counted(store: &Store) -> Counts {
    let mut counts = Counts::new();
    for desk in DESKS {
        let asked = (Week::of(days(-1_000)), days(1_000));
        let weeks = store.moments_by_week(RepositoryId(desk), asked).await.expect("a store");
        for one in weeks {
            let twice = counts.insert((desk, one.week.0, one.kind, one.detail), one.count);
            assert_eq!(twice, None);
        }
    }
    counts
}

fn counts_of(told: Vec<Told>) -> Counts {
    let mut counts = Counts::new();
    for (desk, at, kind, detail) in told {
        let week = Week::of(Timestamp::from_microsecond(at).expect("a time"));
        *counts.entry((desk.unsigned_abs(), week.0, kind, detail)).or_default() += 1;
    }
    counts
}

fn is_a_mixture(counts: &Counts) {
    assert!(counts.len() > 20, "{counts:?}");
    assert!(counts.values().any(|count| *count > 1), "{counts:?}");
    assert!(counts.keys().any(|(.., kind, _)| kind == "left"), "{counts:?}");
}

#[tokio::test]
async fn a_file_counts_by_week_what_happened() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("desk.db");
    let here = Store::open(&Address::File(path.clone())).await.expect("a store");
    let pair = Pair { there: here.clone(), here };
    happens(&pair).await;
    let file = Connection::open(&path).expect("the file");
    let mut statement = file.prepare(MOMENTS).expect("SQL");
    let told = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
        .and_then(Iterator::collect);
    let counts = counted(&pair.there).await;
    is_a_mixture(&counts);
    assert_eq!(counts, counts_of(told.expect("moments")));
}

#[tokio::test]
async fn postgres_counts_by_week_what_happened() {
    let server = Server::start();
    let database = server.new_database();
    let pair = Pair::start(&database).await;
    happens(&pair).await;
    let told = server.query(&database, MOMENTS);
    let told = told.iter().map(|row| (row.get(0), row.get(1), row.get(2), row.get(3))).collect();
    let counts = counted(&pair.there).await;
    is_a_mixture(&counts);
    assert_eq!(counts, counts_of(told));
}

/// The step that made the table counts what was there.
#[tokio::test]
async fn what_happened_before_is_counted_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("desk.db");
    let address = Address::File(path.clone());
    let before = {
        let here = Store::open(&address).await.expect("a store");
        let pair = Pair { there: here.clone(), here };
        happens(&pair).await;
        counted(&pair.here).await
    };
    let step = include_str!("../../../migrations/sqlite/0012_weeks.sql");
    let file = Connection::open(&path).expect("the file");
    file.execute_batch("DROP TABLE weeks; CREATE INDEX moments_by_kind ON moments (kind)")
        .expect("as it was before");
    file.execute_batch(step).expect("the step");
    drop(file);
    let mut again = Store::open(&address).await;
    while again.is_err() {
        // The writer of the store before it lets go of the file a moment later.
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        again = Store::open(&address).await;
    }
    assert_eq!(counted(&again.expect("a store")).await, before);
}
