//! The desk taken apart into single steps, for those who stop it between any two of them.

use std::future::Future;
use std::pin::Pin;
use std::task::Poll;

use jiff::{SignedDuration, Timestamp};
use keydesk::engine::Accepted;
use keydesk::engine::sweep::{Looked, SweepError};
use keydesk::sandbox::state::OutgoingEvent;
use keydesk::store::{Limits, Store};

use super::Desk;
use super::steps::polled;

/// A worker that works until nothing is due.
type Working<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

impl Desk {
    /// The same desk on another store and under other limits, just begun.
    pub(crate) fn on(mut self, store: Store, limits: Limits) -> Self {
        (self.store, self.limits) = (store, limits);
        self.start_again();
        self
    }

    /// The webhook comes in, and the process stands still after so many steps. None if it had not
    /// acknowledged it by then.
    pub(crate) fn accepts_within(
        &self,
        event: &OutgoingEvent,
        step_count: usize,
    ) -> Option<Accepted> {
        let body = event.payload.to_string();
        let mut accepted = None;
        let accepting = async {
            let taken = self.engine.accept(&event.event, &event.guid, body.as_bytes()).await;
            accepted = Some(taken.expect("GitHub's own events are understood"));
        };
        self.runtime.block_on(polled(accepting, step_count));
        accepted
    }

    /// Looks for what never came, and stands still after so many steps; None if it was not done by
    /// then.
    pub(crate) fn sweeps_within(&self, step_count: usize) -> Option<Result<Looked, SweepError>> {
        let mut looked = None;
        let sweeping = async {
            let webhooks = self.engine.sweep_webhooks().await;
            looked = Some(webhooks.and(self.engine.sweep_issues().await));
        };
        self.runtime.block_on(polled(sweeping, step_count));
        looked
    }

    /// Several workers take steps, one of them at a time as `pick` says, and stand still after so
    /// many or where it picks none. True if nothing was left to do.
    pub(crate) fn work_side_by_side(
        &self,
        (worker_count, step_count): (usize, usize),
        mut pick: impl FnMut(usize) -> Option<usize>,
    ) -> bool {
        self.runtime.block_on(async {
            let working = |_| -> Working<'_> {
                Box::pin(async { self.engine.settle().await.expect("a store that answers") })
            };
            let mut workers: Vec<Working<'_>> = (0..worker_count).map(working).collect();
            for _ in 0..step_count {
                if workers.is_empty() {
                    return true;
                }
                let Some(at) = pick(workers.len()) else { return false };
                let worker = &mut workers[at];
                let step =
                    std::future::poll_fn(|context| Poll::Ready(worker.as_mut().poll(context)));
                if step.await.is_ready() {
                    drop(workers.swap_remove(at));
                }
            }
            workers.is_empty()
        })
    }

    /// When the next thing is due, if that is later than now.
    pub(crate) fn next_due_at(&self) -> Option<Timestamp> {
        let now = self.sandbox.now();
        let next = self.runtime.block_on(self.store.next_due_at(now)).expect("an answer");
        next.filter(|next| *next > now)
    }

    /// The clock shows this time, if it is not past it.
    pub(crate) fn moves_clock_to(&self, time: Timestamp) {
        let gap = time.duration_since(self.sandbox.now());
        self.sandbox.move_clock(gap.max(SignedDuration::ZERO));
    }

    /// The figures as they are served.
    pub(crate) fn figures(&self) -> String {
        self.engine.metrics().text()
    }
}
