//! The thin shell around the decisions: takes deliveries in, has them decided on, keeps what was
//! decided, and performs it.
//!
//! One way through: [`accept`](Engine::accept) keeps a delivery; [`handle_next`](Engine::handle_next)
//! claims one, understands it, gathers what the decision must know, decides and commits;
//! [`perform_next`](Engine::perform_next) claims an action and performs it; [`run`](Engine::run)
//! does all of it until told to stop, and looks for what never came (`sweep`).

mod accept;
mod attempt;
mod blank;
pub mod button;
mod crowd;
pub mod digest;
mod forms;
mod gather;
mod handle;
pub mod import;
pub mod notify;
pub mod pace;
mod perform;
mod policies;
mod reload;
pub mod replay;
mod retention;
mod roles;
mod rulebook;
mod run;
pub mod simulate;
pub mod sweep;
mod understand;

use std::sync::{Arc, Mutex};

use tokio::sync::{Notify, watch};

pub use accept::{AcceptError, Accepted};
pub use policies::{InForce, Policies};
pub use reload::Reloaded;
pub use rulebook::{Rulebook, Rules};
pub use run::Stop;

use crate::clock::Clock;
use crate::github::GitHub;
use crate::metrics::Metrics;
use crate::policy::layers::Sourced;
use crate::reading::form::Form;
use crate::store::{Desk, Limits, Store};
use crate::triage::{self, Standstill, Ticket};
use crowd::Crowd;
use forms::Forms;
use notify::Notifier;
use retention::Retention;
use roles::Roles;
use sweep::Sweeps;

/// What the engine is made of.
pub struct Parts {
    /// The desk's memory.
    pub store: Store,
    /// GitHub.
    pub github: Arc<dyn GitHub>,
    /// Texts and policies.
    pub rulebook: Rulebook,
    /// The form requests are filed with, before a repository's own.
    pub form: Form,
    /// The time.
    pub clock: Clock,
    /// GitHub's limits on creating content.
    pub limits: Limits,
    /// Chats that can be told.
    pub notifier: Notifier,
    /// Figures.
    pub metrics: Arc<Metrics>,
    /// Where the public pages are, without a slash at the end; none without them.
    pub public_url: Option<String>,
}

/// The bot without its faces: what is received is decided on and done.
pub struct Engine {
    parts: Parts,
    forms: Forms,
    roles: Roles,
    sweeps: Sweeps,
    retention: Retention,
    crowd: Crowd,
    inbox: Notify,
    outbox: Notify,
    alarm: Notify,
    changes: watch::Sender<u64>,
    folder_problem: Mutex<Option<String>>,
}

impl Engine {
    /// An engine of these parts, at rest until [`run`](Engine::run).
    pub fn new(parts: Parts) -> Self {
        let forms = Forms::new(parts.form.clone());
        let roles = Roles::default();
        Self {
            parts,
            forms,
            roles,
            sweeps: Sweeps::default(),
            retention: Retention::default(),
            crowd: Crowd::default(),
            inbox: Notify::new(),
            outbox: Notify::new(),
            alarm: Notify::new(),
            changes: watch::channel(0).0,
            folder_problem: Mutex::default(),
        }
    }

    /// The store, for those who only look.
    pub fn store(&self) -> &Store {
        &self.parts.store
    }

    /// Figures.
    pub fn metrics(&self) -> &Metrics {
        &self.parts.metrics
    }

    /// GitHub's limits on creating content.
    pub fn limits(&self) -> Limits {
        self.parts.limits
    }

    /// The time.
    pub fn now(&self) -> jiff::Timestamp {
        (self.parts.clock)()
    }

    /// Why the clock of a ticket stands still now; none while it runs.
    pub fn standstill(&self, desk: &Desk, ticket: &Ticket) -> Option<Standstill> {
        let in_force = self.parts.rulebook.rules().policies.of(desk);
        triage::standstill(ticket, &in_force.policy, self.now())
    }

    /// The policy in force at a desk.
    pub fn in_force(&self, desk: &Desk) -> Arc<InForce> {
        self.parts.rulebook.rules().policies.of(desk)
    }

    /// Every value of the policy in force at a desk, with the file it comes from.
    pub fn policy_sources(&self, desk: &Desk) -> Vec<Sourced> {
        self.parts.rulebook.rules().policies.sources(desk)
    }

    /// Tells whenever something changed that pages show: a decision was kept, an action ended.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    fn tell_change(&self) {
        self.changes.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Looks at the clock anew: it was moved by hand.
    pub fn clock_moved(&self) {
        self.alarm.notify_one();
    }
}
