//! How calls within one process reach the stand-in GitHub, and how they fail.
//!
//! Start reading at [`InMemoryGitHub`]. It acts as the App, gives way to other tasks before and
//! after each call, so that a test can stop between any two steps, and fails where a test says so.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use super::Sandbox;
use super::calls::{CallFault, CallFaultKind, CallLog, LateDeed, SeenCall};
use super::listing::AskedPage;
use super::state::{self, Acting, Actor};
use crate::github::CallError;

/// The App's access to a sandbox; a clone is the same access.
#[derive(Clone, Debug)]
pub struct InMemoryGitHub {
    sandbox: Sandbox,
    log: Arc<Mutex<CallLog>>,
}

impl InMemoryGitHub {
    /// Access to this sandbox; every call goes well.
    #[must_use]
    pub fn new(sandbox: Sandbox) -> Self {
        Self { sandbox, log: Arc::default() }
    }

    /// Plans a fault; of several that mean a call the first strikes.
    pub fn fail(&self, fault: CallFault) {
        self.log().faults.push(fault);
    }

    /// The calls made so far, by their names in the trait.
    #[must_use]
    pub fn calls(&self) -> Vec<&'static str> {
        self.log().calls.iter().map(|call| call.name).collect()
    }

    /// The calls made so far, as GitHub saw them.
    #[must_use]
    pub fn seen_calls(&self) -> Vec<SeenCall> {
        self.log().calls.clone()
    }

    /// From now on every call goes well.
    pub fn heal(&self) {
        self.log().faults.clear();
    }

    /// The pages of long lists asked for so far.
    #[must_use]
    pub fn pages(&self) -> Vec<AskedPage> {
        self.log().pages.clone()
    }

    pub(super) fn note_page(&self, page: AskedPage) {
        self.log().pages.push(page);
    }

    fn log(&self) -> MutexGuard<'_, CallLog> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) async fn call<T: Send>(
        &self,
        name: &'static str,
        act: impl FnOnce(&mut Acting<'_>) -> Result<T, state::Refusal> + Send,
    ) -> Result<T, CallError> {
        self.call_about((name, String::new()), act).await
    }

    /// A call of which the log tells what it was about.
    pub(super) async fn call_about<T: Send>(
        &self,
        call: (&'static str, String),
        act: impl FnOnce(&mut Acting<'_>) -> Result<T, state::Refusal> + Send,
    ) -> Result<T, CallError> {
        tokio::task::yield_now().await;
        let fault = self.log().strike_now(call, self.sandbox.now());
        let answer = self.meet(fault, act);
        tokio::task::yield_now().await;
        answer
    }

    /// A call that GitHub may carry out after its caller gave up.
    pub(super) async fn write<T: Send>(
        &self,
        call: (&'static str, String),
        act: impl FnOnce(&mut Acting<'_>) -> Result<T, state::Refusal> + Send + 'static,
    ) -> Result<T, CallError> {
        tokio::task::yield_now().await;
        let fault = self.log().strike(call, self.sandbox.now());
        let answer = match fault {
            Some(CallFaultKind::UnclearLate(after)) => {
                let mut log = self.log();
                let (at, call) = (self.sandbox.now() + after, log.calls.len() - 1);
                let act = Box::new(move |acting: &mut Acting<'_>| act(acting).map(drop));
                log.late.push(LateDeed { at, call, act });
                Err(unclear())
            }
            fault => self.meet(fault, act),
        };
        tokio::task::yield_now().await;
        answer
    }

    /// Carries out what is late and due by now.
    pub fn catch_up(&self) {
        loop {
            let now = self.sandbox.now();
            let Some(LateDeed { at, call, act }) = self.log().take_late(now) else { return };
            let done = self.sandbox.with(|state| act(&mut state.acting(Actor::App, at)));
            self.log().calls[call].refused = done.err().map(|refusal| refusal.status);
        }
    }

    /// When the next late call is carried out.
    #[must_use]
    pub fn next_late_at(&self) -> Option<Timestamp> {
        self.log().late.iter().map(|deed| deed.at).min()
    }

    fn meet<T>(
        &self,
        fault: Option<CallFaultKind>,
        act: impl FnOnce(&mut Acting<'_>) -> Result<T, state::Refusal>,
    ) -> Result<T, CallError> {
        match fault {
            None => self.act(act),
            Some(CallFaultKind::Refused(status)) => {
                Err(CallError::Refused { status, message: "refused on purpose".to_owned() })
            }
            Some(CallFaultKind::Limited(after)) => Err(CallError::Limited { after }),
            Some(CallFaultKind::Unreachable) => {
                Err(CallError::Unreachable("no connection, on purpose".to_owned()))
            }
            Some(CallFaultKind::UnclearBefore | CallFaultKind::UnclearLate(_)) => Err(unclear()),
            Some(CallFaultKind::UnclearAfter) => {
                drop(self.act(act));
                Err(unclear())
            }
        }
    }

    fn act<T>(
        &self,
        act: impl FnOnce(&mut Acting<'_>) -> Result<T, state::Refusal>,
    ) -> Result<T, CallError> {
        let now = self.sandbox.now();
        let done = self.sandbox.with(|state| act(&mut state.acting(Actor::App, now)));
        if let (Err(refusal), Some(call)) = (&done, self.log().calls.last_mut()) {
            call.refused = Some(refusal.status);
        }
        done.map_err(|refusal| CallError::Refused {
            status: refusal.status,
            message: refusal.message,
        })
    }
}

fn unclear() -> CallError {
    CallError::Unclear("no answer, on purpose".to_owned())
}
