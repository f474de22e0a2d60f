//! What GitHub still allows an installation, across all processes: exact sliding windows over the
//! requests that were made.
//!
//! A request counts from the last moment at which GitHub can have seen it: while it is under way,
//! and where its end stayed unknown, that is when it would have timed out. So the windows as
//! GitHub sees them are never fuller than the windows here.

use std::time::Duration;

use jiff::Timestamp;

use super::connection::{Connection, Lock, params};
use super::deliveries::Urgency;
use super::{Store, StoreError, micros, span_micros, sql_id, timestamp};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3_600);

/// GitHub allows 900 a minute; a request that had to be repeated for its token costs twice.
const POINTS_PER_MINUTE: i64 = 880;
const READ_POINTS: i64 = 1;
const WRITE_POINTS: i64 = 5;

/// What bulk work may use of a limit, so that somebody who waits finds room.
const BULK_PERCENT: u32 = 95;

/// How many content-creating writes an installation may make; `None` for no limit. Where there is
/// neither, as on a server of one's own, nothing else is limited either.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// In any 60 seconds.
    pub per_minute: Option<u32>,
    /// In any 3,600 seconds.
    pub per_hour: Option<u32>,
}

/// What GitHub counts a request as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cost {
    /// Asking for something.
    Read,
    /// Creating or editing a comment, an issue or a label.
    Content,
    /// Any other change.
    Write,
}

/// A request that wants to be made.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    /// The installation it is made for; 0 in token mode.
    pub installation: u64,
    /// What it counts as.
    pub cost: Cost,
    /// Whether somebody waits for it.
    pub urgency: Urgency,
}

/// Why there is no room yet: what has to wait, and until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// What has to wait.
    pub scope: Scope,
    /// Until when.
    pub until: Timestamp,
}

/// What of an installation has to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Every request.
    All,
    /// What creates content.
    Content,
    /// What nobody waits for.
    Bulk,
}

impl Scope {
    fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Content => "content",
            Self::Bulk => "bulk",
        }
    }
}

impl Limits {
    /// Whether nothing is limited.
    pub(super) fn is_off(self) -> bool {
        self.per_minute.is_none() && self.per_hour.is_none()
    }
}

impl Store {
    /// Makes room for a request that only asks, or says how long there is none.
    ///
    /// # Errors
    /// Where the store does not answer; then nothing may be sent.
    pub async fn admit_read(
        &self,
        installation: u64,
        (now, timeout): (Timestamp, Duration),
        limits: Limits,
    ) -> Result<Result<(), Wait>, StoreError> {
        let wish = Wish { installation, cost: Cost::Read, urgency: Urgency::Interactive };
        if limits.is_off() {
            return Ok(Ok(()));
        }
        self.run(move |connection| {
            if let Some(wait) = wait_for(connection, wish, (now, limits))? {
                return Ok(Err(wait));
            }
            note(connection, (wish, 0), (now, timeout))?;
            Ok(Ok(()))
        })
        .await
    }

    /// Lets something of an installation wait until then.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn pause(&self, installation: u64, wait: Wait) -> Result<(), StoreError> {
        self.run(move |connection| {
            connection
                .prepare(
                    "INSERT INTO pauses (installation, scope, until) VALUES (?1, ?2, ?3)
                     ON CONFLICT (installation, scope) DO UPDATE SET until =
                         CASE WHEN pauses.until > excluded.until THEN pauses.until ELSE excluded.until END",
                )
                .send(params![sql_id(installation), wait.scope.name(), micros(wait.until)])
        })
        .await
    }
}

/// GitHub asked to wait while an action was in hand: its further requests wait too.
pub(super) fn pause_of_all(
    connection: &Connection,
    installation: u64,
    now: Timestamp,
) -> Result<Option<Wait>, StoreError> {
    let statement = connection
        .prepare("SELECT until FROM pauses WHERE installation = ?1 AND scope = ?2 AND until > ?3");
    let values = params![sql_id(installation), Scope::All.name(), micros(now)];
    let until: Option<i64> = statement.first(values, |row| row.get(0))?;
    Ok(until.map(|until| Wait { scope: Scope::All, until: timestamp(until) }))
}

/// Why `wish` finds no room now; none if it does.
pub(super) fn wait_for(
    connection: &Connection,
    wish: Wish,
    (now, limits): (Timestamp, Limits),
) -> Result<Option<Wait>, StoreError> {
    if limits.is_off() {
        return Ok(None);
    }
    let (installation, now) = (sql_id(wish.installation), micros(now));
    connection.lock(Lock::Budget(installation))?;
    connection
        .prepare("DELETE FROM requests WHERE installation = ?1 AND at <= ?2")
        .send([installation, now - span_micros(HOUR)])?;
    let points = points_free_at(connection, installation, (now, points_of(wish.cost)))?;
    if points > now {
        return Ok(Some(Wait { scope: Scope::All, until: timestamp(points) }));
    }
    let is_bulk = wish.urgency == Urgency::Bulk;
    if is_bulk && wish.cost != Cost::Read {
        let gap = bulk_free_at(connection, installation, now)?;
        if gap > now {
            return Ok(Some(Wait { scope: Scope::Bulk, until: timestamp(gap) }));
        }
    }
    if wish.cost != Cost::Content {
        return Ok(None);
    }
    let mut content = now;
    for (limit, window) in [(limits.per_minute, MINUTE), (limits.per_hour, HOUR)] {
        let Some(limit) = limit else { continue };
        let limit = if is_bulk { (limit * BULK_PERCENT / 100).max(1) } else { limit };
        content = content.max(content_free_at(connection, (installation, limit), (now, window))?);
    }
    let scope = if is_bulk { Scope::Bulk } else { Scope::Content };
    Ok((content > now).then(|| Wait { scope, until: timestamp(content) }))
}

/// Notes a request that is made now; `action` settles it when its end is known, 0 for none.
pub(super) fn note(
    connection: &Connection,
    (wish, action): (Wish, i64),
    (now, timeout): (Timestamp, Duration),
) -> Result<(), StoreError> {
    connection
        .prepare(
            "INSERT INTO requests (installation, at, points, is_content, is_bulk, action)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )
        .send(params![
            sql_id(wish.installation),
            micros(now).saturating_add(span_micros(timeout)),
            points_of(wish.cost),
            wish.cost == Cost::Content,
            wish.urgency == Urgency::Bulk && wish.cost != Cost::Read,
            action
        ])
}

/// The requests of an action have ended, one way or the other, by now.
pub(super) fn settle(
    connection: &Connection,
    action: i64,
    now: Timestamp,
) -> Result<(), StoreError> {
    connection
        .prepare("UPDATE requests SET at = CASE WHEN at < ?2 THEN at ELSE ?2 END, action = 0 WHERE action = ?1")
        .send([action, micros(now)])
}

fn points_of(cost: Cost) -> i64 {
    match cost {
        Cost::Read => READ_POINTS,
        Cost::Content | Cost::Write => WRITE_POINTS,
    }
}

/// When so many points more fit into the last minute.
fn points_free_at(
    connection: &Connection,
    installation: i64,
    (now, points): (i64, i64),
) -> Result<i64, StoreError> {
    let since = now - span_micros(MINUTE);
    let used: i64 = connection
        .prepare(
            "SELECT coalesce(sum(points), 0) FROM requests WHERE installation = ?1 AND at > ?2",
        )
        .one([installation, since], |row| row.get(0))?;
    let mut excess = used + points - POINTS_PER_MINUTE;
    if excess <= 0 {
        return Ok(now);
    }
    let statement = connection
        .prepare("SELECT at, points FROM requests WHERE installation = ?1 AND at > ?2 ORDER BY at");
    let requests: Vec<(i64, i64)> =
        statement.all([installation, since], |row| Ok((row.get(0)?, row.get(1)?)))?;
    for (at, points) in requests {
        excess -= points;
        if excess <= 0 {
            return Ok(at + span_micros(MINUTE));
        }
    }
    Ok(now)
}

/// When a second has passed since the last write that nobody waited for. Of one that is under way
/// it is not known when it ends: then it is asked again after a second.
fn bulk_free_at(connection: &Connection, installation: i64, now: i64) -> Result<i64, StoreError> {
    let last: Option<i64> = connection
        .prepare("SELECT max(at) FROM requests WHERE installation = ?1 AND is_bulk = 1")
        .one([installation], |row| row.get(0))?;
    Ok(last.map_or(now, |last| last.min(now) + span_micros(SECOND)))
}

/// When the window has room for one more: when the oldest of its last `limit` writes leaves it.
fn content_free_at(
    connection: &Connection,
    (installation, limit): (i64, u32),
    (now, window): (i64, Duration),
) -> Result<i64, StoreError> {
    let statement = connection.prepare(
        "SELECT at FROM requests WHERE installation = ?1 AND is_content = 1 AND at > ?2
         ORDER BY at DESC LIMIT 1 OFFSET ?3",
    );
    let since = now - span_micros(window);
    let leaves: Option<i64> =
        statement.first(params![installation, since, limit.saturating_sub(1)], |row| row.get(0))?;
    Ok(leaves.map_or(now, |at| at + span_micros(window)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::store::ClaimedAction;
    use crate::triage::Action;

    const LEASE: Duration = Duration::from_secs(180);
    const TIMEOUT: Duration = Duration::from_secs(15);
    const LIMITS: Limits = Limits { per_minute: Some(80), per_hour: Some(500) };
    const WORKERS: i64 = 8;
    /// Three hours of it.
    const BACKLOG: u32 = 1_500;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(millis).expect("a time")
    }

    async fn store_with_actions(count: u32, urgency: Urgency) -> Store {
        let store = Store::in_memory().expect("a store");
        let action = serde_json::to_string(&Action::Reopen).expect("JSON");
        let fill = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1)
            INSERT INTO actions (action_key, issue, repository, installation, kind, action, urgency, due_at, planned_at)
            SELECT n, n, 1, 1, 'reopen', ?2, ?3, 0, 0 FROM numbers";
        let filled = store.run(move |connection| {
            connection.prepare(fill).execute(params![count, action, urgency.column()]).map(drop)
        });
        filled.await.expect("actions");
        store
    }

    /// Where GitHub saw the requests of a backlog that workers drain, each taking some time, in
    /// milliseconds; at what time everything was done.
    async fn drain(store: &Store, cost: Cost) -> (Vec<i64>, i64) {
        let (mut seen, mut now) = (Vec::new(), 0);
        let mut under_way: BTreeMap<i64, Vec<ClaimedAction>> = BTreeMap::new();
        let mut chance = 7_u32;
        loop {
            while let Some(ended) = under_way.first_entry().filter(|entry| *entry.key() <= now) {
                for claimed in ended.remove() {
                    let done = store.finish_action(&claimed, "done".into(), at(now));
                    done.await.expect("a store");
                }
            }
            let is_idle =
                i64::try_from(under_way.values().flatten().count()).expect("few") < WORKERS;
            let claimed = match is_idle {
                true => store.claim_action(at(now), LEASE).await.expect("a store"),
                false => None,
            };
            let Some(claimed) = claimed else {
                let due_at = store.next_due_at(at(now)).await.expect("a store");
                let due_at = due_at.map(|due_at| due_at.as_millisecond().max(now + 1));
                let ends_at = under_way.keys().next().copied();
                match due_at.filter(|_| is_idle).into_iter().chain(ends_at).min() {
                    Some(next) => now = next,
                    None => return (seen, now),
                }
                continue;
            };
            let when = (at(now), TIMEOUT, LIMITS);
            match store.begin_attempt(&claimed, cost, when).await.expect("a store") {
                Ok(()) => {
                    chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    let takes = 40 + i64::from(chance >> 16) % 900;
                    seen.push(now + takes * i64::from(chance >> 24) / 256);
                    under_way.entry(now + takes).or_default().push(claimed);
                }
                Err(wait) => {
                    store.pause(claimed.installation, wait).await.expect("a store");
                    let put_back = (crate::store::Attempt::None, String::new());
                    let put = store.put_back_action(&claimed, (at(now), at(now)), put_back);
                    put.await.expect("a store");
                }
            }
        }
    }

    /// The most of any window of so many milliseconds.
    fn most_within(seen: &mut [i64], window: i64) -> usize {
        seen.sort_unstable();
        let first_after = |from: i64| seen.partition_point(|at| *at < from + window);
        (0..seen.len()).map(|index| first_after(seen[index]) - index).max().unwrap_or(0)
    }

    #[tokio::test]
    async fn a_backlog_of_content_uses_the_hour_and_breaks_no_limit() {
        for urgency in [Urgency::Interactive, Urgency::Bulk] {
            let store = store_with_actions(BACKLOG, urgency).await;
            let (mut seen, done_at) = drain(&store, Cost::Content).await;
            assert_eq!(seen.len(), BACKLOG as usize);
            assert!(most_within(&mut seen, 60_000) <= 80, "{urgency:?}");
            assert!(most_within(&mut seen, 3_600_000) <= 500, "{urgency:?}");
            let rate = f64::from(BACKLOG) / (done_at as f64 / 3_600_000.0);
            assert!(rate >= 0.95 * 500.0, "{urgency:?}: {rate} an hour");
        }
    }

    #[tokio::test]
    async fn a_backlog_of_other_writes_uses_the_points_and_breaks_no_limit() {
        let store = store_with_actions(2_000, Urgency::Interactive).await;
        let (mut seen, done_at) = drain(&store, Cost::Write).await;
        assert!(most_within(&mut seen, 60_000) <= 180);
        let rate = 2_000.0 / (done_at as f64 / 60_000.0);
        assert!(rate >= 0.95 * 180.0, "{rate} a minute");
    }

    #[tokio::test]
    async fn what_nobody_waits_for_is_written_a_second_apart() {
        let store = store_with_actions(300, Urgency::Bulk).await;
        let (mut seen, _) = drain(&store, Cost::Write).await;
        seen.sort_unstable();
        assert!(seen.windows(2).all(|pair| pair[1] - pair[0] >= 1_000), "{seen:?}");
    }

    #[tokio::test]
    async fn whoever_waits_finds_room_beside_a_backlog() {
        let store = store_with_actions(600, Urgency::Bulk).await;
        let bulk = |connection: &Connection| {
            connection
                .prepare("UPDATE actions SET urgency = 0 WHERE id > 580")
                .execute(params![])
                .map(drop)
        };
        for hour in [0, 3_000_000] {
            for second in 0..600 {
                let now = at(hour + second * 1_000);
                let Some(claimed) = store.claim_action(now, LEASE).await.expect("a store") else {
                    continue;
                };
                let begun = store.begin_attempt(&claimed, Cost::Content, (now, TIMEOUT, LIMITS));
                match begun.await.expect("a store") {
                    Ok(()) => {
                        store.finish_action(&claimed, "".into(), now).await.expect("a store");
                    }
                    Err(wait) => store.pause(1, wait).await.expect("a store"),
                }
            }
        }
        store.run(bulk).await.expect("a store");
        let now = at(3_590_000);
        let claimed = store.claim_action(now, LEASE).await.expect("a store").expect("an action");
        assert_eq!(claimed.urgency, Urgency::Interactive);
        let begun = store.begin_attempt(&claimed, Cost::Content, (now, TIMEOUT, LIMITS));
        assert_eq!(begun.await.expect("a store"), Ok(()));
    }

    #[tokio::test]
    async fn reading_is_counted_and_waits_when_the_minute_is_full() {
        let store = Store::in_memory().expect("a store");
        for _ in 0..POINTS_PER_MINUTE {
            let admitted = store.admit_read(1, (at(0), TIMEOUT), LIMITS).await.expect("a store");
            assert_eq!(admitted, Ok(()));
        }
        let full = store.admit_read(1, (at(1_000), TIMEOUT), LIMITS).await.expect("a store");
        assert_eq!(full, Err(Wait { scope: Scope::All, until: at(75_000) }));
        let other = store.admit_read(2, (at(1_000), TIMEOUT), LIMITS).await.expect("a store");
        assert_eq!(other, Ok(()), "each installation has its own");
        let free = store.admit_read(1, (at(75_000), TIMEOUT), LIMITS).await.expect("a store");
        assert_eq!(free, Ok(()));
        let none = Limits { per_minute: None, per_hour: None };
        let unlimited = store.admit_read(1, (at(1_000), TIMEOUT), none).await.expect("a store");
        assert_eq!(unlimited, Ok(()));
    }
}
