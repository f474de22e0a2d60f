//! Waiting times: the table is what the tickets say, whatever happens to them, and only what a
//! human of the desk says is an answer.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use keydesk::reading::{self, form::Form};
use keydesk::sandbox::seed::tracker;
use keydesk::sandbox::state::{AccountKind, Role};
use keydesk::store::{
    Address, ClaimedDelivery, Commit, Measure, Month, NewDelivery, Store, TicketChange,
};
use keydesk::triage::{
    Decision, EventKey, IssueId, IssueNumber, Repository, RepositoryId, Snapshot, Ticket,
};
use proptest::prelude::*;
use rusqlite::Connection;
use tokio::runtime::Runtime;

use crate::desk::{ADA, BEN, Desk, MIRA, ROOT, lost_phone};

/// Repository, measure, month and hours, and how many waited so long.
type Table = BTreeMap<(i64, String, i64, i64), i64>;

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

fn repository(id: u64) -> Repository {
    Repository {
        id: RepositoryId(id),
        owner: "acme".to_owned(),
        name: format!("support-{id}"),
        installation: None,
        default_branch: "main".to_owned(),
        is_private: false,
    }
}

fn ticket(issue: u64) -> Ticket {
    let opened_at = at("2026-09-28T00:00:00Z") + SignedDuration::from_hours(97 * issue as i64);
    Ticket::new(&Snapshot {
        id: IssueId(issue),
        number: IssueNumber(issue),
        url: format!("https://github.example/acme/support/issues/{issue}"),
        author: None,
        title: String::new(),
        body: String::new(),
        labels: Vec::new(),
        is_open: true,
        is_locked: false,
        assignees: Vec::new(),
        opened_at,
        updated_at: opened_at,
        reading: reading::read_request(&Form::built_in(), "", ""),
    })
}

/// A delivery to be decided on.
async fn claim(store: &Store, count: usize, now: Timestamp) -> ClaimedDelivery {
    let delivery = NewDelivery {
        guid: count.to_string(),
        event: "issues".to_owned(),
        subject: String::new(),
        body: String::new(),
    };
    assert!(store.put_delivery(delivery, now).await.expect("a store"));
    let claimed = store.claim_delivery(now, Duration::from_secs(30)).await.expect("a store");
    claimed.expect("a delivery")
}

/// Two desks on a disk, and their tickets as they were last saved.
struct Books {
    runtime: Runtime,
    folder: tempfile::TempDir,
    store: Store,
    tickets: Vec<(u64, Ticket, bool)>,
    commit_count: usize,
}

impl Books {
    fn open() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let address = Address::File(folder.path().join("desk.db"));
        let store = runtime.block_on(Store::open(&address)).expect("a store");
        for id in [1, 2] {
            let made = runtime.block_on(store.change_desk(repository(id), |_| {}));
            made.expect("a desk");
        }
        let tickets = (1..=5).map(|issue| (1 + issue % 2, ticket(issue), false)).collect();
        Self { runtime, folder, store, tickets, commit_count: 0 }
    }

    /// Something happens to a ticket, so many hours after it was opened, and is kept.
    fn happen(&mut self, (index, what, hours): (usize, u8, i64)) {
        let (repository_id, ticket, is_saved) = &mut self.tickets[index];
        let time = ticket.opened_at + SignedDuration::from_mins(hours * 50 - 100);
        match what {
            0 => {
                ticket.answered_at = Some(ticket.answered_at.map_or(time, |first| first.min(time)))
            }
            1 => (ticket.is_open, ticket.closed_at) = (false, Some(time)),
            2 => (ticket.is_open, ticket.closed_at) = (true, None),
            _ => *repository_id = 3 - *repository_id,
        }
        self.commit_count += 1;
        let known = self.runtime.block_on(self.store.find_ticket(ticket.id)).expect("a store");
        let claimed = self.runtime.block_on(claim(&self.store, self.commit_count, time));
        let change = TicketChange {
            from: known.map(|known| known.row),
            repository: repository(*repository_id),
            policy: String::new(),
            is_observing: false,
            moments: Vec::new(),
        };
        let commit = Commit {
            delivery: claimed.claim,
            urgency: claimed.urgency,
            event_key: EventKey(format!("event:{}", self.commit_count)),
            issue: ticket.id,
            change: Some(change),
            decision: Decision::unchanged(Some(ticket), ""),
            now: time,
        };
        *is_saved = true;
        self.runtime.block_on(self.store.commit(commit)).expect("kept");
    }

    fn table(&self) -> Table {
        let connection = Connection::open(self.folder.path().join("desk.db")).expect("the file");
        let sql = "SELECT repository, measure, month, hours, count FROM waits";
        let mut statement = connection.prepare(sql).expect("the table");
        let rows = statement.query_map([], |row| {
            Ok(((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?), row.get(4)?))
        });
        rows.expect("rows").collect::<Result<_, _>>().expect("rows")
    }

    /// Every wait of the tickets that were saved: desk, measure, month and hours.
    fn waits(&self) -> Vec<(i64, Measure, Timestamp, i64)> {
        let saved = self.tickets.iter().filter(|(.., is_saved)| *is_saved);
        let both = saved.flat_map(|(repository, ticket, _)| {
            let wait = |measure, ended_at: Option<Timestamp>| {
                let ended_at = ended_at?;
                let seconds = ended_at.duration_since(ticket.opened_at).as_secs().max(0);
                Some((*repository as i64, measure, ended_at, (seconds + 3_599) / 3_600))
            };
            [
                wait(Measure::FirstReply, ticket.answered_at),
                wait(Measure::Resolution, ticket.closed_at),
            ]
        });
        both.flatten().collect()
    }

    fn recount(&self) -> Table {
        let mut table = Table::new();
        for (repository, measure, ended_at, hours) in self.waits() {
            let month = ended_at.strftime("%Y%m").to_string().parse().expect("a month");
            *table.entry((repository, measure.name().to_owned(), month, hours)).or_default() += 1;
        }
        table
    }
}

/// Of sorted hours, those that so many in a hundred do not exceed.
fn nearest_rank(hours: &[i64], in_hundred: usize) -> i64 {
    let enough = |limit: &&i64| {
        let within = hours.iter().filter(|hours| hours <= limit).count();
        within * 100 >= hours.len() * in_hundred
    };
    *hours.iter().find(enough).expect("some hours")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_table_is_what_the_tickets_say(
        events in prop::collection::vec((0..5usize, 0..4u8, 0..3_000i64), 1..25),
    ) {
        let mut books = Books::open();
        events.into_iter().for_each(|event| books.happen(event));
        prop_assert_eq!(books.table(), books.recount());
        let from = Month::of(at("2026-10-15T00:00:00Z"));
        for measure in Measure::ALL {
            let months = books.store.waits_by_month(RepositoryId(1), measure, from);
            for summary in books.runtime.block_on(months).expect("months") {
                let mut hours: Vec<i64> = books
                    .waits()
                    .into_iter()
                    .filter(|(desk, what, ended_at, _)| {
                        *desk == 1 && *what == measure && Some(Month::of(*ended_at)) == summary.month
                    })
                    .map(|(.., hours)| hours)
                    .collect();
                hours.sort_unstable();
                prop_assert_eq!(summary.count, hours.len() as u64);
                prop_assert_eq!(i64::from(summary.half_hours), nearest_rank(&hours, 50));
                prop_assert_eq!(i64::from(summary.most_hours), nearest_rank(&hours, 90));
            }
            // All of it lies within the 90 days before the end of the year.
            let lately = books.store.waits_lately(None, measure, at("2026-12-20T00:00:00Z"));
            let lately = books.runtime.block_on(lately).expect("an answer");
            let since = at("2026-09-01T00:00:00Z");
            let count = books.waits().iter().filter(|wait| wait.1 == measure && wait.2 >= since).count();
            prop_assert_eq!(lately.map_or(0, |waits| waits.count), count as u64);
        }
    }
}

/// A database of before the table was there.
#[test]
fn the_migration_counts_what_is_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("desk.db");
    let old = Connection::open(&path).expect("a file");
    old.execute_batch(include_str!("../../migrations/sqlite/0001_desk.sql")).expect("tables");
    old.execute_batch(include_str!("../../migrations/sqlite/0002_conversation.sql"))
        .expect("columns");
    old.execute_batch(
        "INSERT INTO tickets (issue, repository, number, is_open, turn, turn_since, policy, version, state,
                              opened_at, answered_at, closed_at)
         VALUES (1, 7, 1, 0, 'nobody', 0, '', 1, '{\"stage\": \"resolved\"}', 0, 3600000001, 7200000000),
                (2, 7, 2, 1, 'requester', 0, '', 1, '{\"stage\": \"filed\"}', 0, 3600000002, NULL),
                (3, 7, 3, 1, 'requester', 0, '', 1, '{\"stage\": \"filed\"}', 9000000000, 0, NULL);
         PRAGMA user_version = 2;",
    )
    .expect("rows");
    drop(old);
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    drop(runtime.block_on(Store::open(&Address::File(path.clone()))).expect("a store of today"));
    let now = Connection::open(&path).expect("the file");
    let rows = |sql: &str| -> Vec<String> {
        let mut statement = now.prepare(sql).expect("a query");
        let rows = statement.query_map([], |row| row.get(0)).expect("rows");
        rows.collect::<Result<_, _>>().expect("rows")
    };
    let waits = "SELECT repository || ' ' || measure || ' ' || month || ': ' || hours || ' h × ' || count FROM waits";
    let expected = [
        "7 first_reply 197001: 0 h × 1",
        "7 first_reply 197001: 2 h × 2",
        "7 resolution 197001: 2 h × 1",
    ];
    assert_eq!(rows(waits), expected);
    let moments = "SELECT kind || ' ' || issue FROM moments ORDER BY 1";
    let expected = [
        "answered 1",
        "answered 2",
        "answered 3",
        "closed 1",
        "deflected 1",
        "opened 1",
        "opened 2",
        "opened 3",
    ];
    assert_eq!(rows(moments), expected);
}

fn count(desk: &Desk, measure: Measure) -> u64 {
    let waits = desk.store.waits_lately(None, measure, desk.sandbox.now());
    let waits = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime")
        .block_on(waits)
        .expect("an answer");
    waits.map_or(0, |waits| waits.count)
}

#[test]
fn only_a_human_of_the_desk_answers() {
    let desk = Desk::open();
    desk.act(ROOT, |acting| acting.give_role(&tracker(), ROOT, Role::Admin));
    desk.sandbox.with(|state| drop(state.add_user("stale[bot]", AccountKind::Bot).login.clone()));
    desk.opens(ROOT, &lost_phone(), &["account-recovery"]);
    desk.says(BEN, "I can help you, which name is it?");
    desk.says("stale[bot]", "Which browser do you use?");
    desk.says(ROOT, "Any news? Which data do you need?");
    desk.says(MIRA, "/label seen");
    desk.says(MIRA, "/initated");
    assert_eq!(count(&desk, Measure::FirstReply), 0, "{}", desk.shows());
    desk.says(MIRA, "/initiated");
    assert_eq!(count(&desk, Measure::FirstReply), 1, "{}", desk.shows());
    desk.says(MIRA, "Which projects do you own?");
    assert_eq!(count(&desk, Measure::FirstReply), 1);
}

#[test]
fn an_end_is_taken_back_and_counted_anew() {
    let desk = Desk::open();
    desk.ada_asks(&lost_phone());
    desk.closes(MIRA);
    assert_eq!(count(&desk, Measure::Resolution), 1);
    desk.says(MIRA, "/reopen");
    assert_eq!(count(&desk, Measure::Resolution), 0);
    desk.wait_days(40);
    desk.says(ADA, "/resolved");
    assert_eq!(count(&desk, Measure::Resolution), 1);
    assert_eq!(count(&desk, Measure::FirstReply), 0, "nobody of the desk said anything");
}

/// Nobody can say who answered before: the first answer that is heard need not be the first.
#[test]
fn a_conversation_joined_late_measures_no_first_reply() {
    let desk = Desk::open();
    desk.hold();
    desk.ada_asks(&lost_phone());
    desk.release(|_| Vec::new());
    desk.wait_days(3);
    desk.says(MIRA, "Which projects do you own?");
    let ticket = desk.report(1).expect("a ticket").ticket;
    assert!(ticket.answered_at.is_some(), "silence and closing go by it all the same");
    assert_eq!(count(&desk, Measure::FirstReply), 0);
    desk.closes(MIRA);
    assert_eq!(count(&desk, Measure::Resolution), 1);
}

/// The opening that comes late shows that nothing was missed; of two answers the first counts.
#[test]
fn deliveries_that_come_late_change_nothing() {
    let desk = Desk::open();
    desk.hold();
    desk.ada_asks(&lost_phone());
    desk.wait_days(3);
    desk.says(MIRA, "Which projects do you own?");
    desk.wait_days(2);
    desk.says(MIRA, "And since when?");
    desk.release(|mut events| {
        events.reverse();
        events
    });
    assert_eq!(count(&desk, Measure::FirstReply), 1, "{}", desk.shows());
    let ticket = desk.report(1).expect("a ticket").ticket;
    let waited = ticket.answered_at.expect("an answer").duration_since(ticket.opened_at);
    assert_eq!(waited.as_hours(), 72);
}
