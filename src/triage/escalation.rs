//! The ladder: what happens while it is the maintainers' turn for too long.

use jiff::Timestamp;

use super::action::Action;
use super::draft::Draft;
use super::ticket::{Ticket, Turn};
use crate::policy::{EscalationStep, Policy};

/// When the next step of the ladder is due.
pub(super) fn next_step_at(ticket: &Ticket, policy: &Policy) -> Option<Timestamp> {
    let open_steps = policy.escalation.iter().filter(|step| !ticket.climbed.contains(&step.name));
    open_steps.map(|step| policy.clock.after(ticket.turn_since, &step.after)).min()
}

/// Climbs every step that is due, each once in a turn.
pub(super) fn climb(draft: &mut Draft) {
    let is_snoozed = draft.ticket.snoozed_until.is_some();
    if !draft.ticket.is_open || is_snoozed || draft.ticket.turn != Turn::Maintainers {
        return;
    }
    let policy = draft.case.policy;
    for step in &policy.escalation {
        let due_at = policy.clock.after(draft.ticket.turn_since, &step.after);
        if due_at <= draft.case.now && !draft.ticket.climbed.contains(&step.name) {
            let why = format!("It has been the desk's turn for {}: {}.", step.after, step.name);
            take(draft, step, &why);
        }
    }
}

/// Takes one step now: label, mention, assign, notify, in that order. The labels follow from the
/// step being climbed.
pub(super) fn take(draft: &mut Draft, step: &EscalationStep, why: &str) {
    draft.ticket.climbed.push(step.name.clone());
    draft.because(why);
    if !step.mention.is_empty() {
        let mut facts = draft.facts();
        facts.step.clone_from(&step.name);
        facts.mention.clone_from(&step.mention);
        facts.waited = waited(draft);
        draft.say("escalated", facts);
    }
    if let Some(login) = assignee(draft, step) {
        draft.act(Action::Assign(login));
    }
    if let Some(chat) = &step.notify {
        let text = format!("Ticket #{}: {}", draft.ticket.number, step.name);
        draft.notify(chat, text);
    }
}

/// The person the step names, or the next of the rota. The rota turns with the issue numbers:
/// everybody's share is even, and the same ticket always finds the same person.
fn assignee(draft: &Draft, step: &EscalationStep) -> Option<String> {
    let assign = step.assign.as_deref()?;
    if !draft.ticket.assignees.is_empty() {
        return None;
    }
    let members = &draft.case.policy.rota.members;
    let login = if assign == "rota" {
        let turn = usize::try_from(draft.ticket.number.0).unwrap_or(0);
        members.get(turn.checked_rem(members.len())?)?
    } else {
        assign
    };
    Some(login.trim_start_matches('@').to_owned())
}

/// How long it has been this turn, in words: whole days, or hours in the first two days.
pub(super) fn waited(draft: &Draft) -> String {
    let seconds = draft.case.now.duration_since(draft.ticket.turn_since).as_secs().max(0);
    let (count, unit) = match seconds {
        0..=119 => (seconds, "second"),
        120..=7_199 => (seconds / 60, "minute"),
        7_200..=172_799 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}
