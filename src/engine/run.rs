//! Runs the engine: workers that decide, workers that perform, and the clock that rings.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use super::Engine;
use crate::store::{Queue, StoreError};

/// Deciding may wait for GitHub (a speaker's role), so several do it side by side.
const DECIDERS: usize = 4;
/// Performing mostly waits for GitHub.
const PERFORMERS: usize = 8;
/// Nothing is overlooked for longer than this.
const NAP_MAX: Duration = Duration::from_secs(5);
/// While alarms wait for the first sweep, what else is due is looked for so often.
const CATCHING_UP_NAP: Duration = Duration::from_millis(250);
/// Many decisions in a row change what is due next; it is looked at once for all of them.
const RING_GAP: Duration = Duration::from_millis(100);
/// Between two attempts on a store that does not answer.
const STORE_PAUSE: Duration = Duration::from_secs(1);
/// Alarms rung at once; the rest follow as soon as these are in.
const ALARMS_MAX: u32 = 500;
/// After a start no alarm rings before what came meanwhile was looked for, but no longer than this:
/// nobody is to be reminded who has answered.
const FIRST_SWEEP_MAX: Duration = Duration::from_secs(60);

/// What a worker does until it is told to stop.
type Work<Shared> = fn(Arc<Shared>, Stop) -> BoxFuture<'static, ()>;

/// Tells workers to stop.
pub type Stop = watch::Receiver<bool>;

impl Engine {
    /// Works until told to stop, then ends what is in hand.
    pub async fn run(self: Arc<Self>, stop: Stop) {
        let works: [(Work<Self>, usize); 5] = [
            (|engine, stop| Box::pin(async move { engine.decide_until(stop).await }), DECIDERS),
            (|engine, stop| Box::pin(async move { engine.perform_until(stop).await }), PERFORMERS),
            (|engine, stop| Box::pin(async move { engine.sweep_until(stop).await }), 1),
            (|engine, stop| Box::pin(async move { engine.listen_until(stop).await }), 1),
            (|engine, stop| Box::pin(async move { engine.ring_until(stop).await }), 1),
        ];
        let mut workers = JoinSet::new();
        for (work, count) in works {
            for _ in 0..count {
                workers.spawn(keep_at_work(self.clone(), stop.clone(), work));
            }
        }
        while workers.join_next().await.is_some() {}
    }

    async fn decide_until(&self, mut stop: Stop) {
        while !*stop.borrow() {
            self.crowd.let_pass().await;
            let handled = self.handle_next().await;
            rest(handled, &self.inbox, &mut stop).await;
        }
    }

    async fn perform_until(&self, mut stop: Stop) {
        while !*stop.borrow() {
            let performed = self.perform_next().await;
            rest(performed, &self.outbox, &mut stop).await;
        }
    }

    /// Hears of work that other processes leave.
    async fn listen_until(&self, mut stop: Stop) {
        let told = |queue| match queue {
            Queue::Inbox => self.inbox.notify_one(),
            Queue::Outbox => self.outbox.notify_one(),
        };
        tokio::select! {
            () = self.parts.store.listen(told) => {}
            _ = stop.changed() => {}
        }
    }

    /// Rings what is due, then sleeps until the next thing is.
    async fn ring_until(&self, mut stop: Stop) {
        let began = tokio::time::Instant::now();
        while !*stop.borrow() {
            let is_caught_up = self.sweeps.is_first_over() || began.elapsed() > FIRST_SWEEP_MAX;
            let nap = match self.ring(is_caught_up).await {
                Ok(nap) => nap,
                Err(error) => {
                    tracing::error!(%error, "the clock stands still");
                    STORE_PAUSE
                }
            };
            tokio::select! {
                () = tokio::time::sleep(nap) => {}
                () = self.alarm.notified() => tokio::time::sleep(RING_GAP).await,
                _ = stop.changed() => {}
            }
        }
    }

    /// Rings what is due, and says how long nothing else will be.
    async fn ring(&self, is_caught_up: bool) -> Result<Duration, StoreError> {
        let now = self.now();
        if is_caught_up {
            self.ring_alarms(now).await?;
        }
        self.inbox.notify_one();
        self.outbox.notify_one();
        let next = self.parts.store.next_due_at(now).await?;
        let until = next.map_or(NAP_MAX, |next| {
            Duration::try_from(next.duration_since(now)).unwrap_or_default()
        });
        if !is_caught_up {
            return Ok(CATCHING_UP_NAP);
        }
        // A little more than nothing, so that what is due this very moment is due next time.
        Ok(until.clamp(Duration::from_millis(1), NAP_MAX))
    }

    /// Rings what is due; of what is late only as much as its desk lets in an hour.
    async fn ring_alarms(&self, now: Timestamp) -> Result<(), StoreError> {
        let store = &self.parts.store;
        store.ring_alarms(now, ALARMS_MAX).await?;
        for desk in store.desks_with_late_alarms(now).await? {
            let in_force = self.parts.rulebook.rules().policies.of(&desk);
            let count_max = in_force.policy.desk.overdue_per_hour;
            store.ring_late_alarms(desk.repository.id, now, count_max).await?;
        }
        self.forget_old_texts(now).await
    }

    /// Works until nothing is due, in the caller's task: for stories and simulations.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn settle(&self) -> Result<(), StoreError> {
        loop {
            self.ring_alarms(self.now()).await?;
            let handled = self.handle_next().await?;
            let performed = self.perform_next().await?;
            if !handled && !performed {
                return Ok(());
            }
        }
    }
}

/// Replaces a worker that panicked: one by one they would end, and nobody would be told. What it
/// had in hand is taken up again when its claim is over.
async fn keep_at_work<Shared>(shared: Arc<Shared>, stop: Stop, work: Work<Shared>) {
    while tokio::spawn(work(shared.clone(), stop.clone())).await.is_err() {
        if *stop.borrow() {
            return;
        }
        tracing::error!("a worker failed; another takes its place");
        tokio::time::sleep(STORE_PAUSE).await;
    }
}

/// Waits for more work, unless there was some.
async fn rest(worked: Result<bool, StoreError>, more: &Notify, stop: &mut Stop) {
    match worked {
        Ok(true) => {}
        Ok(false) => {
            tokio::select! {
                () = more.notified() => {}
                _ = stop.changed() => {}
            }
        }
        Err(error) => {
            tracing::error!(%error, "the store does not answer");
            tokio::time::sleep(STORE_PAUSE).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::resume_unwind;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_worker_that_fails_is_replaced_until_one_ends_well() {
        let (_stopper, stop) = watch::channel(false);
        let started = Arc::new(AtomicU32::new(0));
        let work: Work<AtomicU32> = |started, _| {
            Box::pin(async move {
                if started.fetch_add(1, Ordering::SeqCst) < 3 {
                    resume_unwind(Box::new("it failed"));
                }
            })
        };
        keep_at_work(started.clone(), stop, work).await;
        assert_eq!(started.load(Ordering::SeqCst), 4);
    }

    #[tokio::test]
    async fn nobody_is_replaced_at_the_end() {
        let (_stopper, stop) = watch::channel(true);
        let work: Work<()> = |_, _| Box::pin(async { resume_unwind(Box::new("it failed")) });
        keep_at_work(Arc::new(()), stop, work).await;
    }
}
