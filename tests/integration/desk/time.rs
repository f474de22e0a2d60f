//! How time passes at the desk: by hand, and what comes due on the way is done on the way.

use jiff::SignedDuration;

use super::{Desk, ROUNDS_MAX};

/// Between two writes that nobody waits for.
const WRITING_GAP: SignedDuration = SignedDuration::from_secs(1);

impl Desk {
    /// What nobody waits for is written a second apart. False if nothing waits for that.
    pub(super) async fn let_a_second_pass(&self) -> bool {
        let now = self.sandbox.now();
        let next = self.store.next_due_at(now).await.expect("an answer");
        let gap = next.map(|next| next.duration_since(now));
        let is_near = |gap: &SignedDuration| gap.is_positive() && *gap <= WRITING_GAP;
        let Some(gap) = gap.filter(is_near) else { return false };
        self.sandbox.move_clock(gap);
        true
    }

    /// Time passes; what comes due on the way is done on the way.
    pub(crate) fn wait(&self, span: SignedDuration) {
        let target = self.sandbox.now() + span;
        for _ in 0..ROUNDS_MAX {
            let now = self.sandbox.now();
            let next = self.runtime.block_on(self.store.next_due_at(now)).expect("an answer");
            let Some(next) = next.filter(|next| *next > now && *next < target) else { break };
            self.sandbox.move_clock(next.duration_since(now));
            self.settle();
        }
        self.sandbox.move_clock(target.duration_since(self.sandbox.now()));
        self.settle();
    }

    pub(crate) fn wait_days(&self, days: i64) {
        self.wait(SignedDuration::from_hours(24 * days));
    }
}
