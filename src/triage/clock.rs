//! A ticket's clock: what is due when, when it stands still, and what is only told of.
//!
//! It runs for one turn, from GitHub's timestamp of what gave the turn. It stands still while
//! nobody of the desk is there and while somebody snoozed the ticket.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;

use super::event::Stamp;
use super::ticket::{Ticket, Turn};
use super::{escalation, silence};
use crate::policy::calendar::Rest;
use crate::policy::{Policy, Span};

/// What withholds the reminder in a ticket's list of steps; steps of the ladder belong to the
/// other turn.
pub(super) const REMINDER: &str = "reminder";

/// Why a clock stands still.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standstill {
    /// Somebody snoozed it until then.
    Snoozed(Timestamp),
    /// Nobody is there until that day is over, and why.
    Away(Date, String),
}

impl fmt::Display for Standstill {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Snoozed(until) => write!(formatter, "snoozed until {until}"),
            Self::Away(until, why) if why.is_empty() => write!(formatter, "away until {until}"),
            Self::Away(until, why) => write!(formatter, "away until {until} ({why})"),
        }
    }
}

/// Why the clock of a ticket stands still now; none while it runs, or where there is none to run.
pub fn standstill(ticket: &Ticket, policy: &Policy, now: Timestamp) -> Option<Standstill> {
    if !ticket.is_open || ticket.turn == Turn::Nobody {
        return None;
    }
    if let Some(until) = ticket.snoozed_until.filter(|until| now < *until) {
        return Some(Standstill::Snoozed(until));
    }
    let away = policy.clock.away_on(policy.clock.date_of(now))?;
    Some(Standstill::Away(away.until, away.why.clone()))
}

/// Leaves what is overdue already to be told of, not done, in this turn. Returns whether
/// something was.
pub fn withhold_overdue(ticket: &mut Ticket, policy: &Policy, now: Timestamp) -> bool {
    if !ticket.is_open {
        return false;
    }
    let overdue = match ticket.turn {
        Turn::Maintainers => escalation::overdue_steps(ticket, policy, now),
        Turn::Requester => {
            let is_due = silence::next_step_at(ticket, policy).is_some_and(|due_at| due_at <= now);
            if is_due { vec![REMINDER.to_owned()] } else { Vec::new() }
        }
        Turn::Nobody => Vec::new(),
    };
    ticket.withheld.extend(overdue.iter().cloned());
    !overdue.is_empty()
}

impl Ticket {
    /// When so much time of this turn's clock has passed since `since`.
    pub(super) fn due_at(&self, policy: &Policy, since: Timestamp, span: &Span) -> Timestamp {
        policy.clock.after_resting(since, span, &self.rests)
    }

    /// Starts the clock of a new turn. A snooze that came later and was heard of before stays.
    pub(super) fn start_clock(&mut self, stamp: Stamp) {
        self.turn_since = self.clock_since(stamp);
        self.reminded_at = None;
        self.rests.retain(|rest| rest.from >= stamp.at);
        self.end_earlier_snooze(stamp);
        self.forget_steps();
    }

    /// A turn that begins ends a snooze of the one before.
    pub(super) fn end_earlier_snooze(&mut self, stamp: Stamp) {
        if self.sets_snooze(stamp) {
            self.snoozed_until = None;
            self.rests.clear();
        }
    }

    /// Every step of the ladder may be taken again.
    pub(super) fn forget_steps(&mut self) {
        self.climbed.clear();
        self.withheld.clear();
    }

    /// Stops the clock for a while; a rest that goes on is replaced from now on.
    pub(super) fn snooze(&mut self, rest: Rest) {
        self.wake_up(rest.from);
        self.snoozed_until = Some(rest.until);
        self.rests.push(rest);
    }

    /// Ends a rest, at the latest now. False if there was none.
    pub(super) fn wake_up(&mut self, now: Timestamp) -> bool {
        let was_asleep = self.snoozed_until.take().is_some();
        if let Some(rest) = self.rests.last_mut().filter(|_| was_asleep) {
            rest.until = rest.until.min(now).max(rest.from);
        }
        was_asleep
    }
}
