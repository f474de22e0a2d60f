//! Webhooks that get lost, and the desk that looks for them.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use keydesk::engine::sweep::Looked;
use keydesk::sandbox::state::{Acting, Delivery, Outcome, OutgoingEvent, Refusal};

use super::Desk;

impl Desk {
    /// Time passes until then, and the bot works; or it does not.
    pub(crate) fn goes_to(&self, at: Timestamp, is_up: bool) {
        let span = at.duration_since(self.sandbox.now()).max(SignedDuration::ZERO);
        if is_up { self.wait(span) } else { self.sandbox.move_clock(span) }
    }

    /// Somebody does something; of the webhooks that come of it, or wait since, those that are lost
    /// stand in GitHub's log alone.
    pub(crate) fn does(
        &self,
        person: &str,
        act: impl FnOnce(&mut Acting<'_>) -> Result<(), Refusal>,
        mut is_lost: impl FnMut() -> bool,
    ) {
        self.act_alone(person, act);
        for event in self.take_held() {
            let is_lost = is_lost();
            self.logs(event.clone(), if is_lost { 502 } else { 202 });
            if !is_lost {
                self.deliver(&event);
            }
        }
    }

    /// GitHub notes in its log how a delivery ended.
    pub(crate) fn logs(&self, event: OutgoingEvent, status_code: u16) {
        let outcome = Outcome {
            status: if status_code < 300 { "OK" } else { "failed to connect to host" }.to_owned(),
            status_code,
            seconds: 0.1,
            answer: String::new(),
        };
        let delivered_at = self.sandbox.now();
        let (url, headers) = ("http://bot/webhooks/github".to_owned(), BTreeMap::new());
        let sent = Delivery { id: 0, event, delivered_at, url, headers, outcome };
        self.sandbox.with(|state| state.log_delivery(sent));
    }

    /// Looks for what never came, and works until all is quiet.
    pub(crate) fn sweeps(&self) -> (Looked, Looked) {
        let webhooks = self.runtime.block_on(self.engine.sweep_webhooks()).expect("a log or none");
        self.settle();
        let issues = self.runtime.block_on(self.engine.sweep_issues()).expect("issues");
        self.settle();
        (webhooks, issues)
    }

    /// How the last look at GitHub's log failed.
    pub(crate) fn fails_to_sweep(&self) -> String {
        let failed = self.runtime.block_on(self.engine.sweep_webhooks());
        failed.expect_err("a fault").to_string()
    }
}
