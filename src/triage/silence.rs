//! The requester's silence: one reminder, then the end. Never where no human has answered yet.

use jiff::Timestamp;

use super::clock::REMINDER;
use super::draft::Draft;
use super::escalation::waited;
use super::ticket::{Ticket, Turn};
use crate::policy::{CloseAs, Policy};

/// When silence calls for the next step.
/// Under a lock nobody can answer, and nothing can be said.
pub(super) fn next_step_at(ticket: &Ticket, policy: &Policy) -> Option<Timestamp> {
    ticket.answered_at?;
    if ticket.is_locked {
        return None;
    }
    match ticket.reminded_at {
        None if ticket.withheld.iter().any(|step| step == REMINDER) => None,
        None => {
            let span = policy.silence.remind_after.as_ref()?;
            Some(ticket.due_at(policy, ticket.turn_since, span))
        }
        Some(reminded_at) => {
            let span = policy.silence.close_after.as_ref()?;
            Some(ticket.due_at(policy, reminded_at, span))
        }
    }
}

/// Reminds, or closes, if that is due.
pub(super) fn step(draft: &mut Draft) {
    let ticket = &draft.ticket;
    if !ticket.is_open || ticket.snoozed_until.is_some() || ticket.turn != Turn::Requester {
        return;
    }
    let is_due =
        next_step_at(ticket, draft.case.policy).is_some_and(|due_at| due_at <= draft.case.now);
    if !is_due {
        return;
    }
    if ticket.reminded_at.is_none() {
        remind(draft, "The requester has been silent for long and is reminded once.");
    } else {
        let facts = draft.facts();
        draft.say("closed-silent", facts);
        draft.close(
            CloseAs::NotPlanned,
            "No answer came after the reminder, so the ticket is closed.",
        );
    }
}

/// Reminds the requester, now.
fn remind(draft: &mut Draft, why: &str) {
    draft.ticket.reminded_at = Some(draft.case.now);
    let mut facts = draft.facts();
    facts.waited = waited(draft);
    facts.closes_after =
        draft.case.policy.silence.close_after.as_ref().map(ToString::to_string).unwrap_or_default();
    draft.say("reminder", facts);
    draft.because(why);
}
