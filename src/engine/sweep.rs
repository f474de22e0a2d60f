//! Finds what never came: webhooks get lost while the bot is down or GitHub cannot reach it, and
//! GitHub sends none again by itself.
//!
//! Start reading at [`Engine::sweep_webhooks`], which asks GitHub's own log every five minutes and
//! takes what the store does not know as if it had just come. Beside it `issues` looks every quarter
//! of an hour at the issues that changed: for what the log does not hold any more, and where there is
//! no log, with a person's token.
//!
//! **Invariants.** Nothing is taken twice: a webhook is known by its GUID, and what happened by its
//! event key. The time up to which was swept moves only once everything up to it is in the store.

mod issues;

use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use super::attempt::after;
use super::run::Stop;
use super::{AcceptError, Accepted, Engine};
use crate::github::payload::is_of_use;
use crate::github::{CallError, Fetched, PageAt, SentWebhook};
use crate::store::StoreError;

/// Between two looks at GitHub's log.
const WEBHOOKS_EVERY: Duration = Duration::from_secs(5 * 60);
/// Between two looks at the issues.
const ISSUES_EVERY: Duration = Duration::from_secs(15 * 60);
/// The issues are looked at once nothing waits that tells more of them, or after so long.
const POST_AWAITED: Duration = Duration::from_secs(10 * 60);
/// After a look that failed.
const PAUSE: Duration = Duration::from_secs(60);
/// Before a look goes on that was too long for one round.
const SHORT_PAUSE: Duration = Duration::from_secs(10);
/// Between two questions whether it is time.
const NAP: Duration = Duration::from_secs(30);
const SHORT_NAP: Duration = Duration::from_secs(1);
/// Each look goes back a little further than the last came.
const OVERLAP: SignedDuration = SignedDuration::from_mins(10);
/// GitHub keeps its log so long.
const LOG_KEPT: SignedDuration = SignedDuration::from_hours(3 * 24);
/// Pages in one round.
const PAGES_MAX: usize = 50;
/// Of the processes that share a store one sweeps; if it dies another takes over after this.
const DUTY: (&str, Duration) = ("sweep", Duration::from_secs(90));
/// Webhooks without use to the bot that are remembered.
const NO_USE_MAX: usize = 20_000;

/// The name under which it is noted how far the log was read.
const WEBHOOKS: &str = "webhooks";

/// What became of a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looked {
    /// Everything there was is taken.
    Done,
    /// There is more than fits into one round.
    NotYet,
    /// GitHub shows us no log.
    NoLog,
}

/// Why a look ended before its time. What was taken is kept, and the next one begins where this did.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SweepError {
    /// A call was not answered.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The store did not do it.
    #[error("{0}")]
    Store(String),
}

impl From<StoreError> for SweepError {
    fn from(error: StoreError) -> Self {
        Self::Store(error.to_string())
    }
}

/// Where a long look goes on.
#[derive(Debug, Clone)]
struct Walk {
    began: Timestamp,
    since: Timestamp,
    next: Option<String>,
}

/// Webhooks the bot had no use for, by GUID: they are in no store, and need not be fetched again.
#[derive(Debug, Default)]
struct NoUse {
    guids: HashSet<String>,
    in_order: VecDeque<String>,
}

/// What sweeps remember while the process lives.
pub(super) struct Sweeps {
    no_use: Mutex<NoUse>,
    walk: Mutex<Option<Walk>>,
    has_no_log: watch::Sender<bool>,
    is_first_over: watch::Sender<bool>,
}

impl Default for Sweeps {
    fn default() -> Self {
        Self {
            no_use: Mutex::default(),
            walk: Mutex::default(),
            has_no_log: watch::Sender::new(false),
            is_first_over: watch::Sender::new(false),
        }
    }
}

impl Sweeps {
    /// Notes that the bot has no use for a webhook.
    pub(super) fn note_no_use(&self, guid: &str) {
        let mut no_use = locked(&self.no_use);
        if no_use.guids.insert(guid.to_owned()) {
            no_use.in_order.push_back(guid.to_owned());
        }
        if no_use.in_order.len() > NO_USE_MAX
            && let Some(oldest) = no_use.in_order.pop_front()
        {
            no_use.guids.remove(&oldest);
        }
    }

    /// Whether what never came was looked for since this process began.
    pub(super) fn is_first_over(&self) -> bool {
        *self.is_first_over.borrow()
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// When which look is due.
struct Due {
    webhooks: Timestamp,
    issues: Timestamp,
}

impl Engine {
    /// Looks for what never came, now and again, until told to stop.
    pub(super) async fn sweep_until(&self, mut stop: Stop) {
        let now = self.now();
        let mut due = Due { webhooks: now, issues: now };
        while !*stop.borrow() {
            let nap = tokio::select! {
                nap = self.sweep_or_watch(&mut due) => nap,
                _ = stop.changed() => return,
            };
            tokio::select! {
                () = tokio::time::sleep(nap) => {}
                _ = stop.changed() => {}
            }
        }
    }

    /// Makes the looks that are due, or sees that another process makes them.
    async fn sweep_or_watch(&self, due: &mut Due) -> Duration {
        let now = self.now();
        let (is_over, nap) = match self.parts.store.take_duty(DUTY.0, (now, DUTY.1)).await {
            Ok(true) => (true, self.sweep_due(due).await),
            Ok(false) => (self.was_swept_lately(now).await, SHORT_PAUSE),
            Err(error) => {
                tracing::warn!(%error, "who sweeps is not known");
                (false, SHORT_PAUSE)
            }
        };
        if is_over && !self.sweeps.is_first_over.send_replace(true) {
            self.alarm.notify_one();
        }
        nap
    }

    async fn was_swept_lately(&self, now: Timestamp) -> bool {
        let swept = self.parts.store.swept_until(WEBHOOKS.to_owned()).await;
        swept.is_ok_and(|until| until.is_some_and(|until| after(until, 2 * WEBHOOKS_EVERY) > now))
    }

    /// Makes the looks that are due, and says when to ask again.
    async fn sweep_due(&self, due: &mut Due) -> Duration {
        if self.now() >= due.webhooks {
            let looked = self.sweep_webhooks().await;
            due.webhooks = self.next_look("webhooks", &looked, WEBHOOKS_EVERY);
        }
        let now = self.now();
        if now < due.issues {
            return NAP;
        }
        let has_post = self.parts.store.has_post(now).await.unwrap_or(true);
        if has_post && now < after(due.issues, POST_AWAITED) {
            return SHORT_NAP;
        }
        let looked = self.sweep_issues().await;
        due.issues = self.next_look("issues", &looked, ISSUES_EVERY);
        NAP
    }

    /// Counts a look and says when the next is due.
    fn next_look(
        &self,
        kind: &str,
        looked: &Result<Looked, SweepError>,
        every: Duration,
    ) -> Timestamp {
        let (outcome, pause) = match looked {
            Ok(Looked::Done) => ("done", every),
            Ok(Looked::NotYet) => ("not_yet", SHORT_PAUSE),
            Ok(Looked::NoLog) => ("no_log", every),
            Err(SweepError::Call(CallError::Limited { after })) => ("limited", *after),
            Err(error) => {
                tracing::warn!(kind, %error, "what never came could not be looked for");
                ("failed", PAUSE)
            }
        };
        self.parts.metrics.count_sweep(kind, outcome);
        after(self.now(), pause)
    }

    /// Takes from GitHub's log what it sent and the store does not know.
    ///
    /// # Errors
    /// [`SweepError`]; what was taken before stays.
    pub async fn sweep_webhooks(&self) -> Result<Looked, SweepError> {
        // After a failure the look begins anew.
        let going_on = locked(&self.sweeps.walk).take();
        let walk = match going_on {
            Some(walk) => walk,
            None => self.new_walk().await?,
        };
        let (sent, next) = match self.read_log(&walk).await {
            Err(CallError::Refused { status, message }) => {
                self.tell_no_log(status, &message);
                return Ok(Looked::NoLog);
            }
            other => other?,
        };
        self.sweeps.has_no_log.send_replace(false);
        self.take_unknown(sent).await?;
        if next.is_some() {
            *locked(&self.sweeps.walk) = Some(Walk { next, ..walk });
            return Ok(Looked::NotYet);
        }
        self.parts.store.note_swept(WEBHOOKS.to_owned(), walk.began).await?;
        Ok(Looked::Done)
    }

    async fn new_walk(&self) -> Result<Walk, SweepError> {
        let began = self.now();
        let known = self.parts.store.swept_until(WEBHOOKS.to_owned()).await?;
        let earliest = began.saturating_sub(LOG_KEPT).unwrap_or(Timestamp::MIN);
        let since = known.and_then(|known| known.saturating_sub(OVERLAP).ok());
        Ok(Walk { began, since: since.map_or(earliest, |since| since.max(earliest)), next: None })
    }

    /// What the log holds, newest first, and where it goes on if that was not all.
    async fn read_log(&self, walk: &Walk) -> Result<(Vec<SentWebhook>, Option<String>), CallError> {
        let mut sent = Vec::new();
        let mut next = walk.next.clone();
        for _ in 0..PAGES_MAX {
            let at = PageAt { next: next.as_deref(), etag: None };
            let Fetched::Page(page) = self.parts.github.list_sent_webhooks(at).await? else {
                return Err(CallError::Unclear("nothing new of nothing known".to_owned()));
            };
            let reaches_back = page.items.iter().any(|one| one.delivered_at < walk.since);
            sent.extend(page.items);
            next = page.next.filter(|_| !reaches_back);
            if next.is_none() {
                break;
            }
        }
        Ok((sent, next))
    }

    /// Fetches what the store does not know, oldest first, and takes it as if it had just come.
    async fn take_unknown(&self, mut sent: Vec<SentWebhook>) -> Result<(), SweepError> {
        sent.reverse();
        {
            let no_use = locked(&self.sweeps.no_use);
            sent.retain(|one| is_of_use(&one.event) && !no_use.guids.contains(&one.guid));
        }
        let guids = sent.iter().map(|one| one.guid.clone()).collect();
        let mut unknown = self.parts.store.unknown_deliveries(guids).await?;
        for one in sent {
            if !unknown.remove(&one.guid) {
                continue;
            }
            let Some(text) = self.parts.github.find_sent_webhook(one.id).await? else {
                continue;
            };
            match self.accept(&text.event, &text.guid, &text.body()).await {
                Ok(Accepted::Kept) => {
                    tracing::info!(
                        delivery.id = one.guid,
                        event = one.event,
                        "found what never came"
                    );
                    self.parts.metrics.count_swept();
                }
                Ok(Accepted::SeenBefore | Accepted::NoUse) => {}
                Err(AcceptError::Malformed(error)) => {
                    tracing::warn!(delivery.id = one.guid, %error, "a webhook in the log cannot be read");
                    self.sweeps.note_no_use(&one.guid);
                }
                Err(AcceptError::NotKept(error)) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Said once: with a person's token it is so for good.
    fn tell_no_log(&self, status: u16, message: &str) {
        if !self.sweeps.has_no_log.send_replace(true) {
            let why =
                "GitHub shows no log of webhooks; what never came is found by the issues alone";
            tracing::info!(status, message, why);
        }
    }
}
