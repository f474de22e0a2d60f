//! What the clock costs with many tickets in the store: `cargo bench --bench clock`.
//!
//! A tick that finds nothing due must cost under a millisecond with a million tickets, and no more
//! than with a thousand; the three rows stand under each other to be compared.

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion};
use jiff::{SignedDuration, Timestamp};
use keydesk::store::{Address, Store};
use rusqlite::{Connection, params};
use tokio::runtime::Runtime;

/// At once, as the engine rings them.
const ALARMS_MAX: u32 = 500;

/// All that are made due at once.
const DUE: u32 = 10_000;

fn now() -> Timestamp {
    "2026-11-23T09:00:00Z".parse().expect("a time")
}

/// A store with so many tickets, a hundredth of them open, each of those due in some hour to come.
fn store_with(count: u32, path: &Path) -> Store {
    drop(open(path));
    let connection = Connection::open(path).expect("a database");
    let fill = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1)
        INSERT INTO tickets (issue, repository, number, is_open, turn, turn_since, wake_at, policy, version, state, opened_at)
        SELECT n, n % 7, n, n % 100 = 0, CASE WHEN n % 100 = 0 THEN 'maintainers' ELSE 'nobody' END, n,
               CASE WHEN n % 100 = 0 THEN ?2 + n * 3600 END, 'p', 1, '{}', n FROM numbers";
    let later = now().as_microsecond() + 3_600_000_000;
    connection.execute(fill, params![count, later]).expect("rows");
    drop(connection);
    open(path)
}

/// The thread of an earlier store ends a moment after its handle, and its lock with it.
fn open(path: &Path) -> Store {
    let runtime = Runtime::new().expect("a runtime");
    let attempts = std::iter::repeat_with(|| {
        std::thread::sleep(Duration::from_millis(20));
        runtime.block_on(Store::open(&Address::File(path.to_owned())))
    });
    attempts.take(100).find_map(Result::ok).expect("a store")
}

/// As the engine does at each turn of its clock.
async fn tick(store: &Store, now: Timestamp) -> Option<Timestamp> {
    store.ring_alarms(now, ALARMS_MAX).await.expect("a store");
    assert!(store.desks_with_late_alarms(now).await.expect("a store").is_empty());
    store.next_due_at(now).await.expect("a store")
}

fn nothing_due(criterion: &mut Criterion, runtime: &Runtime) {
    let mut group = criterion.benchmark_group("a tick with nothing due");
    for count in [1_000, 100_000, 1_000_000] {
        let folder = tempfile::tempdir().expect("a folder");
        let store = store_with(count, &folder.path().join("keydesk.db"));
        group.bench_function(BenchmarkId::new("tickets", count), |bencher| {
            bencher.iter(|| black_box(runtime.block_on(tick(&store, now()))));
        });
    }
    group.finish();
}

/// Everything that is due is rung in twenty ticks.
fn many_due(criterion: &mut Criterion, runtime: &Runtime) {
    let mut group = criterion.benchmark_group("10,000 wakings due at once");
    group.sample_size(10);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("keydesk.db");
    let store = store_with(1_000_000, &path);
    let late = now() + SignedDuration::from_mins(50);
    let mut round = 0;
    group.bench_function("rung", |bencher| {
        bencher.iter_batched(
            || {
                round += 1;
                let again = "UPDATE tickets SET wake_at = ?1, version = ?2 WHERE is_open = 1";
                let connection = Connection::open(&path).expect("a database");
                let due = now().as_microsecond();
                let changed = connection.execute(again, params![due, round * 10]).expect("rows");
                assert_eq!(changed, usize::try_from(DUE).expect("a count"));
            },
            |()| {
                for _ in 0..DUE / ALARMS_MAX {
                    runtime.block_on(store.ring_alarms(late, ALARMS_MAX)).expect("a store");
                }
            },
            criterion::BatchSize::PerIteration,
        );
    });
    group.finish();
}

fn main() {
    let runtime = Runtime::new().expect("a runtime");
    let mut criterion = Criterion::default().configure_from_args();
    nothing_due(&mut criterion, &runtime);
    many_due(&mut criterion, &runtime);
    criterion.final_summary();
}
