//! The outbox: what is to be done on GitHub. Actions of one issue run in order; issues do not
//! wait for each other.

use std::time::Duration;

use jiff::Timestamp;
use serde::de::DeserializeOwned;

use super::budget::{self, Cost, Limits, Wait, Wish};
use super::connection::{Connection, Lock, Row, params};
use super::deliveries::{self, Claim, NewDelivery, Urgency};
use super::{Desk, Store, StoreError, micros, span_micros, sql_id, timestamp};
use crate::triage::{Action, CommentId, IssueId, RepositoryId, Ticket};

/// The event that tells a ticket that GitHub refused to change its labels.
pub const LABELS_REFUSED: &str = "labels-refused";

/// What stands for the issue of an action that is of none: GitHub counts from 1. Such actions do
/// not wait for each other.
pub const NO_ISSUE: IssueId = IssueId(0);

/// An action that is ours to perform until the lease ends.
#[derive(Debug, Clone)]
pub struct ClaimedAction {
    /// The claim to it.
    pub claim: Claim,
    /// Its identity, which a comment carries as its marker.
    pub key: String,
    /// The issue it is done to.
    pub issue: IssueId,
    /// The desk of that issue.
    pub repository: RepositoryId,
    /// For which installation; 0 in token mode.
    pub installation: u64,
    /// Whether somebody waits for it.
    pub urgency: Urgency,
    /// What to do.
    pub action: Action,
    /// How often it was attempted before.
    pub attempts: i64,
    /// Whether an earlier attempt may have succeeded.
    pub must_look: bool,
    /// When it was decided on.
    pub planned_at: Timestamp,
    /// How long it is ours without a sign of life.
    pub lease: Duration,
    /// The ticket it is done to, as it is now; none where it is not known any more.
    pub ticket: Option<Ticket>,
    /// Its desk.
    pub desk: Option<Desk>,
    /// The comment of ours that carries its marker, if it is known.
    pub own_comment: Option<CommentId>,
    ticket_version: i64,
}

/// How an action ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// For people.
    pub words: String,
    /// The marker and the number of the comment that was made or found.
    pub made: Option<(String, CommentId)>,
}

impl From<&str> for Outcome {
    fn from(words: &str) -> Self {
        Self { words: words.to_owned(), made: None }
    }
}

/// What became of an attempt that did not end well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// None was made: something had to be waited for.
    None,
    /// Nothing was done.
    Failed,
    /// It may have been done.
    Unclear,
}

/// Takes the first of the actions that may be done at `?1`, and keeps it until `?2`. `+` keeps the
/// planner off the index by time, for which it would read and sort all that wait.
macro_rules! claim {
    ($which:literal) => {
        concat!(
            "UPDATE actions SET leased_until = ?2, claim = claim + 1
             WHERE id = (
                 SELECT a.id FROM actions a
                 WHERE a.state = 'waiting' AND +a.due_at <= ?1 AND a.leased_until <= ?1
                   AND (a.issue = 0 OR NOT EXISTS (
                       SELECT 1 FROM actions earlier
                       WHERE earlier.issue = a.issue AND earlier.state = 'waiting' AND earlier.id < a.id))
                   AND NOT EXISTS (
                       SELECT 1 FROM pauses p WHERE p.installation = a.installation AND p.until > ?1
                         AND (p.scope = 'all' OR p.scope = 'content' AND a.is_content = 1
                              OR p.scope = 'bulk' AND a.urgency > 0)) ",
            $which,
            ")
             RETURNING id, claim, action_key, action, attempts, must_look, planned_at,
                       issue, repository, installation, urgency,
                       (SELECT state FROM tickets t WHERE t.issue = actions.issue),
                       (SELECT state FROM desks d WHERE d.repository = actions.repository),
                       (SELECT comment FROM comments c WHERE c.issue = actions.issue AND c.marker =
                            CASE WHEN kind = 'put_card' THEN 'card:' || actions.issue ELSE action_key END),
                       coalesce((SELECT version FROM tickets t WHERE t.issue = actions.issue), 0)"
        )
    };
}

impl Store {
    /// Takes the next action that is due, of an issue whose earlier ones are done, for an
    /// installation that GitHub does not ask to wait.
    ///
    /// # Errors
    /// Where the store does not answer or the row cannot be read.
    pub async fn claim_action(
        &self,
        now: Timestamp,
        lease: Duration,
    ) -> Result<Option<ClaimedAction>, StoreError> {
        self.run(move |connection| {
            connection.lock(Lock::Actions)?;
            let until = micros(now).saturating_add(span_micros(lease));
            let claim = connection.last(claim!("ORDER BY a.urgency, a.id LIMIT 1"));
            claim.first(params![micros(now), until], |row| claimed(row, lease))
        })
        .await
    }

    /// Makes room for a request of an action, or says how long there is none, and notes that an
    /// attempt begins whose end may stay unknown: should this process die, nothing is looked up or
    /// sent again before `look_after` is over. The claim lasts as long from now on, so that nobody
    /// else begins the same.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where somebody else has claimed it, the ticket has changed or GitHub asked
    /// everybody to wait meanwhile, and where the store does not answer; then nothing may be sent.
    pub async fn begin_attempt(
        &self,
        claimed: &ClaimedAction,
        cost: Cost,
        (now, look_after, limits): (Timestamp, Duration, Limits),
    ) -> Result<Result<(), Wait>, StoreError> {
        let Claim { id, number } = claimed.claim;
        let version = claimed.ticket_version;
        let look_at = micros(now).saturating_add(span_micros(look_after));
        let leased_until = micros(now).saturating_add(span_micros(claimed.lease.max(look_after)));
        let wish = Wish { installation: claimed.installation, cost, urgency: claimed.urgency };
        self.run(move |connection| {
            if !limits.is_off() {
                if let Some(wait) = budget::pause_of_all(connection, wish.installation, now)? {
                    return Ok(Err(wait));
                }
                // Requests of one action follow each other.
                budget::settle(connection, id, now)?;
                if let Some(wait) = budget::wait_for(connection, wish, (now, limits))? {
                    return Ok(Err(wait));
                }
                budget::note(connection, (wish, id), (now, look_after))?;
            }
            let statement = connection.last(
                "UPDATE actions SET must_look = 1, due_at = ?3, leased_until = ?4
                 WHERE id = ?1 AND claim = ?2 AND state = 'waiting' AND ?5 =
                     coalesce((SELECT version FROM tickets t WHERE t.issue = actions.issue), 0)
                   AND NOT EXISTS (
                       SELECT 1 FROM pauses p WHERE p.installation = actions.installation
                         AND p.scope = 'all' AND p.until > ?6)",
            );
            match statement.execute([id, number, look_at, leased_until, version, micros(now)])? {
                1 => Ok(Ok(())),
                _ => Err(StoreError::Conflict),
            }
        })
        .await
    }

    /// Ends an action, with a word on how, remembers the comment it made by its marker, and takes the
    /// next one of its issue if that may be done now; nothing is ended where somebody else has claimed
    /// it meanwhile.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn finish_action(
        &self,
        claimed_before: &ClaimedAction,
        Outcome { words, made }: Outcome,
        now: Timestamp,
    ) -> Result<Option<ClaimedAction>, StoreError> {
        let &ClaimedAction { claim, issue, urgency, lease, .. } = claimed_before;
        self.run(move |connection| {
            connection.lock(Lock::Actions)?;
            if let Some((marker, comment)) = made {
                remember(connection, issue, (&marker, comment))?;
            }
            budget::settle(connection, claim.id, now)?;
            connection.prepare(END).send(params![claim.id, claim.number, "done", words])?;
            let until = micros(now).saturating_add(span_micros(lease));
            let next = connection.last(claim!(
                "AND a.issue = ?3 AND a.issue <> 0 AND a.urgency = ?4 ORDER BY a.id LIMIT 1"
            ));
            let of_issue = params![micros(now), until, sql_id(issue.0), urgency.column()];
            next.first(of_issue, |row| claimed(row, lease))
        })
        .await
    }

    /// Gives an action up, with the reason a person can read; nothing where somebody else has
    /// claimed it meanwhile.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn give_up_action(
        &self,
        claimed: &ClaimedAction,
        outcome: String,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (claim, issue) = (claimed.claim, claimed.issue);
        let labels = claimed.action.labels().to_vec();
        self.run(move |connection| {
            budget::settle(connection, claim.id, now)?;
            let ended = params![claim.id, claim.number, "given_up", outcome];
            let is_ours = connection.prepare(END).execute(ended)? == 1;
            if is_ours && !labels.is_empty() {
                let note = NewDelivery {
                    guid: format!("{LABELS_REFUSED}:{}", claim.id),
                    event: LABELS_REFUSED.to_owned(),
                    subject: format!("issue:{issue}"),
                    body: serde_json::to_string(&labels)?,
                };
                deliveries::insert(connection, &note, (Urgency::Bulk, now))?;
            }
            Ok(())
        })
        .await
    }

    /// Puts an action back, to be tried from `due_at` on, and where it must be looked for not before
    /// the time its attempt was given; nothing where somebody else has claimed it meanwhile.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn put_back_action(
        &self,
        claimed: &ClaimedAction,
        (now, due_at): (Timestamp, Timestamp),
        (state, outcome): (Attempt, String),
    ) -> Result<(), StoreError> {
        let Claim { id, number } = claimed.claim;
        // Who failed to look knows no more than before.
        let must_look = state == Attempt::Unclear || claimed.must_look;
        let attempts = i64::from(state != Attempt::None);
        self.run(move |connection| {
            if state != Attempt::Unclear {
                budget::settle(connection, id, now)?;
            }
            connection
                .prepare(
                    "UPDATE actions SET leased_until = 0, must_look = ?3, outcome = ?4,
                            due_at = CASE WHEN CAST(?3 AS SMALLINT) = 1 AND due_at > ?2 THEN due_at ELSE ?2 END,
                            attempts = attempts + ?6 WHERE id = ?1 AND claim = ?5",
                )
                .send(params![id, micros(due_at), must_look, outcome, number, attempts])
        })
        .await
    }

    /// Whether this comment is ours and carries this marker.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn is_own_comment(
        &self,
        comment: CommentId,
        marker: String,
    ) -> Result<bool, StoreError> {
        self.run(move |connection| {
            let statement =
                connection.prepare("SELECT 1 FROM comments WHERE comment = ?1 AND marker = ?2");
            statement.exists(params![sql_id(comment.0), marker])
        })
        .await
    }
}

/// Remembers a comment of ours by its marker.
fn remember(
    connection: &Connection,
    issue: IssueId,
    (marker, comment): (&str, CommentId),
) -> Result<(), StoreError> {
    connection
        .prepare(
            "INSERT INTO comments (issue, marker, comment) VALUES (?1, ?2, ?3)
             ON CONFLICT (issue, marker) DO UPDATE SET comment = excluded.comment",
        )
        .send(params![sql_id(issue.0), marker, sql_id(comment.0)])
}

fn claimed(row: &Row<'_>, lease: Duration) -> Result<ClaimedAction, StoreError> {
    let action: String = row.get(3)?;
    let id_of = |index| row.get::<i64>(index).map(i64::unsigned_abs);
    Ok(ClaimedAction {
        claim: Claim { id: row.get(0)?, number: row.get(1)? },
        key: row.get(2)?,
        action: serde_json::from_str(&action)?,
        attempts: row.get(4)?,
        must_look: row.get(5)?,
        planned_at: timestamp(row.get(6)?),
        issue: IssueId(id_of(7)?),
        repository: RepositoryId(id_of(8)?),
        installation: id_of(9)?,
        urgency: Urgency::from_column(row.get(10)?),
        lease,
        ticket: parsed(row.get(11)?)?,
        desk: parsed(row.get(12)?)?,
        own_comment: row.get::<Option<i64>>(13)?.map(|id| CommentId(id.unsigned_abs())),
        ticket_version: row.get(14)?,
    })
}

fn parsed<T: DeserializeOwned>(state: Option<String>) -> Result<Option<T>, StoreError> {
    Ok(state.map(|state| serde_json::from_str(&state)).transpose()?)
}

/// Ends it, unless somebody else has claimed it meanwhile.
const END: &str =
    "UPDATE actions SET state = ?3, outcome = ?4, leased_until = 0 WHERE id = ?1 AND claim = ?2";

#[cfg(test)]
mod tests {
    use super::*;

    const LEASE: Duration = Duration::from_secs(180);
    const LOOK_AFTER: Duration = Duration::from_secs(15);

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).expect("a time")
    }

    fn when(seconds: i64) -> (Timestamp, Duration, Limits) {
        (at(seconds), LOOK_AFTER, Limits { per_minute: None, per_hour: None })
    }

    async fn store_with_an_action() -> Store {
        let store = Store::in_memory().expect("a store");
        let action = serde_json::to_string(&Action::Reopen).expect("JSON");
        let insert = move |connection: &Connection| {
            let sql = "INSERT INTO actions (action_key, issue, repository, installation, kind, action, due_at, planned_at)
                       VALUES ('one', 1, 1, 0, 'reopen', ?1, 0, 0)";
            connection.prepare(sql).execute([action]).map(drop)
        };
        store.run(insert).await.expect("an action");
        store
    }

    #[tokio::test]
    async fn a_claim_does_not_read_all_that_wait() {
        let first = claim!("ORDER BY a.urgency, a.id LIMIT 1");
        let plan = Store::in_memory().expect("a store").plan::<2>(first).await;
        assert!(plan.contains("actions_waiting") && !plan.contains("ORDER BY"), "{plan}");
    }

    #[tokio::test]
    async fn who_failed_to_look_has_to_look_again() {
        let store = store_with_an_action().await;
        let claim = async |seconds| {
            let claimed = store.claim_action(at(seconds), LEASE).await.expect("a store");
            claimed.expect("an action")
        };
        let first = claim(0).await;
        store.begin_attempt(&first, Cost::Write, when(0)).await.expect("ours").expect("room");
        let unclear = (Attempt::Unclear, String::new());
        store.put_back_action(&first, (at(1), at(1)), unclear).await.expect("a store");
        let second = claim(20).await;
        assert!(second.must_look);
        let failed = (Attempt::Failed, "GitHub did not say".to_owned());
        store.put_back_action(&second, (at(21), at(21)), failed).await.expect("a store");
        assert!(claim(40).await.must_look);
    }

    #[tokio::test]
    async fn an_outlived_claim_begins_nothing_and_gives_nothing_back() {
        let store = store_with_an_action().await;
        let first = store.claim_action(at(0), LEASE).await.expect("a store").expect("an action");
        store
            .begin_attempt(&first, Cost::Write, when(100))
            .await
            .expect("it is still claimed")
            .expect("room");
        let renewed = store.begin_attempt(&first, Cost::Write, when(170)).await;
        renewed.expect("nobody else claimed it").expect("room");
        assert!(store.claim_action(at(349), LEASE).await.expect("a store").is_none());

        let second = store.claim_action(at(351), LEASE).await.expect("a store");
        let second = second.expect("claimed anew");
        assert!(second.must_look, "the first may have done it");
        let stale = store.begin_attempt(&first, Cost::Write, when(352)).await;
        assert!(matches!(stale, Err(StoreError::Conflict)), "it is the second's");
        let put_back = store
            .put_back_action(&first, (at(352), at(352)), (Attempt::Failed, String::new()))
            .await;
        put_back.expect("a store");
        assert!(store.claim_action(at(353), LEASE).await.expect("a store").is_none());
        store
            .begin_attempt(&second, Cost::Write, when(353))
            .await
            .expect("it is the second's")
            .expect("room");
    }
}
