//! What goes wrong in a world: calls that fail, post that is late, lost or doubled, crashes.

use std::time::Duration;

use keydesk::engine::Accepted;
use keydesk::engine::sweep::Looked;
use keydesk::sandbox::github::{CallFault, CallFaultKind};
use keydesk::sandbox::state::OutgoingEvent;

use super::world::{STEPS_MAX, Taken, World, told};

/// So often the bot looks in a row where something keeps it from looking to the end.
const SWEEPS_MAX: usize = 6;

impl World {
    /// GitHub will fail, perhaps.
    pub(super) fn plan_fault(&mut self) {
        if !self.trouble.has_faults || self.dice.below(3) > 0 {
            return;
        }
        let mut kinds = vec![
            CallFaultKind::Unreachable,
            CallFaultKind::Limited(Duration::from_secs(60)),
            CallFaultKind::Limited(Duration::from_secs(60)),
            CallFaultKind::UnclearBefore,
            CallFaultKind::UnclearAfter,
            CallFaultKind::UnclearAfter,
            // GitHub works on a request for ten seconds at most.
            CallFaultKind::UnclearLate(Duration::from_secs(1 + self.dice.below(10) as u64)),
        ];
        let mut call = self.dice.once_in(2).then_some("create_comment");
        if self.trouble.has_refusals && self.dice.once_in(3) {
            kinds = vec![CallFaultKind::Refused(403), CallFaultKind::Refused(422)];
            let writes = ["create_comment", "put_issue_labels", "put_issue_state", "put_comment"];
            call = Some(self.dice.one_of(&writes));
        }
        let kind = self.dice.one_of(&kinds);
        let fault =
            CallFault { call, skip: self.dice.below(4), times: 1 + self.dice.below(2), kind };
        self.note(format!("GitHub will fail: {fault:?}"));
        self.desk.github.fail(fault);
    }

    /// Some of the post arrives, some of it stays with GitHub a while longer.
    pub(super) fn post_comes(&mut self) {
        let count = self.late.len();
        for _ in 0..count {
            if self.late.is_empty() || self.trouble.is_late && self.dice.once_in(3) {
                continue;
            }
            let is_out_of_order = self.trouble.is_disordered && self.dice.once_in(4);
            let at = if is_out_of_order { self.dice.below(self.late.len()) } else { 0 };
            let event = self.late.remove(at);
            if self.trouble.is_disordered && self.dice.once_in(10) {
                self.lose(event);
                continue;
            }
            if self.trouble.has_crashes && self.dice.once_in(6) {
                self.crash_over(event, at);
                continue;
            }
            self.deliver(&event);
            self.send_again(&event);
        }
    }

    /// All of it arrives, and what is lost is looked for.
    pub(super) fn post_comes_at_last(&mut self) {
        while !self.late.is_empty() {
            let is_out_of_order = self.trouble.is_disordered && self.dice.once_in(4);
            let at = if is_out_of_order { self.dice.below(self.late.len()) } else { 0 };
            let event = self.late.remove(at);
            self.deliver(&event);
        }
        self.sweep();
    }

    /// GitHub delivers again what it had delivered; or somebody finds it who looks for what was
    /// missed, under a name of his own.
    fn send_again(&mut self, event: &OutgoingEvent) {
        if !self.trouble.has_doubles || !self.dice.once_in(5) {
            return;
        }
        let mut again = event.clone();
        let has_own_key =
            event.event == "issue_comment" || event.action.as_deref() == Some("opened");
        if has_own_key && self.dice.once_in(2) {
            again.guid = format!("{}-found", event.guid);
        }
        if self.dice.once_in(2) {
            self.late.push(again);
        } else {
            self.deliver(&again);
        }
    }

    /// GitHub gave up delivering this; what became of it stands in its log for three days.
    fn lose(&mut self, event: OutgoingEvent) {
        self.note(format!("{} is lost", told(&event)));
        self.desk.logs(event.clone(), 502);
        self.lost.push(event);
    }

    /// An event arrives, and the bot does what comes of it. None if it is not acknowledged.
    pub(super) fn deliver(&mut self, event: &OutgoingEvent) -> Option<Accepted> {
        let call_count = self.desk.github.seen_calls().len();
        let accepted = self.desk.accepts_within(event, STEPS_MAX);
        self.desk.logs(event.clone(), 202);
        self.note(format!("{} arrives: {accepted:?}", told(event)));
        if accepted == Some(Accepted::Kept) && self.taken.contains_key(&event.guid) {
            self.kept_twice.push(event.guid.clone());
        }
        self.work();
        let is_handled_at_once = self.state_of(&event.guid).as_deref() == Some("done");
        let taken = Taken { call_count, is_handled_at_once };
        self.taken.entry(event.guid.clone()).or_insert(taken);
        self.collect();
        accepted
    }

    /// The process dies while it takes a delivery in or works on it, and begins anew.
    fn crash_over(&mut self, event: OutgoingEvent, at: usize) {
        let call_count = self.desk.github.seen_calls().len();
        let steps = if self.dice.once_in(4) { self.dice.below(3) } else { STEPS_MAX };
        let accepted = self.desk.accepts_within(&event, steps);
        self.note(format!("{} arrives: {accepted:?}, and then a crash", told(&event)));
        if accepted.is_some() {
            self.desk.logs(event.clone(), 202);
            let taken = Taken { call_count, is_handled_at_once: false };
            self.taken.entry(event.guid).or_insert(taken);
        } else if self.trouble.is_swept {
            self.lose(event);
        } else {
            let at = at.min(self.late.len());
            self.late.insert(at, event);
        }
        self.crash_at_work();
    }

    /// The process dies while it works, or before it began to, and begins anew: somewhere, or where
    /// it hurts most, when a comment is posted and nobody knows of it yet.
    pub(super) fn crash_at_work(&mut self) {
        let most = self.dice.one_of(&[12, 30, 90, STEPS_MAX]);
        let steps = if most == STEPS_MAX { STEPS_MAX } else { self.dice.below(most) };
        let workers = self.trouble.worker_count;
        let (desk, dice) = (&self.desk, &mut self.dice);
        let posted = || desk.github.seen_calls().iter().filter(|call| call.is_post()).count();
        let before = posted();
        desk.work_side_by_side((workers, steps), |among| {
            let is_reached = steps == STEPS_MAX && posted() > before;
            (!is_reached).then(|| dice.below(among))
        });
        self.dies();
        self.work();
        self.collect();
    }

    fn dies(&mut self) {
        self.desk.start_again();
        self.crashes.push(self.desk.github.seen_calls().len());
    }

    /// The bot looks in GitHub's log for what never came.
    pub(super) fn sweep(&mut self) {
        for _ in 0..SWEEPS_MAX {
            if !self.trouble.is_swept {
                return;
            }
            let may_die = self.trouble.has_crashes && self.dice.once_in(6);
            let steps = if may_die { self.dice.below(40) } else { STEPS_MAX };
            let looked = self.desk.sweeps_within(steps);
            self.note(format!("the bot looked for what never came: {looked:?}"));
            if looked.is_none() {
                self.dies();
            }
            self.note_found();
            self.work();
            self.collect();
            if looked == Some(Ok(Looked::Done)) {
                return;
            }
        }
    }

    /// What was lost and is in the bot's hands by now is lost no more.
    fn note_found(&mut self) {
        let taken = Taken { call_count: usize::MAX, is_handled_at_once: false };
        for event in std::mem::take(&mut self.lost) {
            if self.state_of(&event.guid).is_some() {
                self.taken.entry(event.guid).or_insert(taken);
            } else {
                self.lost.push(event);
            }
        }
    }

    fn state_of(&self, guid: &str) -> Option<String> {
        let mut statement =
            self.eye.prepare_cached("SELECT state FROM deliveries WHERE guid = ?1").expect("SQL");
        statement.query_row([guid], |row| row.get(0)).ok()
    }
}
